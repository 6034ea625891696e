"""Exemptions, sweeps over running cases, and what people are told."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Key, reference


class Exemption(Base):
    """Why a finding has no consequence, by whom, until which day (inclusive).

    kind: exemption or suppression. check_id: of one drawn check; empty: all of the code. scope: case (`instance_key`),
    unit (`unit_path`, a subtree), business (`process_id` within the subtree). used: findings it applied to.
    """

    __tablename__ = "exemption"
    __table_args__ = (Index("exemption_running_idx", "check_code", postgresql_where=text("ended_at is null")),)
    key: Mapped[Key]
    kind: Mapped[str]
    check_code: Mapped[str]
    check_id: Mapped[str]
    scope: Mapped[str]
    instance_key: Mapped[int | None] = mapped_column(reference("process_instance.key"))
    process_id: Mapped[str]
    unit_path: Mapped[str]
    unit_name: Mapped[str]
    reason: Mapped[str]
    until: Mapped[date]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    person_name: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(reference("person.key"))
    used: Mapped[int]


class Sweep(Base):
    """A sweep: how far it came (`last_key`, `done` of `total`) and what it found. Empty process and path: everything.

    failed: cases that could not be judged, each a row of `sweep_fault`.
    """

    __tablename__ = "sweep"
    key: Mapped[Key]
    process_id: Mapped[str]
    unit_path: Mapped[str]
    started_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person_key: Mapped[int | None] = mapped_column(reference("person.key"))
    person_name: Mapped[str]
    total: Mapped[int]
    last_key: Mapped[int]
    done: Mapped[int]
    found: Mapped[int]
    failed: Mapped[int]


class SweepFault(Base):
    """A case that a sweep could not judge, with the code of why."""

    __tablename__ = "sweep_fault"
    sweep_key: Mapped[int] = mapped_column(reference("sweep.key"), primary_key=True)
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"), primary_key=True)
    code: Mapped[str]
    at: Mapped[datetime]


class LastAnswer(Base):
    """What a check said last that is judged again and again, as a digest: only news is traced. Never a silent one."""

    __tablename__ = "last_answer"
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"), primary_key=True)
    element_id: Mapped[str] = mapped_column(primary_key=True)
    check_id: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    at: Mapped[datetime]


class Notice(Base):
    """Something that a person is told: a kind, and what it is about. Nothing personal of a case.

    user_task_key, by_key: of which user task, and who did it, where a person urged, copied or sent back. A new task is
    no notice (`task_look`).
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("notice_person_idx", "person_key", "key"),
        Index("notice_unread_idx", "person_key", postgresql_where=text("read_at is null")),
    )
    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(reference("person.key"))
    kind: Mapped[str]
    instance_key: Mapped[int | None] = mapped_column(reference("process_instance.key"))
    alert_key: Mapped[int | None] = mapped_column(reference("alert.key"))
    element_name: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    user_task_key: Mapped[int | None] = mapped_column(reference("user_task.key"))
    by_key: Mapped[int | None] = mapped_column(reference("person.key"))


class Delivery(Base):
    """A notice on its way through a channel. state: WAITING, SENT, FAILED. problem: why it failed last."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("notice_key", "channel"), Index("delivery_state_idx", "state", "key"))
    key: Mapped[Key]
    notice_key: Mapped[int] = mapped_column(reference("notice.key"))
    channel: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    problem: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Contact(Base):
    """Where a person is reached in a channel, encrypted."""

    __tablename__ = "contact"
    person_key: Mapped[int] = mapped_column(reference("person.key"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[bytes]
