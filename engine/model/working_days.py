"""Days, terms and pauses as values: what an editable working calendar and a time limit are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.model.ids import CommandId


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOverride:
    """A day that an office declares to be worked, or not, whatever the calendar says. source: the notice."""

    day: date
    working: bool
    source: str


class TermUnit(StrEnum):
    """Working days (工作日), calendar days (日), hours (小时, round the clock)."""

    WORKDAY = "workday"
    DAY = "day"
    HOUR = "hour"


class WarnUnit(StrEnum):
    """How the yellow light is given: at a share of the term, or working days before its last day."""

    PERCENT = "percent"
    WORKDAYS_BEFORE = "workdays_before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A time limit. amount: at least 0.

    warn: by default 80 per cent of the term.
    """

    amount: int
    unit: TermUnit
    warn: int = 80
    warn_unit: WarnUnit = WarnUnit.PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The clock stands still: for a correction, a hearing, an inspection or an expert review (特别程序).

    Aware instants; until_at is None while it lasts.
    """

    from_at: datetime
    until_at: datetime | None
    kind: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEdit:
    """What an office enters. days: worked or not; None leaves the day to the notice again. source: the notice."""

    command_id: CommandId
    source: str
    years: tuple[int, ...] = ()
    days: tuple[tuple[date, bool | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDayView:
    """A day that is not as its weekday says, or was edited: then source names the notice and person_name who did."""

    day: date
    working: bool
    source: str
    person_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """A year of the working calendar. known: False while there is no notice, so nothing is counted through it."""

    year: int
    known: bool
    version: str
    days: tuple[CalendarDayView, ...]
