"""Statements about the trace: append an entry, read a stream, the heads."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from sqlalchemy import func, insert, select, text, update

from engine.model.trace_entries import SYSTEM_STREAM, Head, SealedEntry
from engine.store import tables as t
from engine.store.work import UnitOfWork

_ENTRY = t.TraceEntry.__table__
_STREAMS = text("""
    with recursive traced (stream) as (
        (select stream from trace_entry where stream > :after order by stream limit 1)
        union all
        select (select entry.stream from trace_entry entry where entry.stream > traced.stream
                 order by entry.stream limit 1)
          from traced where traced.stream is not null
    )
    (select key from process_instance where key > :after order by key limit :limit)
    union
    (select stream from traced where stream is not null limit :limit)
    order by 1 limit :limit
""")
"""Goes from stream to stream by the index, so that a long trace is not read to find its streams."""
_BODIES = text("select body from trace_entry where stream = :stream order by seq, at")


def _entry(row: object) -> SealedEntry:
    return SealedEntry(**row._mapping)  # type: ignore[attr-defined]  # a database row has the same columns


def append(uow: UnitOfWork, entry: SealedEntry) -> None:
    """Insert a sealed entry. The caller holds the lock of the stream's head and stores the new head."""
    uow.write(
        insert(t.TraceEntry),
        {
            "stream": entry.stream,
            "seq": entry.seq,
            "at": entry.at,
            "kind": entry.kind,
            "algorithm": entry.algorithm,
            "body": entry.body,
            "hash": entry.hash,
            "previous_hash": entry.previous_hash,
        },
    )


def lock_system_head(uow: UnitOfWork) -> Head:
    """Lock the system stream's head until the end of the transaction. Taken last: see the lock order in `work`."""
    row = uow.row(
        select(t.TraceStream.last_seq, t.TraceStream.head_hash)
        .where(t.TraceStream.stream == SYSTEM_STREAM)
        .with_for_update()
    )
    if row is None:
        raise LookupError("the system stream's head is missing: the first migration makes it")
    return Head(seq=row[0], hash=bytes(row[1]))


def store_system_head(uow: UnitOfWork, head: Head) -> None:
    """Move the system stream's head."""
    uow.write(
        update(t.TraceStream)
        .where(t.TraceStream.stream == SYSTEM_STREAM)
        .values(last_seq=head.seq, head_hash=head.hash)
    )


def head(uow: UnitOfWork, stream: int) -> Head | None:
    """The stored head of a stream, without locking it."""
    return _head(uow, stream, lock=False)


def lock_head(uow: UnitOfWork, stream: int) -> Head | None:
    """The stored head of a stream, locked until the end of the transaction."""
    return _head(uow, stream, lock=True)


def _head(uow: UnitOfWork, stream: int, *, lock: bool) -> Head | None:
    if stream == SYSTEM_STREAM:
        statement = select(t.TraceStream.last_seq, t.TraceStream.head_hash).where(t.TraceStream.stream == stream)
    else:
        statement = select(t.ProcessInstance.last_seq, t.ProcessInstance.head_hash).where(
            t.ProcessInstance.key == stream
        )
    row = uow.row(statement.with_for_update() if lock else statement)
    return Head(seq=row[0], hash=bytes(row[1])) if row else None


def stream_entries(uow: UnitOfWork, stream: int, *, after: int = 0, batch: int = 500) -> Iterator[SealedEntry]:
    """All entries of a stream in the order of `seq`, read in batches so that memory stays bounded; those after `after`.

    Two entries that claim the same number come both, so that verification sees them.
    """
    last: tuple[int, object] | None = None
    while True:
        statement = select(_ENTRY).where(_ENTRY.c.stream == stream).order_by(_ENTRY.c.seq, _ENTRY.c.at).limit(batch)
        if after:
            statement = statement.where(_ENTRY.c.seq > after)
        if last is not None:
            statement = statement.where(func.row(_ENTRY.c.seq, _ENTRY.c.at) > func.row(*last))
        rows = uow.rows(statement)
        yield from map(_entry, rows)
        if len(rows) < batch:
            return
        last = (rows[-1].seq, rows[-1].at)


def numbered(uow: UnitOfWork, stream: int, seq: int) -> SealedEntry | None:
    """One entry of a stream; None when there is none. Of two that claim the number, the older."""
    found = uow.rows(select(_ENTRY).where(_ENTRY.c.stream == stream, _ENTRY.c.seq == seq).order_by(_ENTRY.c.at))
    return _entry(found[0]) if found else None


def bodies(uow: UnitOfWork, stream: int) -> list[bytes]:
    """The bodies of all entries of a stream in one statement, oldest first: for checks that look at a case's trace."""
    return [bytes(row.body) for row in uow.rows(_BODIES, {"stream": stream})]


def newest(
    uow: UnitOfWork, stream: int, *, before_seq: int | None, limit: int, kinds: Collection[str] = ()
) -> list[SealedEntry]:
    """The newest entries of a stream before a sequence number, newest first; of these kinds only, if any are named."""
    statement = select(_ENTRY).where(_ENTRY.c.stream == stream).order_by(_ENTRY.c.seq.desc()).limit(limit)
    if kinds:
        statement = statement.where(_ENTRY.c.kind.in_(sorted(kinds)))
    if before_seq is not None:
        statement = statement.where(_ENTRY.c.seq < before_seq)
    return [_entry(row) for row in uow.rows(statement)]


def newest_naming(uow: UnitOfWork, stream: int, *, kind: str, needle: bytes, since: datetime) -> SealedEntry | None:
    """The newest entry of a kind in a stream, made since then, whose canonical body holds these bytes.

    Walks the stream backwards, for a rare question of few readers; `since` leaves older partitions out.
    """
    statement = (
        select(_ENTRY)
        .where(_ENTRY.c.stream == stream, _ENTRY.c.kind == kind, _ENTRY.c.at >= since)
        .where(text("position(:needle in body) > 0").bindparams(needle=needle))
        .order_by(_ENTRY.c.seq.desc())
        .limit(1)
    )
    row = uow.row(statement)
    return _entry(row) if row else None


def streams(uow: UnitOfWork, *, after: int, limit: int) -> list[int]:
    """Keys of case streams after a key, rising: those with an instance row and those that only have entries left."""
    return [row[0] for row in uow.rows(_STREAMS, {"after": after, "limit": limit})]


def streams_in_log(uow: UnitOfWork, *, after: int, since: int, limit: int) -> list[int]:
    """Streams after a key, rising, that have entries at or beyond a position of the log."""
    found = select(t.LogLeaf.stream).where(t.LogLeaf.position >= since, t.LogLeaf.stream > after).distinct()
    return [row[0] for row in uow.rows(found.order_by(t.LogLeaf.stream).limit(limit))]


def ensure_partitions(uow: UnitOfWork, first_month: date, months: int) -> None:
    """Make the month partitions that are missing."""
    uow.rows(select(func.ensure_trace_partitions(first_month, months)))
