"""Verbs of approval: tasks of added signers, ways straight back, copies, and who urged whom when."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Key, reference


class Signing(Base):
    """A user task that somebody added to another one. manner: before or delegate; `parent_key` waits for it."""

    __tablename__ = "signing"
    __table_args__ = (Index("signing_parent_idx", "parent_key"),)
    user_task_key: Mapped[int] = mapped_column(reference("user_task.key"), primary_key=True)
    parent_key: Mapped[int] = mapped_column(reference("user_task.key"))
    manner: Mapped[str]
    asked_by: Mapped[int] = mapped_column(reference("person.key"))
    created_at: Mapped[datetime]


class UserTaskReturn(Base):
    """Where the case goes straight to when a user task that it was sent back to is completed."""

    __tablename__ = "user_task_return"
    user_task_key: Mapped[int] = mapped_column(reference("user_task.key"), primary_key=True)
    onward: Mapped[str]


class CarbonCopy(Base):
    """Somebody may follow a case, though it is not theirs to work. read_at: when they first opened it."""

    __tablename__ = "carbon_copy"
    __table_args__ = (
        UniqueConstraint("instance_key", "person_key"),
        Index("carbon_copy_person_idx", "person_key", "key"),
    )
    key: Mapped[Key]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    sent_by: Mapped[int] = mapped_column(reference("person.key"))
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Urging(Base):
    """When a person last urged in a case, and how often."""

    __tablename__ = "urging"
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"), primary_key=True)
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    urged_at: Mapped[datetime]
    times: Mapped[int]
