"""Statements about results of commands: the same command id gives the first result again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from engine.store import tables as t
from engine.store.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """What a command id led to: the digest of its request, and its result as JSON bytes."""

    request_digest: str
    body: bytes


def lock(uow: UnitOfWork, person_key: int, command_id: str) -> None:
    """Wait for the same command id in another transaction; for commands that have no row of their own to lock yet."""
    uow.rows(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{person_key}:{command_id}", 0))))


def try_duty(uow: UnitOfWork, name: str) -> bool:
    """Take the lock of one of the clock's duties until the end of the transaction; False when another clock has it."""
    row = uow.row(select(func.pg_try_advisory_xact_lock(func.hashtextextended(f"clock:{name}", 0))))
    return bool(row and row[0])


def result(uow: UnitOfWork, person_key: int, command_id: str) -> StoredResult | None:
    """The first result of a person's command id."""
    row = uow.row(
        select(t.CommandResult.request_digest, t.CommandResult.body).where(
            t.CommandResult.person_key == person_key, t.CommandResult.command_id == command_id
        )
    )
    return StoredResult(request_digest=row[0], body=row[1]) if row else None


def store_result(uow: UnitOfWork, person_key: int, command_id: str, stored: StoredResult, at: datetime) -> None:
    """Keep the first result. Two of the same id at once: the second fails on the primary key and is rolled back."""
    uow.write(
        insert(t.CommandResult),
        {
            "person_key": person_key,
            "command_id": command_id,
            "request_digest": stored.request_digest,
            "body": stored.body,
            "created_at": at,
        },
    )


def prune(uow: UnitOfWork, before: datetime) -> int:
    """Forget results from before an instant; returns how many."""
    return uow.write(delete(t.CommandResult).where(t.CommandResult.created_at < before))
