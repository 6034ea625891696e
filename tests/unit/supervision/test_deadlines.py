"""Terms end when the law says, pauses stop the clock, lights change at the right instant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.findings import Light
from engine.model.working_days import Pause, Term, TermUnit, WarnUnit
from engine.supervision import deadlines
from engine.supervision.calendar import seeded

CALENDAR = seeded()
SHANGHAI = ZoneInfo("Asia/Shanghai")
starts = st.datetimes(datetime(2012, 1, 1), datetime(2024, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
units = st.sampled_from(TermUnit)
lengths = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=3)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]


def term(
    amount: int, unit: TermUnit = TermUnit.WORKDAY, warn: int = 80, warn_unit: WarnUnit = WarnUnit.PERCENT
) -> Term:
    return Term(amount=amount, unit=unit, warn=warn, warn_unit=warn_unit)


def paused(begin: datetime, end: datetime | None) -> Pause:
    return Pause(from_at=begin, until_at=end, kind="hearing")


@pytest.mark.parametrize(
    ("unit", "amount", "start", "due"),
    [
        (TermUnit.WORKDAY, 20, local(2026, 1, 5, 9), local(2026, 2, 3)),
        (TermUnit.WORKDAY, 20, local(2026, 1, 5, 23, 59), local(2026, 2, 3)),
        (TermUnit.WORKDAY, 3, local(2026, 2, 13, 16), local(2026, 2, 26)),
        (TermUnit.DAY, 60, local(2026, 1, 5), local(2026, 3, 7)),
        (TermUnit.DAY, 60, local(2026, 1, 6), local(2026, 3, 10)),
        (TermUnit.DAY, 10, local(2026, 9, 22), local(2026, 10, 9)),
        (TermUnit.HOUR, 36, local(2026, 3, 2, 9, 30), local(2026, 3, 3, 21, 30)),
    ],
)
def test_due(unit: TermUnit, amount: int, start: datetime, due: datetime) -> None:
    """The first day does not count; make-up Saturdays do; a last day that is not worked moves on; hours run through."""
    assert deadlines.due(term(amount, unit), start, CALENDAR) == due


def test_the_light_changes_at_the_instant() -> None:
    """One microsecond before, and at it."""
    start, twenty, tick = local(2026, 1, 5, 9), term(20), timedelta(microseconds=1)
    at = deadlines.standing(twenty, start, start, CALENDAR)
    assert (at.due_at, at.warn_at, at.last_day) == (local(2026, 2, 3), local(2026, 1, 27), date(2026, 2, 2))
    lights = [
        deadlines.standing(twenty, start, moment, CALENDAR, reset_due_at=local(2026, 2, 10)).light
        for due in (at.warn_at, at.due_at, local(2026, 2, 10))
        for moment in (due - tick, due)
    ]
    assert lights == [Light.GREEN, Light.YELLOW, Light.YELLOW, Light.RED, Light.RED, Light.RED_AGAIN]


def test_a_warning_working_days_before() -> None:
    """Three working days before Monday 2 February is Wednesday 28 January; never before the start."""
    warned = term(20, warn=3, warn_unit=WarnUnit.WORKDAYS_BEFORE)
    assert deadlines.standing(warned, local(2026, 1, 5), local(2026, 1, 5), CALENDAR).warn_at == local(2026, 1, 28)
    short = term(1, warn=3, warn_unit=WarnUnit.WORKDAYS_BEFORE)
    assert deadlines.standing(short, local(2026, 1, 5, 9), local(2026, 1, 5, 9), CALENDAR).warn_at == local(
        2026, 1, 5, 9
    )


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([(local(2026, 1, 7, 15), local(2026, 1, 9, 8))], local(2026, 1, 15)),
        ([(local(2026, 1, 7, 15), local(2026, 1, 7, 16))], local(2026, 1, 13)),
        ([(local(2026, 1, 7), local(2026, 1, 9)), (local(2026, 1, 8), local(2026, 1, 10))], local(2026, 1, 16)),
        ([(local(2026, 1, 10), local(2026, 1, 12))], local(2026, 1, 13)),
        ([(local(2026, 2, 1), local(2026, 2, 20))], local(2026, 1, 13)),
    ],
)
def test_pauses_in_working_days(pauses: list[tuple[datetime, datetime]], due: datetime) -> None:
    """From its first day to the day before its last; an hour stops nothing; overlap counts once; a weekend is none."""
    made = [paused(*one) for one in pauses]
    assert deadlines.due(term(6), local(2026, 1, 4), CALENDAR, made) == due


def test_an_open_pause_moves_the_end_day_by_day() -> None:
    """And says that it lasts."""
    began = paused(local(2026, 1, 7), None)
    ends = [
        deadlines.standing(term(6), local(2026, 1, 4), local(2026, 1, day), CALENDAR, pauses=[began]) for day in (8, 9)
    ]
    assert [one.due_at for one in ends] == [local(2026, 1, 14), local(2026, 1, 15)]
    assert all(one.paused for one in ends)


def test_hours_stand_still_to_the_minute() -> None:
    """Also over a pause that began before the start."""
    pauses = [
        paused(local(2026, 3, 1), local(2026, 3, 2, 10)),
        paused(local(2026, 3, 2, 20), local(2026, 3, 2, 20, 30)),
    ]
    start = local(2026, 3, 2, 9)
    assert deadlines.due(term(24, TermUnit.HOUR), start, CALENDAR, pauses) == local(2026, 3, 3, 10, 30)
    standing = deadlines.standing(term(24, TermUnit.HOUR), start, local(2026, 3, 2, 21), CALENDAR, pauses=pauses)
    assert standing.used == 10


def test_instants_need_a_zone() -> None:
    """A naive time would be guessed."""
    with pytest.raises(ValueError, match="zone"):
        deadlines.standing(term(1), datetime(2026, 1, 5), local(2026, 1, 6), CALENDAR)  # noqa: DTZ001


@settings(deadline=None)
@given(starts, units, st.integers(0, 60), lengths)
def test_a_pause_never_shortens_and_more_never_ends_sooner(
    start: datetime, unit: TermUnit, amount: int, spans: list[tuple[int, int]]
) -> None:
    """The end moves on with every pause and every further day; the warning lies between start and end."""
    pauses = [paused(start + timedelta(days=begin), start + timedelta(days=begin + length)) for begin, length in spans]
    plain = deadlines.due(term(amount, unit), start, CALENDAR)
    with_pauses = deadlines.due(term(amount, unit), start, CALENDAR, pauses)
    longer = deadlines.due(term(amount + 1, unit), start, CALENDAR, pauses)
    assert plain <= with_pauses <= longer
    standing = deadlines.standing(term(amount, unit), start, with_pauses, CALENDAR, pauses=pauses)
    assert standing.light is Light.RED
    assert standing.warn_at <= standing.due_at


@settings(deadline=None)
@given(starts, units, st.integers(1, 40), lengths)
def test_at_the_end_exactly_the_term_is_used(
    start: datetime, unit: TermUnit, amount: int, spans: list[tuple[int, int]]
) -> None:
    """What is counted on is what is counted up; a moved last day may add days that are not worked."""
    pauses = [paused(start + timedelta(days=begin), start + timedelta(days=begin + length)) for begin, length in spans]
    due = deadlines.due(term(amount, unit), start, CALENDAR, pauses)
    last = due if unit is TermUnit.HOUR else due - timedelta(microseconds=1)
    used = deadlines.standing(term(amount, unit), start, last, CALENDAR, pauses=pauses).used
    assert used == amount if unit is not TermUnit.DAY else used >= amount


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@settings(deadline=None)
@given(start=starts, amount=st.integers(1, 30))
def test_a_clock_change_moves_no_day(zone: str, start: datetime, amount: int) -> None:
    """In zones with summer time a term in days ends at local midnight, a term in hours after exactly so many."""
    calendar = seeded(zone)
    due = deadlines.due(term(amount, TermUnit.DAY), start, calendar).astimezone(calendar.zone)
    assert (due.hour, due.minute) == (0, 0)
    assert deadlines.due(term(amount, TermUnit.HOUR), start, calendar) - start == timedelta(hours=amount)
