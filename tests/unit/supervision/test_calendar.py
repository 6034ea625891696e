"""The working calendar counts as the notices of the State Council say, and says which years it does not know."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.working_days import DayOverride
from engine.supervision.calendar import UnknownYear, seeded

CALENDAR = seeded()
known_days = st.dates(date(2010, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 3, 2), True),
        (date(2026, 3, 7), False),
        (date(2026, 2, 17), False),
        (date(2026, 2, 14), True),
        (date(2024, 2, 4), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
    ],
)
def test_days(day: date, worked: bool) -> None:
    """Holidays are off, make-up weekends are worked."""
    assert CALENDAR.is_workday(day) is worked


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2027, 1, 4)])
def test_an_unknown_year_is_said(day: date) -> None:
    """Never guessed from weekdays, also when a count leads through it."""
    with pytest.raises(UnknownYear) as caught:
        CALENDAR.is_workday(day)
    assert caught.value.year == day.year
    with pytest.raises(UnknownYear):
        CALENDAR.add_workdays(date(2026, 12, 25), 10)
    with pytest.raises(UnknownYear):
        CALENDAR.add_workdays(date(2004, 1, 5), -10)
    with pytest.raises(UnknownYear):
        CALENDAR.workdays_between(date(2026, 12, 25), date(2027, 1, 5))


def test_the_office_enters_the_notice_of_a_year() -> None:
    """Then it is counted like any other; the version tells the difference, the seed is as it was."""
    first = date(2027, 1, 1)
    notice = [
        DayOverride(day=first, working=False, source="国办发明电"),
        DayOverride(day=date(2027, 1, 2), working=True, source=""),
    ]
    longer = CALENDAR.with_year(2027, notice)
    assert longer.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 2)
    assert longer.is_workday(date(2027, 1, 4))
    assert longer.version != CALENDAR.version
    with pytest.raises(UnknownYear):
        CALENDAR.is_workday(first)


def test_overrides_win_over_the_seed() -> None:
    """An office closes for a day, or works on a Sunday; both directions, and back."""
    monday, sunday = date(2026, 3, 2), date(2026, 3, 8)
    closed = CALENDAR.with_overrides(
        [DayOverride(day=monday, working=False, source="停电"), DayOverride(day=sunday, working=True, source="补班")]
    )
    assert (closed.is_workday(monday), closed.is_workday(sunday)) == (False, True)
    again = closed.with_overrides([DayOverride(day=monday, working=True, source="恢复")])
    assert again.is_workday(monday)
    assert CALENDAR.is_workday(monday)


@settings(deadline=None)
@given(known_days, st.integers(0, 200))
def test_adding_and_counting_agree(start: date, amount: int) -> None:
    """The n-th working day after a day is n working days away, and is worked."""
    end = CALENDAR.add_workdays(start, amount)
    assert CALENDAR.workdays_between(start, end) == amount
    assert amount == 0 or CALENDAR.is_workday(end)


@settings(deadline=None)
@given(known_days, st.integers(1, 200))
def test_going_back_is_going_forth(start: date, amount: int) -> None:
    """From a working day, back and forth leads home."""
    home = CALENDAR.next_workday(start)
    back = CALENDAR.add_workdays(home, -amount)
    assert CALENDAR.add_workdays(back, amount) == home


@settings(deadline=None)
@given(known_days, st.integers(0, 500))
def test_counting_is_what_a_naive_clerk_counts(start: date, days: int) -> None:
    """Day by day, with `is_workday`."""
    end = start + timedelta(days=days)
    naive = (
        sum(CALENDAR.is_workday(start + timedelta(days=n)) for n in range(1, days + 1)) if end.year <= 2026 else None
    )
    if naive is not None:
        assert CALENDAR.workdays_between(start, end) == naive


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
@settings(deadline=None)
@given(day=st.dates(date(2010, 1, 1), date(2026, 12, 30)))
def test_days_have_no_gaps_in_any_zone(zone: str, day: date) -> None:
    """A day ends where the next begins, also when clocks change; every instant belongs to one day."""
    calendar = seeded(zone)
    begin, end = calendar.start_of(day), calendar.end_of(day)
    assert end == calendar.start_of(day + timedelta(days=1))
    assert timedelta(hours=22) < end - begin < timedelta(hours=26)
    assert calendar.day_of(begin) == calendar.day_of(end - timedelta(microseconds=1)) == day


def test_the_local_day_is_that_of_the_zone() -> None:
    """Five in the afternoon in London is tomorrow in Shenyang."""
    assert CALENDAR.day_of(datetime(2026, 3, 1, 17, tzinfo=UTC)) == date(2026, 3, 2)
    assert CALENDAR.day_of(datetime(2026, 3, 2, 1, tzinfo=ZoneInfo("Asia/Shanghai"))) == date(2026, 3, 2)
