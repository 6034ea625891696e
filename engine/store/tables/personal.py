"""What belongs to one person: choices, phrases, saved filters, what they have looked at. And print-outs."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Key, reference


class PersonPreference(Base):
    """How a person wants to be told. The language stands in `person.locale`."""

    __tablename__ = "person_preference"
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    email: Mapped[str] = mapped_column(server_default="")
    by_email: Mapped[bool] = mapped_column(server_default=text("false"))
    by_webhook: Mapped[bool] = mapped_column(server_default=text("false"))


class NoticeRule(Base):
    """What a unit lets out of the house; it holds for the units below that have no rule of their own."""

    __tablename__ = "notice_rule"
    unit_key: Mapped[int] = mapped_column(reference("org_unit.key"), primary_key=True)
    email: Mapped[bool]
    webhook: Mapped[str] = mapped_column(server_default="")


class Phrase(Base):
    """A common phrase for opinions, of one person."""

    __tablename__ = "phrase"
    __table_args__ = (UniqueConstraint("person_key", "text"),)
    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    text: Mapped[str]


class SavedFilter(Base):
    """A filter of the task centre that a person gave a name."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("person_key", "name"),)
    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    name: Mapped[str]
    query: Mapped[str]


class TaskLook(Base):
    """A person has looked at a user task that waits for them, so it is news no more."""

    __tablename__ = "task_look"
    user_task_key: Mapped[int] = mapped_column(reference("user_task.key"), primary_key=True)
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Printout(Base):
    """A case was printed: what its trace was then, by the code on the paper. digest: SHA-256 of the file."""

    __tablename__ = "printout"
    code: Mapped[str] = mapped_column(primary_key=True)
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"), index=True)
    last_seq: Mapped[int]
    head_hash: Mapped[bytes]
    digest: Mapped[str]
    printed_by: Mapped[int] = mapped_column(reference("person.key"))
    printed_at: Mapped[datetime]
