"""Statements about process instances, their state and user tasks.

Written as SQL and prepared once: completing a user task is the hot path, and its cost must not grow with the history
of the case. Four statements read (`locked_user_task`, `work`, `holders`, `fresh_user_tasks`), one writes
(`write_completion`).
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause

from engine.model.ids import (
    AttachmentKey,
    DefinitionKey,
    ElementId,
    ElementInstanceId,
    InstanceKey,
    JobKey,
    PersonKey,
    UnitKey,
    UserTaskKey,
)
from engine.model.trace_entries import Head, SealedEntry
from engine.model.views import InstanceState, UserTaskState
from engine.store import case_sql as sql
from engine.store import waits
from engine.store.commands import StoredResult
from engine.store.definitions import ProcessReference, called
from engine.store.jobs import NewJob, announced
from engine.store.states import WrittenState, parameters
from engine.store.waits import StepWaits
from engine.store.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A process instance as stored. `subject` and the state are ciphertext; `wrapped_key` None once destroyed."""

    key: InstanceKey
    definition_key: DefinitionKey
    process_id: str
    process_name: str
    definition_version: int
    digest: str
    number: str
    unit_key: UnitKey
    unit_path: str
    unit_name: str
    starter_key: PersonKey | None
    subject: bytes
    state: InstanceState
    level: str
    current: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    version: int
    head: Head
    wrapped_key: bytes | None
    starter_name: str
    suspended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReference:
    """The version of a form that a user task was made with."""

    key: DefinitionKey
    id: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskRecord:
    """A user task as stored.

    called: the called process it belongs to, None in the case's own. item_number: its place in a loop (``3``, in a
    loop within a loop ``2.3``), empty outside. item: of the collection, in short and encrypted.
    """

    key: UserTaskKey
    instance_key: InstanceKey
    element_id: ElementId
    element_instance: ElementInstanceId
    element_name: str
    form: FormReference | None
    state: UserTaskState
    version: int
    assignee_key: PersonKey | None
    created_at: datetime
    completed_at: datetime | None = None
    completed_by: PersonKey | None = None
    outcome_code: str | None = None
    outcome_name: str | None = None
    candidates: tuple[tuple[str, int], ...] = ()
    called: ProcessReference | None = None
    item_number: str = ""
    item: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskWork:
    """What a command on a user task needs beside the locked case, for one person.

    draft: their unfinished work, encrypted, and when it was saved. has_files: they have prepared some. worked: they
    have completed a user task of the case before, or were sent a copy. earlier: what the command id led to before.
    waits_for: names of added signers who have not answered. onward: where the case goes straight to afterwards.
    """

    task: UserTaskRecord
    draft: tuple[bytes, datetime] | None
    has_files: bool
    worked: bool
    earlier: StoredResult | None
    waits_for: tuple[str, ...] = ()
    onward: str = ""


def _case(row: Any) -> CaseRecord:
    return CaseRecord(
        key=InstanceKey(row.key),
        definition_key=DefinitionKey(row.definition_key),
        process_id=row.process_id,
        process_name=row.process_name,
        definition_version=row.definition_version,
        digest=row.digest,
        number=row.number,
        unit_key=UnitKey(row.unit_key),
        unit_path=row.unit_path,
        unit_name=row.unit_name,
        starter_key=row.starter_key,
        subject=row.subject,
        state=InstanceState(row.state),
        level=row.level,
        current=tuple(row.current),
        started_at=row.started_at,
        ended_at=row.ended_at,
        version=row.version,
        head=Head(seq=row.last_seq, hash=bytes(row.head_hash)),
        wrapped_key=row.wrapped,
        starter_name=row.starter_name,
        suspended_at=row.suspended_at,
    )


def _user_task(row: Any) -> UserTaskRecord:
    form = _form(row, row.form_id)
    pairs = (candidate.rsplit(" ", 1) for candidate in row.candidates)
    return UserTaskRecord(
        key=UserTaskKey(row.key),
        instance_key=InstanceKey(row.instance_key),
        element_id=ElementId(row.element_id),
        element_instance=ElementInstanceId(row.element_instance),
        element_name=row.element_name,
        form=form,
        state=UserTaskState(row.state),
        version=row.version,
        assignee_key=row.assignee_key,
        created_at=row.created_at,
        completed_at=row.completed_at,
        completed_by=row.completed_by,
        outcome_code=row.outcome_code,
        outcome_name=row.outcome_name,
        candidates=tuple((position, int(unit_key)) for position, unit_key in pairs),
        called=called(row),
        item_number=row.item_number,
        item=row.item,
    )


