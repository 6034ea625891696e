"""Statements about jobs: work that waits for a program outside. `engine.store.cases` writes them within a step."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, text, update

from engine.model.ids import ElementId, ElementInstanceId, JobKey
from engine.store import tables as t
from engine.store.case_joins import with_case_and_key
from engine.store.definitions import ProcessReference
from engine.store.work import UnitOfWork
from engine.store.worklists import Reach, in_reach

_JOB = with_case_and_key(t.Job)

_WAITING = t.Job.state.in_(["CREATED", "FAILED"])


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job that begins to wait. called: the called process it belongs to, None in the case's own."""

    key: JobKey
    called: ProcessReference | None
    element_id: ElementId
    element_instance: ElementInstanceId
    element_name: str
    type: str
    headers: Mapping[str, str]
    retries: int


def announced(jobs: Sequence[NewJob]) -> str:
    """New jobs as JSON for the one statement that writes a step."""
    return json.dumps(
        [
            {
                "key": job.key,
                "called_key": job.called.key if job.called else None,
                "element_id": job.element_id,
                "element_instance": job.element_instance,
                "element_name": job.element_name,
                "type": job.type,
                "headers": dict(job.headers),
                "retries": job.retries,
            }
            for job in jobs
        ]
    )


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """A job may be handed out: nobody has it, it has retries and no incident, its case runs and can be read."""
    return (
        _WAITING,
        t.Job.retries > 0,
        t.ProcessInstance.state == "ACTIVE",
        ~exists().where(
            t.Incident.instance_key == t.Job.instance_key,
            t.Incident.element_instance == t.Job.element_instance,
            t.Incident.state == "ACTIVE",
        ),
        or_(t.Job.locked_until.is_(None), t.Job.locked_until <= now),
        t.CaseKey.wrapped.is_not(None),
    )


def take(
    uow: UnitOfWork, reach: Reach, kind: str, *, worker: str, now: datetime, until: datetime, limit: int
) -> Sequence[Any]:
    """Lend up to `limit` jobs of a type to a worker until `until`, oldest first. Nobody else is given them before.

    Whoever asks at the same moment gets others (SKIP LOCKED). The rows are as before, but for worker and time.
    """
    # The case's row is not locked: a step that closes the job meanwhile waits for this one, or was first.
    free = (
        _JOB.where(t.Job.type == kind, *_free(now), in_reach(reach))
        .order_by(t.Job.key)
        .limit(limit)
        .with_for_update(of=t.Job.__table__, skip_locked=True)
    )
    rows = uow.rows(free)
    if rows:
        uow.write(
            update(t.Job).where(t.Job.key.in_([row.key for row in rows])).values(worker=worker, locked_until=until)
        )
    return rows


def lend(uow: UnitOfWork, key: int, *, worker: str, now: datetime, until: datetime) -> Any | None:
    """Lend one job, as `take` does; None when it is not free."""
    row = uow.row(_JOB.where(t.Job.key == key, *_free(now)).with_for_update(of=t.Job.__table__, skip_locked=True))
    if row is not None:
        uow.write(update(t.Job).where(t.Job.key == key).values(worker=worker, locked_until=until))
    return row


def take_back(uow: UnitOfWork, key: int, worker: str) -> None:
    """End the loan of a job that this worker had."""
    wanted = update(t.Job).where(t.Job.key == key, t.Job.worker == worker, _WAITING)
    uow.write(wanted.values(locked_until=None))


def is_lent(uow: UnitOfWork, key: int, now: datetime) -> bool:
    """Whether a job waits, but is in somebody's hands until later."""
    lent = select(t.Job.key).where(t.Job.key == key, _WAITING, t.Job.retries > 0, t.Job.locked_until > now)
    return uow.row(lent) is not None


def job(uow: UnitOfWork, key: int) -> Any | None:
    """One job in the shape of the lists."""
    return uow.row(_JOB.where(t.Job.key == key))


def of_case(uow: UnitOfWork, instance_key: int) -> Sequence[Any]:
    """The jobs of a case that are not done, oldest first."""
    return uow.rows(_JOB.where(t.Job.instance_key == instance_key, _WAITING).order_by(t.Job.key))


def search(
    uow: UnitOfWork,
    reach: Reach,
    *,
    before_key: int | None,
    limit: int,
    state: str | None = None,
    kind: str | None = None,
    instance_key: int | None = None,
) -> Sequence[Any]:
    """Jobs of cases in reach, newest first."""
    wanted: list[ColumnElement[bool]] = []
    if before_key is not None:
        wanted.append(t.Job.key < before_key)
    if state is not None:
        wanted.append(t.Job.state == state)
    if kind is not None:
        wanted.append(t.Job.type == kind)
    if instance_key is not None:
        wanted.append(t.Job.instance_key == instance_key)
    return uow.rows(_JOB.where(in_reach(reach), *wanted).order_by(t.Job.key.desc()).limit(limit))


_FAIL = text("""
    with failed as (
        update job set state = 'FAILED', retries = :retries, worker = :worker, locked_until = :until, message = :message
         where key = :key
    ),
    entry as (
        insert into trace_entry (stream, seq, at, kind, algorithm, body, hash, previous_hash)
        values (:instance, :seq, :entry_at, :kind, :algorithm, :body, :hash, :previous_hash)
    ),
    result as (
        insert into command_result (person_key, command_id, request_digest, body, created_at)
        values (:person, :command_id, :request_digest, :result, :entry_at)
    )
    update process_instance set last_seq = :seq, head_hash = :hash where key = :instance
""")


def fail(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    """Note a failure with its trace entry, head and command result, in one statement."""
    uow.write(_FAIL, dict(values))


def end(uow: UnitOfWork, key: int, state: str, at: datetime) -> None:
    """A job whose worker is done, but whose case cannot go on: nobody is given it again."""
    uow.write(update(t.Job).where(t.Job.key == key).values(state=state, locked_until=None, ended_at=at))


def exhaust(uow: UnitOfWork, key: int) -> None:
    """A job whose error nothing catches: it waits for somebody who mends the model and gives it new retries."""
    uow.write(update(t.Job).where(t.Job.key == key).values(state="FAILED", retries=0, locked_until=None))


def change(uow: UnitOfWork, key: int, *, retries: int | None, locked_until: datetime | None) -> None:
    """Set the retries of a job, or until when it is lent; None leaves it."""
    values: dict[str, object] = {}
    if retries is not None:
        values["retries"] = retries
    if locked_until is not None:
        values["locked_until"] = locked_until
    uow.write(update(t.Job).where(t.Job.key == key).values(**values))
