"""The supervision dashboard as values: every figure is a number and the filter of the alerts that it counts."""

from dataclasses import dataclass
from datetime import date

from engine.model.alerts import AlertFilter, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many alerts the filter means."""

    count: int
    of: AlertFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """Open alerts of a unit or a business. levels: low to critical; lights: green, yellow, red."""

    name: str
    total: Figure
    levels: tuple[Figure, ...]
    lights: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMonth:
    """What came and what was cleared in a month. first: its first day."""

    first: date
    raised: Figure
    cleared: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCheck:
    """What a check raised in the period, and what became of it."""

    code: str
    name: str
    raised: Figure
    open: Figure
    true: Figure
    false: Figure

    @property
    def confirmed_percent(self) -> int | None:
        """True ones in a hundred that were found true or false; None before there is one."""
        return percent(self.true.count, self.false.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The whole of it. Open figures are of now, the others of the period: whole months, the last one this month.

    took: cleared in the period, by how long it took, as in `Took`. median_days: of these, None when there are none.
    """

    months: int
    open: Figure
    lights: tuple[Figure, ...]
    raised: Figure
    cleared: Figure
    true: Figure
    false: Figure
    units: tuple[BoardRow, ...]
    businesses: tuple[BoardRow, ...]
    trend: tuple[BoardMonth, ...]
    checks: tuple[BoardCheck, ...]
    took: tuple[Figure, ...]
    median_days: int | None

    @property
    def confirmed_percent(self) -> int | None:
        """Of what was raised in the period and verified true or false."""
        return percent(self.true.count, self.false.count)
