"""Calendar functions, and the two that read the clock."""

import calendar
from datetime import date, datetime

from ..budget import current
from ..values import Value
from ..wide import Day, Moment, WideDateTime, combine, make_date, stand_in, time_of
from .registry import builtin, define


def _alike(day: Day | Moment) -> date:
    """The same day of a year with the same calendar."""
    return stand_in(day.year, day.month, day.day)


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

define("day of year", "date: dates", lambda day: _alike(day).timetuple().tm_yday)
define("day of week", "date: dates", lambda day: _DAYS[_alike(day).weekday()])
define("month of year", "date: dates", lambda day: _MONTHS[day.month - 1])
define("week of year", "date: dates", lambda day: _alike(day).isocalendar().week)
define("now", "", lambda: current().clock())
define("today", "", lambda: current().clock().date())


@builtin("last day of month", "date: dates")
def last_day_of_month(day: Day | Moment) -> Value:
    """The last day of the month; for a date and time, at the same time of that day."""
    same = _alike(day)
    last = make_date(day.year, day.month, calendar.monthrange(same.year, same.month)[1])
    return combine(last, time_of(day)) if isinstance(day, datetime | WideDateTime) else last
