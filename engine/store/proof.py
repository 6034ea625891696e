"""Statements about the Merkle log: append what was committed, read hashes of it, signed heads and who has them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.store import tables as t
from engine.store.work import UnitOfWork

Leaf = tuple[int, int, bytes]
"""Stream, number and hash of an entry."""

_LOCK = text("select pg_advisory_xact_lock(hashtextextended('log:sequence', 0))")
_UNLOGGED = text("""
    with candidate as (select distinct stream from trace_entry where at >= cast(:since as timestamptz))
    select entry.stream, entry.seq, entry.hash, logged.seq as logged
      from candidate
     cross join lateral (select coalesce(max(seq), 0) as seq from log_leaf where stream = candidate.stream) logged
      join trace_entry entry on entry.stream = candidate.stream and entry.seq > logged.seq
     order by entry.stream, entry.seq, entry.at
     limit :limit
""")
_APPEND = text("""
    insert into log_leaf (position, stream, seq, hash)
    select :first + number - 1, stream, seq, hash
      from unnest(cast(:streams as bigint[]), cast(:seqs as bigint[]), cast(:hashes as bytea[]))
           with ordinality as leaf (stream, seq, hash, number)
""")
_STRANGE = text("""
    select claimed.number, found.hash is null as missing
      from unnest(cast(:streams as bigint[]), cast(:seqs as bigint[]), cast(:hashes as bytea[]))
           with ordinality as claimed (stream, seq, hash, number)
      left join lateral (
           select hash from trace_entry entry
            where entry.stream = claimed.stream and entry.seq = claimed.seq
            order by entry.hash <> claimed.hash limit 1) found on true
     where found.hash is distinct from claimed.hash
     order by claimed.number limit 1
""")


def lock(uow: UnitOfWork) -> None:
    """Be the only one who appends, until the end of the transaction. Commands never wait for this lock."""
    uow.rows(_LOCK)


def size(uow: UnitOfWork) -> int:
    """How many entries the log holds."""
    row = uow.row(select(func.coalesce(func.max(t.LogLeaf.position) + 1, 0)))
    return int(row[0]) if row else 0


def unlogged(uow: UnitOfWork, *, since: datetime | None, limit: int) -> tuple[list[Leaf], dict[int, int]]:
    """Committed entries that are not in the log, by stream and number; and the newest number of their streams in it.

    Streams with entries made since then are looked at; None looks at every stream. What a running transaction has
    written is not seen; it cannot leave a gap, because a stream's numbers are looked at, not time.
    """
    rows = uow.rows(_UNLOGGED, {"since": since or "-infinity", "limit": limit})
    return [(row.stream, row.seq, bytes(row.hash)) for row in rows], {row.stream: row.logged for row in rows}


def append(uow: UnitOfWork, first: int, leaves: Sequence[Leaf]) -> None:
    """Put entries into the log from position `first` on. The caller holds the lock."""
    streams, seqs, hashes = zip(*leaves, strict=True)
    uow.write(_APPEND, {"first": first, "streams": list(streams), "seqs": list(seqs), "hashes": list(hashes)})


def append_tiles(uow: UnitOfWork, level: int, first: int, hashes: Sequence[bytes]) -> None:
    """Keep the hashes of complete subtrees from number `first` on."""
    if hashes:
        rows = [{"level": level, "number": first + n, "hash": value} for n, value in enumerate(hashes)]
        uow.write(insert(t.LogTile), rows)


def hashes(uow: UnitOfWork, level: int, first: int, count: int) -> list[bytes]:
    """Hashes of one level (0: the leaves) in order."""
    if level == 0:
        place, found = t.LogLeaf.position, select(t.LogLeaf.hash)
    else:
        place, found = t.LogTile.number, select(t.LogTile.hash).where(t.LogTile.level == level)
    rows = uow.rows(found.where(place >= first, place < first + count).order_by(place))
    return [bytes(row[0]) for row in rows]


def leaves(uow: UnitOfWork, first: int, count: int) -> list[Leaf]:
    """Entries of the log by position."""
    place = t.LogLeaf.position
    rows = uow.rows(
        select(t.LogLeaf.stream, t.LogLeaf.seq, t.LogLeaf.hash)
        .where(place >= first, place < first + count)
        .order_by(place)
    )
    return [(row.stream, row.seq, bytes(row.hash)) for row in rows]


def positions(uow: UnitOfWork, stream: int) -> dict[int, int]:
    """Where the entries of a stream stand in the log, by number."""
    rows = uow.rows(select(t.LogLeaf.seq, t.LogLeaf.position).where(t.LogLeaf.stream == stream))
    return {row.seq: row.position for row in rows}


def logged_before(uow: UnitOfWork, stream: int, position: int) -> tuple[int, bytes] | None:
    """Number and hash of the newest entry of a stream that stands before a position of the log."""
    row = uow.row(
        select(t.LogLeaf.seq, t.LogLeaf.hash)
        .where(t.LogLeaf.stream == stream, t.LogLeaf.position < position)
        .order_by(t.LogLeaf.seq.desc())
        .limit(1)
    )
    return (row.seq, bytes(row.hash)) if row else None


def strange(uow: UnitOfWork, claimed: Sequence[Leaf]) -> tuple[int, bool] | None:
    """The first of these entries that the trace does not hold with this hash: its place here, whether it is missing."""
    streams, seqs, hashed = zip(*claimed, strict=True)
    row = uow.row(_STRANGE, {"streams": list(streams), "seqs": list(seqs), "hashes": list(hashed)})
    return (row.number - 1, row.missing) if row else None


def insert_head(uow: UnitOfWork, head: dict[str, object]) -> None:
    """Keep a signed head."""
    uow.write(insert(t.TreeHead), head)


def set_time_stamp(uow: UnitOfWork, size: int, token: bytes) -> None:
    """Keep the time stamp of a head."""
    uow.write(update(t.TreeHead).where(t.TreeHead.size == size).values(time_stamp=token))


def heads(uow: UnitOfWork, *, after: int = -1, limit: int = 1000, newest_first: bool = False) -> Sequence[Any]:
    """Heads of more than `after` entries."""
    place = t.TreeHead.size.desc() if newest_first else t.TreeHead.size
    return uow.rows(select(t.TreeHead.__table__).where(t.TreeHead.size > after).order_by(place).limit(limit))


def head_at(uow: UnitOfWork, size: int) -> Any | None:
    """The head of exactly so many entries."""
    return uow.row(select(t.TreeHead.__table__).where(t.TreeHead.size == size))


def recipients(uow: UnitOfWork) -> Sequence[Any]:
    """Who is given heads, and how far they are."""
    return uow.rows(select(t.HeadRecipient.__table__).order_by(t.HeadRecipient.name))


def set_recipient(uow: UnitOfWork, name: str, size: int, at: datetime, fault: str) -> None:
    """Note how far somebody is, and what went wrong at the last try (empty: nothing)."""
    statement = upsert(t.HeadRecipient).values(name=name, size=size, at=at, fault=fault)
    changed = {"size": size, "at": at, "fault": fault}
    uow.write(statement.on_conflict_do_update(index_elements=["name"], set_=changed))
