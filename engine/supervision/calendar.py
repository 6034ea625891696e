"""The working calendar: which days are worked, in which years it knows, and counting on it.

Seeded from `chinesecalendar` (MIT), which repeats the yearly notices of the State Council: holidays and the weekend
days on which work is made up (调休). A year that it does not know is not guessed: every question about it raises
`UnknownYear`, until the office has entered the notice (`with_year`) or overrides (`with_overrides`). The notice for
the next year comes in November.

Everything is a value: a changed calendar is another calendar with another `version`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.model.working_days import DayOverride

SHANGHAI = "Asia/Shanghai"
_SATURDAY = 5


class UnknownYear(ValueError):
    """The calendar does not know the holidays and make-up workdays of a year."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the working calendar does not know {year}")
        self.year = year


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Days off and worked weekends of the years it knows.

    off: days that would be worked and are not, weekends that are off anyway allowed. worked: weekend days that are.
    version: names the notices and overrides that it was made from; goes into the evidence.
    """

    version: str
    years: frozenset[int]
    off: frozenset[date]
    worked: frozenset[date]
    zone: ZoneInfo
    _cache: dict[int, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def is_workday(self, day: date) -> bool:
        """Whether the office works. Raises UnknownYear."""
        if day.year not in self.years:
            raise UnknownYear(day.year)
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def add_workdays(self, start: date, amount: int) -> date:
        """The amount-th working day after the start (which does not count); before it for a negative amount.

        Amount 0 is the start itself. Raises UnknownYear when the way leads through an unknown year.
        """
        if amount == 0:
            return start
        day, left, step = start, abs(amount), 1 if amount > 0 else -1
        year = start.year
        while True:
            days = self._workdays(year)
            at = day.toordinal()
            usable = days[bisect_right(days, at) :] if step > 0 else days[: bisect_left(days, at)][::-1]
            if len(usable) >= left:
                return date.fromordinal(usable[left - 1])
            left -= len(usable)
            year += step
            day = date(year, 1, 1) - timedelta(1) if step > 0 else date(year, 12, 31) + timedelta(1)

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after the start up to and with the end; 0 when the end is not after it. Raises UnknownYear."""
        if end <= start:
            return 0
        total = 0
        for year in range(start.year, end.year + 1):
            days = self._workdays(year)
            total += bisect_right(days, end.toordinal()) - bisect_right(days, start.toordinal())
        return total

    def next_workday(self, day: date) -> date:
        """The day itself when it is worked, else the first one after it. Raises UnknownYear."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def day_of(self, moment: datetime) -> date:
        """The local day of an aware instant."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The instant at which a local day is over, in UTC: midnight, also on the day of a clock change."""
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=self.zone).astimezone(UTC)

    def start_of(self, day: date) -> datetime:
        """The instant at which a local day begins, in UTC."""
        return self.end_of(day - timedelta(days=1))

    def with_overrides(self, overrides: Iterable[DayOverride]) -> "Calendar":
        """A calendar in which these days are as declared. A day of an unknown year changes nothing of the year."""
        off, worked, marks = set(self.off), set(self.worked), []
        for one in sorted(overrides, key=lambda override: override.day):
            (worked if one.working else off).add(one.day)
            (off if one.working else worked).discard(one.day)
            marks.append(f"{one.day:%Y%m%d}{'+' if one.working else '-'}")
        version = "+".join([self.version, *marks])
        return Calendar(version=version, years=self.years, off=frozenset(off), worked=frozenset(worked), zone=self.zone)

    def with_year(self, year: int, overrides: Iterable[DayOverride]) -> "Calendar":
        """A calendar that knows one more year: weekends off, and these days as the notice says."""
        known = Calendar(
            version=f"{self.version}+{year}",
            years=self.years | {year},
            off=frozenset(day for day in self.off if day.year != year),
            worked=frozenset(day for day in self.worked if day.year != year),
            zone=self.zone,
        )
        return known.with_overrides(one for one in overrides if one.day.year == year)

    def _workdays(self, year: int) -> tuple[int, ...]:
        """Ordinals of the year's working days."""
        if year not in self.years:
            raise UnknownYear(year)
        found = self._cache.get(year)
        if found is None:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            found = tuple(one for one in range(first, last + 1) if self.is_workday(date.fromordinal(one)))
            self._cache[year] = found
        return found


@lru_cache(maxsize=8)
def seeded(zone: str = SHANGHAI) -> Calendar:
    """The calendar of the State Council's notices that the library knows (1.11.0: 2004 to 2026)."""
    from chinese_calendar import constants  # noqa: PLC0415 -- 600 dates that most commands do not need

    off, worked = frozenset(constants.holidays), frozenset(constants.workdays)
    years = frozenset(day.year for day in off)
    version = f"国务院办公厅放假通知 {min(years)}-{max(years)}"
    return Calendar(version=version, years=years, off=off, worked=worked, zone=ZoneInfo(zone))
