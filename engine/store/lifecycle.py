"""Statements that suspend a case and let go again of what was left alone meanwhile."""

from datetime import datetime

from sqlalchemy import text

from engine.model.trace_entries import SealedEntry
from engine.store.cases import CaseRecord, entry_values
from engine.store.commands import StoredResult
from engine.store.work import UnitOfWork

# A clock that has claimed a timer already finds the case suspended and parks it itself.
_SUSPEND = text("""
    with parked as (
        update due set try_at = 'infinity' where instance_key = :instance and kind = 'timer'
    ),
    entry as (
        insert into trace_entry (stream, seq, at, kind, algorithm, body, hash, previous_hash)
        values (:instance, :seq, :entry_at, :kind, :algorithm, :body, :hash, :previous_hash)
    ),
    result as (
        insert into command_result (person_key, command_id, request_digest, body, created_at)
        values (:person, :command_id, :request_digest, :result, :entry_at)
    )
    update process_instance set state = 'SUSPENDED', suspended_at = :entry_at, last_seq = :seq, head_hash = :hash
     where key = :instance
""")

# Timers are written by the step that postpones them, deadlines are counted anew. Messages of meanwhile are buffered,
# signals wait in `due`.
_AWAKE = text("""
    with looks as (
        insert into due (kind, instance_key, element_instance, due_at, try_at)
        select 'look', instance_key, element_instance, :at, :at from subscription
         where instance_key = :instance and kind = 'message'
    )
    update due set try_at = :at where instance_key = :instance and kind not in ('timer', 'deadline')
                                      and try_at = 'infinity'
""")


def suspend(
    uow: UnitOfWork, case: CaseRecord, entry: SealedEntry, person: int, command: str, kept: StoredResult
) -> None:
    """Suspend a locked case, with its trace entry and the command's result, in one statement."""
    result = {"person": person, "command_id": command, "request_digest": kept.request_digest, "result": kept.body}
    uow.write(_SUSPEND, {"instance": case.key, **result, **entry_values(entry)})


def awake(uow: UnitOfWork, case: CaseRecord, at: datetime) -> None:
    """A locked case was resumed: look for what came for it meanwhile."""
    uow.write(_AWAKE, {"instance": case.key, "at": at})
