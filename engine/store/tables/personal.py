"""What belongs to one person: choices, phrases, saved filters, notices, and what they have looked at; print-outs."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, func, text
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


class Notice(Base):
    """Somebody is told of something that another did. New tasks are not written here (`task_look`)."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("notice_person_idx", "person_key", "key"),
        Index("notice_unread_idx", "person_key", postgresql_where=text("read_at is null")),
        Index("notice_unsent_idx", "key", postgresql_where=text("sent_at is null")),
    )
    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    kind: Mapped[str]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    user_task_key: Mapped[int | None] = mapped_column(reference("user_task.key"))
    by_key: Mapped[int | None] = mapped_column(reference("person.key"))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


class TaskLook(Base):
    """A person has looked at a user task that waits for them, so it is news no more."""

    __tablename__ = "task_look"
    user_task_key: Mapped[int] = mapped_column(reference("user_task.key"), primary_key=True)
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class NoticeMark(Base):
    """How far the user tasks have been looked through for people who want to be told outside: one row."""

    __tablename__ = "notice_mark"
    name: Mapped[str] = mapped_column(primary_key=True)
    user_task_key: Mapped[int]


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
