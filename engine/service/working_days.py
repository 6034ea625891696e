"""Working days of timers, by the working calendar."""

from datetime import UTC, datetime

from engine.model.errors import Refused
from engine.supervision.calendar import Calendar, UnknownYear


def after(known: Calendar, start: datetime, days: int) -> datetime:
    """The same time of day on the days-th working day after an instant, whose own day does not count. UTC.

    Raises Refused when the way leads through a year whose holidays are not known yet.
    """
    local = start.astimezone(known.zone)
    try:
        day = known.add_workdays(local.date(), days)
    except UnknownYear as error:
        raise Refused(
            "calendar.unknown_year",
            f"the holidays of {error.year} are not known yet, so {days} working days cannot be counted",
            params={"year": str(error.year), "days": str(days)},
        ) from error
    return local.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)
