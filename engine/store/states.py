"""Statements about the interpreter's state of an instance: a snapshot, and a delta for each step since. Encrypted.

The write is part of the one statement of a start or completion (`WRITE_STATE`, used by `engine.store.case_sql`): a step
appends its delta, or, when the log has outgrown its snapshot, replaces the snapshot and removes the log.
"""

from dataclasses import dataclass

from sqlalchemy import text

from engine.store.work import UnitOfWork

READ_STATE = text("""
    select s.version, case when s.version > :known then s.body end as body,
           array(select d.body from instance_delta d
                  where d.instance_key = s.instance_key and d.version > greatest(s.version, :known)
                  order by d.version) as deltas
      from instance_state s
     where s.instance_key = :key
""")

SUPERSEDE_STATE = """
    snapshot as (
        update instance_state set version = :version, body = :snapshot
         where instance_key = :instance and cast(:snapshot as bytea) is not null
    ),
    superseded as (
        delete from instance_delta where instance_key = :instance and cast(:snapshot as bytea) is not null
    )
"""
APPEND_DELTA = """
    insert into instance_delta (instance_key, version, body)
    select :instance, :version, :delta where cast(:delta as bytea) is not null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredState:
    """What is stored. version: of the instance when the snapshot was taken; each delta counts it on by one.

    Whoever knows a version already gets the deltas after that one, and no snapshot unless it is newer.
    """

    version: int
    snapshot: bytes | None
    deltas: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenState:
    """What a step writes: one of the two, the other is None."""

    snapshot: bytes | None = None
    delta: bytes | None = None


def read(uow: UnitOfWork, instance_key: int, *, known: int = -1) -> StoredState | None:
    """The encrypted state of an instance, or what came after version `known`; consistent also without a lock."""
    row = uow.row(READ_STATE, {"key": instance_key, "known": known})
    if row is None:
        return None
    return StoredState(version=max(row.version, known), snapshot=row.body, deltas=tuple(row.deltas))


def parameters(written: WrittenState) -> dict[str, object]:
    """Of `SUPERSEDE_STATE` and `APPEND_DELTA`."""
    return {"snapshot": written.snapshot, "delta": written.delta}
