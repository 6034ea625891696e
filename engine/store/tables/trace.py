"""The trace: append-only, partitioned by month."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base


class TraceStream(Base):
    """The head of a stream that belongs to no case (stream 0 is the system stream); its row is the stream's lock."""

    __tablename__ = "trace_stream"
    stream: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_seq: Mapped[int]
    head_hash: Mapped[bytes]


class TraceEntry(Base):
    """An entry: canonical bytes exactly as hashed. The columns repeat what the body says, for reading.

    A partitioned table cannot enforce (stream, seq) by index: the head on the locked row does.
    """

    __tablename__ = "trace_entry"
    __table_args__ = (
        Index("trace_entry_at_idx", "at", postgresql_using="brin"),
        {"postgresql_partition_by": "RANGE (at)"},
    )
    stream: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[str]
    algorithm: Mapped[str]
    body: Mapped[bytes]
    hash: Mapped[bytes]
    previous_hash: Mapped[bytes]