def _form(row: Any, form_id: str | None) -> FormReference | None:
    if form_id is None or row.form_key is None:
        return None
    return FormReference(key=DefinitionKey(row.form_key), id=form_id, version=row.form_version, digest=row.form_digest)


def case(uow: UnitOfWork, key: int, *, lock: bool = False) -> CaseRecord | None:
    """A case by its key; `lock` waits for the instance row and holds it until the end of the transaction."""
    row = uow.row(sql.LOCKED_CASE if lock else sql.CASE, {"key": key})
    return _case(row) if row else None


def lock_case_of_user_task(uow: UnitOfWork, key: int) -> CaseRecord | None:
    """The case of a user task, locked until the end of the transaction."""
    return locked(uow, sql.LOCKED_CASE_OF_USER_TASK, key)


def lock_case_of_job(uow: UnitOfWork, key: int) -> CaseRecord | None:
    """The case of a job, locked until the end of the transaction."""
    return locked(uow, sql.LOCKED_CASE_OF_JOB, key)


def locked(uow: UnitOfWork, statement: TextClause, key: int) -> CaseRecord | None:
    """A case that another module's statement of `engine.store.case_sql` finds and locks."""
    row = uow.row(statement, {"key": key})
    return _case(row) if row else None


def work(uow: UnitOfWork, key: int, person_key: int, command_id: str) -> UserTaskWork:
    """What a command on a user task of a locked case needs to know. Read after the lock, so nothing is stale."""
    row = uow.row(sql.WORKING_USER_TASK, {"key": key, "person": person_key, "command_id": command_id})
    if row is None:
        raise LookupError(f"user task {key} is gone although its case is locked")
    earlier = None
    if row.request_digest is not None:
        earlier = StoredResult(request_digest=row.request_digest, body=row.result)
    return UserTaskWork(
        task=_user_task(row),
        draft=(row.draft_body, row.draft_saved_at) if row.draft_body is not None else None,
        has_files=row.has_files,
        worked=row.worked,
        earlier=earlier,
        waits_for=tuple(row.waits_for),
        onward=row.onward,
    )


def user_tasks(uow: UnitOfWork, instance_key: int, *, only_open: bool = False) -> tuple[UserTaskRecord, ...]:
    """The user tasks of a case with their candidates, in the order they were created."""
    rows = uow.rows(sql.OPEN_USER_TASKS if only_open else sql.ALL_USER_TASKS, {"key": instance_key})
    return tuple(_user_task(row) for row in rows)


def user_task(uow: UnitOfWork, key: int) -> UserTaskRecord | None:
    """A user task by its key, with candidates."""
    row = uow.row(sql.USER_TASK, {"key": key})
    return _user_task(row) if row else None


