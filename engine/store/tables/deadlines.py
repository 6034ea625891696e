"""Time limits that run, what stops their clock, and the working calendar that they are counted on."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from engine.store.tables.base import Base, Key, reference


class Deadline(Base):
    """A time limit of an element instance, or of the whole case (both element columns empty).

    amount: what was promised, else the legal limit; legal: the legal one where it is longer. warn_at, due_at, again_at:
    when the light turns yellow, red and red again; null while `unknown_year` is not in the calendar. reset_at: a term
    set again after it was over. light: as it was turned last. stopped_at: the clock stands still since.
    Written under the lock of the case's row.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("instance_key", "element_instance"),
        Index("deadline_due_idx", "due_at", postgresql_where=text("ended_at is null")),
        Index("deadline_running_idx", "key", postgresql_where=text("ended_at is null")),
    )
    key: Mapped[Key]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    element_id: Mapped[str]
    element_instance: Mapped[str]
    element_name: Mapped[str]
    amount: Mapped[int]
    legal: Mapped[int | None]
    unit: Mapped[str]
    warn: Mapped[int]
    warn_unit: Mapped[str]
    actions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    started_at: Mapped[datetime]
    warn_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    again_at: Mapped[datetime | None]
    reset_at: Mapped[datetime | None]
    light: Mapped[str]
    stopped_at: Mapped[datetime | None]
    unknown_year: Mapped[int | None]
    calendar: Mapped[str]
    ended_at: Mapped[datetime | None]


class ClockPause(Base):
    """The clock of a case stood still: at a node (`element_instance`), or because somebody said so. The reason is in
    the trace."""

    __tablename__ = "clock_pause"
    __table_args__ = (Index("clock_pause_instance_idx", "instance_key", "from_at"),)
    key: Mapped[Key]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    element_instance: Mapped[str]
    kind: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    person_key: Mapped[int | None] = mapped_column(reference("person.key"))


class CalendarYear(Base):
    """A year whose notice the office has entered, so that it counts as known."""

    __tablename__ = "calendar_year"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    changed_at: Mapped[datetime]


class CalendarDay(Base):
    """A day that the office declares worked or not."""

    __tablename__ = "calendar_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    source: Mapped[str]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    changed_at: Mapped[datetime]
