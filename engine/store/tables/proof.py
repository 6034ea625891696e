"""The log over all entries, signed heads of it, who was given them; rounds of verification, alarms, erasures."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Key, reference


class LogLeaf(Base):
    """An entry's place in the Merkle log; append-only. `hash` is the entry's own."""

    __tablename__ = "log_leaf"
    __table_args__ = (Index("log_leaf_entry_idx", "stream", "seq", unique=True),)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream: Mapped[int]
    seq: Mapped[int]
    hash: Mapped[bytes]


class LogTile(Base):
    """The hash of a complete subtree of 2^level leaves; level 8, 16, 24, …"""

    __tablename__ = "log_tile"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes]


class TreeHead(Base):
    """A signed head of the log; `time_stamp` is empty until an authority has given one."""

    __tablename__ = "tree_head"
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    at: Mapped[datetime]
    body: Mapped[bytes]
    signature: Mapped[bytes]
    public_key: Mapped[bytes]
    time_stamp: Mapped[bytes]


class HeadRecipient(Base):
    """Somebody who is given heads (``files``, or the URL of a witness), and the newest that they have."""

    __tablename__ = "head_recipient"
    name: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    at: Mapped[datetime | None]
    fault: Mapped[str]


class VerificationRound(Base):
    """A round of verification, which goes on where it was interrupted.

    kind: ``all``, or ``new``: what came into the log from `since_position` on. position: size of the log when it began.
    """

    __tablename__ = "verification_round"
    key: Mapped[Key]
    kind: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    position: Mapped[int]
    since_position: Mapped[int]
    after_stream: Mapped[int]
    streams: Mapped[int]
    entries: Mapped[int]
    files: Mapped[int]
    faults: Mapped[list[Any]] = mapped_column(JSONB)


class IntegrityAlarm(Base):
    """Something was altered: for the audit administrator. One open alarm for each fault of an entry."""

    __tablename__ = "integrity_alarm"
    __table_args__ = (
        Index(
            "integrity_alarm_open_idx", "stream", "seq", "fault", unique=True, postgresql_where=text("seen_at is null")
        ),
    )
    key: Mapped[Key]
    raised_at: Mapped[datetime]
    stream: Mapped[int]
    seq: Mapped[int]
    fault: Mapped[str]
    reason: Mapped[str]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None] = mapped_column(reference("person.key"))


class Erasure(Base):
    """That a case's personal data be erased: proposed by one person, decided by another. Says nothing personal."""

    __tablename__ = "erasure"
    __table_args__ = (
        Index("erasure_open_idx", "instance_key", unique=True, postgresql_where=text("state = 'proposed'")),
    )
    key: Mapped[Key]
    instance_key: Mapped[int] = mapped_column(reference("process_instance.key"))
    basis: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(reference("person.key"))
    proposed_at: Mapped[datetime]
    state: Mapped[str]
    decided_by: Mapped[int | None] = mapped_column(reference("person.key"))
    decided_at: Mapped[datetime | None]
