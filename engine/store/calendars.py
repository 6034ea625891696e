"""Statements of the working calendar as the office has edited it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from engine.store.work import UnitOfWork

_READ = text("""
    select year, null::date as day, null::boolean as working, source from calendar_year
     union all
    select null, day, working, source from calendar_day
     order by year, day
""")
_LISTED = text("""
    select day, working, source, p.name as person_name, changed_at
      from calendar_day join person p on p.key = person_key
     where day between :first and :last order by day
""")
_YEAR = text("""
    insert into calendar_year (year, source, person_key, changed_at) values (:year, :source, :person, :at)
        on conflict (year) do update set source = excluded.source, person_key = excluded.person_key,
                                         changed_at = excluded.changed_at
""")
_DAY = text("""
    insert into calendar_day (day, working, source, person_key, changed_at)
    values (:day, :working, :source, :person, :at)
        on conflict (day) do update set working = excluded.working, source = excluded.source,
                                        person_key = excluded.person_key, changed_at = excluded.changed_at
""")
_FORGET = text("delete from calendar_day where day = :day")


def read(uow: UnitOfWork) -> Sequence[Any]:
    """Years declared known (year, source), then days (day, working, source)."""
    return uow.rows(_READ)


def days(uow: UnitOfWork, year: int) -> Sequence[Any]:
    """The edited days of a year, with who edited them."""
    return uow.rows(_LISTED, {"first": date(year, 1, 1), "last": date(year, 12, 31)})


def put_year(uow: UnitOfWork, year: int, source: str, person: int, at: datetime) -> None:
    """Declare a year known."""
    uow.write(_YEAR, {"year": year, "source": source, "person": person, "at": at})


def put_day(uow: UnitOfWork, day: date, *, working: bool, source: str, person: int, at: datetime) -> None:
    """Declare a day worked or not."""
    uow.write(_DAY, {"day": day, "working": working, "source": source, "person": person, "at": at})


def forget_day(uow: UnitOfWork, day: date) -> bool:
    """Leave a day to the notice again; False when nothing was declared."""
    return uow.write(_FORGET, {"day": day}) == 1
