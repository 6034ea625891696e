"""Years before 1 and after 9999, and nanoseconds: beside Python's own calendar, and where that ends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import compile_expression, to_text
from engine.feel.temporal import parse_at
from engine.feel.wide import (
    WideDate,
    WideDateTime,
    WideDuration,
    date_of,
    day_number,
    instant_nanoseconds,
    make_duration,
    moment_at,
)

EPOCH = date(1970, 1, 1)
CASES: list[tuple[str, object]] = [
    ('string(date("-0044-03-15"))', "-0044-03-15"),
    ('string(date("9999-12-31") + @"P1D")', "10000-01-01"),
    ('string(@"10000-01-01" - @"P1D")', "9999-12-31"),
    ('string(@"0000-03-01" - @"P1D")', "0000-02-29"),
    ('string(@"9999-12-31T23:00:00Z" + @"PT1H")', "10000-01-01T00:00:00Z"),
    ('string(@"-2021-01-31" + @"P1M")', "-2021-02-28"),
    ('@"-0044-03-15" < @"0001-01-01"', True),
    ('@"12000-01-01" > @"2026-01-05T09:00:00"', True),
    ('@"12000-01-01" = date(12000, 1, 1)', True),
    ('@"-0001-01-01" in [@"-0044-03-15"..@"2026-01-05"]', True),
    ('(@"10001-01-01" - @"9999-01-01").days', 731),
    ('day of week(@"12026-01-05")', "Monday"),
    ('day of year(@"12024-12-31")', 366),
    ('week of year(@"12026-01-05")', 2),
    ('string(last day of month(@"12024-02-05"))', "12024-02-29"),
    ('@"12026-01-05".weekday', 1),
    ('string(time("09:30:00.123456789"))', "09:30:00.123456789"),
    ('string(@"09:30:00.123456789" + @"PT0.000000001S")', "09:30:00.12345679"),
    ('@"2026-01-05T09:30:00.000000001Z" > @"2026-01-05T09:30:00Z"', True),
    ('string(@"2026-01-05T09:30:00.000000001@Asia/Shanghai")', "2026-01-05T09:30:00.000000001@Asia/Shanghai"),
    ('string(@"12026-07-05T09:30:00@Europe/Paris".time offset)', "PT2H"),
    ('string(@"PT0.000000001S" * 3)', "PT0.000000003S"),
    ('string(-@"PT1.000000001S")', "-PT1.000000001S"),
    ('string(abs(@"-PT0.000000001S"))', "PT0.000000001S"),
    ('@"PT0.000000002S" / @"PT0.000000001S"', 2),
    ('string(years and months duration(@"-0001-01-01", @"0001-01-01"))', "P2Y"),
    ('count(for d in @"9999-12-30"..@"10000-01-02" return d)', 4),
    ('string(date(date and time("12000-01-01T10:00:00")))', "12000-01-01"),
    ('string(time(date and time("12000-01-01T10:00:00.5Z")))', "10:00:00.5Z"),
    ('is(@"12000-01-01T10:00:00Z", @"12000-01-01T11:00:00+01:00")', False),
    ('@"12000-01-01T10:00:00Z" = @"12000-01-01T11:00:00+01:00"', True),
    ('@"12000-01-01" instance of date', True),
    ('date("1000000000-01-01")', None),
    ('@"999999999-12-31" + @"P1D"', None),
    ('@"999999999-12-31" + @"P1M"', None),
    ('date("12001-02-29")', None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_far_date_or_a_fine_time_calculates(text: str, expected: object) -> None:
    """Each expression gives the value beside it."""
    assert compile_expression(text)({}) == expected


@given(st.dates())
def test_days_are_those_of_python(day: date) -> None:
    """Within its range the count of days is Python's."""
    assert day_number(day) == (day - EPOCH).days
    assert date_of(day_number(day)) == day


@given(st.integers(-(10**11), 10**11))
def test_days_have_numbers_and_numbers_days(number: int) -> None:
    """For all years there are, both ways."""
    assert day_number(date_of(number)) == number
    assert parse_at(to_text(date_of(number))) == date_of(number)


@given(
    st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Paris")])),
    st.timedeltas(timedelta(days=-800_000), timedelta(days=800_000)),
)
def test_moments_are_those_of_python(moment: datetime, later: timedelta) -> None:
    """Instants, and the moments of instants, where Python has them: across changes of the clocks too."""
    try:
        wanted = (moment.astimezone(UTC) + later).astimezone(moment.tzinfo)
    except OverflowError:
        return
    assert moment.tzinfo is not None
    exact = instant_nanoseconds(moment) + later // timedelta(microseconds=1) * 1000
    if 2 < wanted.year < 9998:
        assert moment_at(exact, moment.tzinfo) == wanted


def test_what_python_can_hold_is_held_by_python() -> None:
    """A value has one class only, so that the fast path is never missed."""
    assert type(parse_at("2026-01-05T09:30:00.123456")) is datetime
    assert type(parse_at("2026-01-05T09:30:00.123456789")) is WideDateTime
    assert type(parse_at("10000-01-01")) is WideDate
    assert type(make_duration(1000)) is timedelta
    assert type(make_duration(1)) is WideDuration
    assert type(compile_expression('@"10000-01-01" - @"P1D"')({})) is date