def worked(uow: UnitOfWork, instance_key: int, person_key: int) -> bool:
    """Whether a person has completed a user task of the case, or was sent a copy of it."""
    row = uow.row(sql.WORKED, {"instance": instance_key, "person": person_key})
    return bool(row and row[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What a new user task or job is made with. person: who has the sign-in name that was asked for, if they may."""

    key: UserTaskKey
    form: FormReference | None
    person: PersonKey | None


def fresh_user_tasks(
    uow: UnitOfWork, form_ids: Sequence[str | None], usernames: Sequence[str | None]
) -> tuple[Fresh, ...]:
    """For each new user task a key, the newest version of the form it names, and the person whom its model names."""
    rows = uow.rows(sql.FRESH_USER_TASKS, {"form_ids": list(form_ids), "usernames": list(usernames)})
    made = []
    for row, form_id in zip(rows, form_ids, strict=True):
        form = _form(row, form_id)
        made.append(Fresh(key=UserTaskKey(row.key), form=form, person=row.person_key))
    return tuple(made)


def next_number(uow: UnitOfWork, prefix: str, year: int) -> int:
    """The next case number of a prefix in a year; others wait until this transaction ends, so there is no gap."""
    row = uow.row(sql.NEXT_NUMBER, {"prefix": prefix, "year": year})
    if row is None:
        raise LookupError("an insert with returning gave no row")
    return int(row[0])


def insert_case(
    uow: UnitOfWork,
    record: CaseRecord,
    state: WrittenState,
    entry: SealedEntry,
    made: Sequence[UserTaskRecord],
    jobs: Sequence[NewJob],
    found: StepWaits,
) -> None:
    """Add an instance with its key, state, first trace entry, user tasks and jobs, in one statement; then its waits."""
    values = {
        "definition_key": record.definition_key,
        "number": record.number,
        "unit_key": record.unit_key,
        "unit_path": record.unit_path,
        "starter_key": record.starter_key,
        "wrapped": record.wrapped_key,
        "at": record.started_at,
    }
    uow.write(sql.INSERT_CASE, values | _instance(record, state) | entry_values(entry) | _made(made, jobs))
    waits.write(uow, record.key, found, record.started_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Everything that a step writes. `case` is the case after it, its head at `entry`.

    person, command_id, result: of the command that made it; none for a step that an event made.
    """

    case: CaseRecord
    state: WrittenState
    entry: SealedEntry
    made: Sequence[UserTaskRecord]
    jobs: Sequence[NewJob]
    closed: Sequence[str]
    waits: StepWaits
    person: PersonKey | None = None
    command_id: str = ""
    result: StoredResult | None = None
    user_task: UserTaskKey | None = None
    outcome: tuple[str, str] | None = None
    files: Sequence[AttachmentKey] = ()
    job: JobKey | None = None
    job_state: str = "COMPLETED"
    worker: str = ""


def write_completion(uow: UnitOfWork, done: Completion) -> None:
    """Write a step in one statement: entry, instance, state, user tasks, attachments, draft, command result.

    And what it waits for in another, if that has changed.
    """
    values = {
        "at": done.entry.at,
        "person": done.person,
        "user_task": done.user_task,
        "job": done.job,
        "job_state": done.job_state,
        "worker": done.worker,
        "outcome_code": done.outcome[0] if done.outcome else None,
        "outcome_name": done.outcome[1] if done.outcome else None,
        "closed": list(done.closed),
        "files": list(done.files),
        "command_id": done.command_id,
        "request_digest": done.result.request_digest if done.result else None,
        "result": done.result.body if done.result else None,
    }
    uow.write(
        sql.WRITE_COMPLETION,
        values | _instance(done.case, done.state) | entry_values(done.entry) | _made(done.made, done.jobs),
    )
    waits.write(uow, done.case.key, done.waits, done.entry.at)


def move_head(uow: UnitOfWork, record: CaseRecord) -> None:
    """Store the head of a locked case's trace, when nothing else of it changed."""
    uow.write(sql.MOVE_HEAD, {"key": record.key, "seq": record.head.seq, "hash": record.head.hash})


def assign_user_task(uow: UnitOfWork, record: UserTaskRecord, assignee: int | None) -> None:
    """Give a user task to a person, or back to its candidates."""
    uow.write(sql.ASSIGN, {"key": record.key, "assignee": assignee})


def _instance(record: CaseRecord, state: WrittenState) -> dict[str, object]:
    return parameters(state) | {
        "instance": record.key,
        "subject": record.subject,
        "state": record.state.value,
        "level": record.level,
        "current": list(record.current),
        "ended_at": record.ended_at,
        "version": record.version,
    }


def entry_values(entry: SealedEntry) -> dict[str, object]:
    """A sealed entry as parameters of a statement that writes it."""
    return {
        "seq": entry.seq,
        "entry_at": entry.at,
        "kind": entry.kind,
        "algorithm": entry.algorithm,
        "body": entry.body,
        "hash": entry.hash,
        "previous_hash": entry.previous_hash,
    }


def _made(records: Sequence[UserTaskRecord], jobs: Sequence[NewJob]) -> dict[str, object]:
    made = [
        {
            "key": record.key,
            "element_id": record.element_id,
            "element_instance": record.element_instance,
            "element_name": record.element_name,
            "form_key": record.form.key if record.form else None,
            "assignee_key": record.assignee_key,
            "called_key": record.called.key if record.called else None,
            "item_number": record.item_number,
            "item": base64.b64encode(record.item).decode() if record.item else None,
        }
        for record in records
    ]
    offered = [
        {"user_task_key": record.key, "position": position, "unit_key": unit_key}
        for record in records
        for position, unit_key in record.candidates
    ]
    return {"made": json.dumps(made), "offered": json.dumps(offered), "jobs": announced(jobs)}
