"""Calendar functions, and the two that read the clock."""

import calendar
from datetime import date, datetime

from ..budget import current
from ..values import Value
from .registry import builtin, define

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

define("day of year", "date: dates", lambda day: day.timetuple().tm_yday)
define("day of week", "date: dates", lambda day: _DAYS[day.weekday()])
define("month of year", "date: dates", lambda day: _MONTHS[day.month - 1])
define("week of year", "date: dates", lambda day: day.isocalendar().week)
define("now", "", lambda: current().clock())
define("today", "", lambda: current().clock().date())


@builtin("last day of month", "date: dates")
def last_day_of_month(day: date) -> Value:
    """The last day of the month; for a date and time, at the same time of that day."""
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=last) if isinstance(day, date | datetime) else None
