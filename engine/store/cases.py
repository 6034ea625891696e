"""Statements about process instances, their state and user tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model.ids import DefinitionKey, ElementId, ElementInstanceId, InstanceKey, PersonKey, UnitKey, UserTaskKey
from engine.model.trace_entries import Head
from engine.model.views import InstanceState, UserTaskState
from engine.store import tables as t
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
    starter_key: PersonKey
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


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskRecord:
    """A user task as stored."""

    key: UserTaskKey
    instance_key: InstanceKey
    element_id: ElementId
    element_instance: ElementInstanceId
    element_name: str
    form_id: str | None
    form_digest: str | None
    state: UserTaskState
    version: int
    assignee_key: PersonKey | None
    created_at: datetime
    completed_at: datetime | None
    completed_by: PersonKey | None
    outcome_code: str | None = None
    outcome_name: str | None = None
    candidates: tuple[tuple[str, int], ...] = ()


_CASE = (
    select(
        t.ProcessInstance,
        t.ProcessDefinition.process_id,
        t.ProcessDefinition.name.label("process_name"),
        t.ProcessDefinition.version.label("definition_version"),
        t.ProcessDefinition.digest,
        t.OrgUnit.name.label("unit_name"),
        t.Person.name.label("starter_name"),
        t.CaseKey.wrapped,
    )
    .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
    .join(t.OrgUnit, t.OrgUnit.key == t.ProcessInstance.unit_key)
    .join(t.Person, t.Person.key == t.ProcessInstance.starter_key)
    .join(t.CaseKey, t.CaseKey.instance_key == t.ProcessInstance.key)
)


def _case(row: object) -> CaseRecord:
    values = row._mapping  # type: ignore[attr-defined]  # a database row
    instance: t.ProcessInstance = values["ProcessInstance"]
    return CaseRecord(
        key=InstanceKey(instance.key),
        definition_key=DefinitionKey(instance.definition_key),
        process_id=values["process_id"],
        process_name=values["process_name"],
        definition_version=values["definition_version"],
        digest=values["digest"],
        number=instance.number,
        unit_key=UnitKey(instance.unit_key),
        unit_path=instance.unit_path,
        unit_name=values["unit_name"],
        starter_key=PersonKey(instance.starter_key),
        subject=instance.subject,
        state=InstanceState(instance.state),
        level=instance.level,
        current=tuple(instance.current),
        started_at=instance.started_at,
        ended_at=instance.ended_at,
        version=instance.version,
        head=Head(seq=instance.last_seq, hash=bytes(instance.head_hash)),
        wrapped_key=values["wrapped"],
        starter_name=values["starter_name"],
    )


def case(uow: UnitOfWork, key: int, *, lock: bool = False) -> CaseRecord | None:
    """A case by its key; `lock` waits for the instance row and holds it until the end of the transaction."""
    statement = _CASE.where(t.ProcessInstance.key == key)
    if lock:
        statement = statement.with_for_update(of=t.ProcessInstance)
    row = uow.row(statement.execution_options(populate_existing=True))
    return _case(row) if row else None


def instance_of_user_task(uow: UnitOfWork, key: int) -> InstanceKey | None:
    """The case that a user task belongs to; it never changes."""
    row = uow.row(select(t.UserTask.instance_key).where(t.UserTask.key == key))
    return InstanceKey(row[0]) if row else None


def user_tasks(uow: UnitOfWork, instance_key: int) -> tuple[UserTaskRecord, ...]:
    """All user tasks of a case with their candidates, in the order they were created."""
    table = t.UserTask.__table__
    candidates: dict[int, list[tuple[str, int]]] = {}
    rows = uow.rows(select(table).where(table.c.instance_key == instance_key).order_by(table.c.key))
    for row in uow.rows(
        select(t.UserTaskCandidate.user_task_key, t.UserTaskCandidate.position, t.UserTaskCandidate.unit_key)
        .join(t.UserTask, t.UserTask.key == t.UserTaskCandidate.user_task_key)
        .where(t.UserTask.instance_key == instance_key)
    ):
        candidates.setdefault(row[0], []).append((row[1], row[2]))
    return tuple(_user_task(row, candidates.get(row.key, [])) for row in rows)


def _user_task(row: object, candidates: Sequence[tuple[str, int]]) -> UserTaskRecord:
    values = dict(row._mapping)  # type: ignore[attr-defined]  # a database row
    values["state"] = UserTaskState(values["state"])
    return UserTaskRecord(**values, candidates=tuple(sorted(candidates)))


def user_task(uow: UnitOfWork, key: int) -> UserTaskRecord | None:
    """A user task by its key, with candidates."""
    table = t.UserTask.__table__
    row = uow.row(select(table).where(table.c.key == key))
    if row is None:
        return None
    found = uow.rows(
        select(t.UserTaskCandidate.position, t.UserTaskCandidate.unit_key).where(
            t.UserTaskCandidate.user_task_key == key
        )
    )
    return _user_task(row, [(position, unit_key) for position, unit_key in found])


def state_body(uow: UnitOfWork, instance_key: int) -> bytes | None:
    """The encrypted state of a running instance."""
    row = uow.row(select(t.InstanceState.body).where(t.InstanceState.instance_key == instance_key))
    return row[0] if row else None


def next_number(uow: UnitOfWork, prefix: str, year: int) -> int:
    """The next case number of a prefix in a year; others wait until this transaction ends, so there is no gap."""
    statement = (
        upsert(t.NumberSeries)
        .values(prefix=prefix, year=year, last=1)
        .on_conflict_do_update(index_elements=["prefix", "year"], set_={"last": t.NumberSeries.last + 1})
        .returning(t.NumberSeries.last)
    )
    row = uow.row(statement)
    if row is None:
        raise LookupError("an insert with returning gave no row")
    return int(row[0])


def insert_case(uow: UnitOfWork, record: CaseRecord, state: bytes) -> None:
    """Add an instance with its key and state."""
    uow.write(
        insert(t.ProcessInstance),
        {
            "key": record.key,
            "definition_key": record.definition_key,
            "number": record.number,
            "unit_key": record.unit_key,
            "unit_path": record.unit_path,
            "starter_key": record.starter_key,
            "subject": record.subject,
            "state": record.state.value,
            "level": record.level,
            "current": list(record.current),
            "started_at": record.started_at,
            "ended_at": record.ended_at,
            "version": record.version,
            "last_seq": record.head.seq,
            "head_hash": record.head.hash,
        },
    )
    uow.write(insert(t.CaseKey), {"instance_key": record.key, "wrapped": record.wrapped_key})
    uow.write(insert(t.InstanceState), {"instance_key": record.key, "version": record.version, "body": state})


def update_case(uow: UnitOfWork, record: CaseRecord, state: bytes | None) -> None:
    """Store a locked case as it stands after a step (`state` None when only the trace's head moved)."""
    uow.write(
        update(t.ProcessInstance)
        .where(t.ProcessInstance.key == record.key)
        .values(
            subject=record.subject,
            state=record.state.value,
            level=record.level,
            current=list(record.current),
            ended_at=record.ended_at,
            version=record.version,
            last_seq=record.head.seq,
            head_hash=record.head.hash,
        )
    )
    if state is not None:
        uow.write(
            update(t.InstanceState)
            .where(t.InstanceState.instance_key == record.key)
            .values(version=record.version, body=state)
        )


def insert_user_tasks(uow: UnitOfWork, records: Sequence[UserTaskRecord]) -> None:
    """Add user tasks with their candidates; nothing for an empty list."""
    if not records:
        return
    uow.write(
        insert(t.UserTask),
        [
            {
                "key": record.key,
                "instance_key": record.instance_key,
                "element_id": record.element_id,
                "element_instance": record.element_instance,
                "element_name": record.element_name,
                "form_id": record.form_id,
                "form_digest": record.form_digest,
                "state": record.state.value,
                "version": record.version,
                "assignee_key": record.assignee_key,
                "created_at": record.created_at,
            }
            for record in records
        ],
    )
    candidates = [
        {"user_task_key": record.key, "position": position, "unit_key": unit_key}
        for record in records
        for position, unit_key in record.candidates
    ]
    if candidates:
        uow.write(insert(t.UserTaskCandidate), candidates)


def complete_user_task(
    uow: UnitOfWork, record: UserTaskRecord, *, by: int, at: datetime, outcome: tuple[str, str] | None
) -> None:
    """Mark a user task completed and forget its drafts."""
    uow.write(
        update(t.UserTask)
        .where(t.UserTask.key == record.key)
        .values(
            state=UserTaskState.COMPLETED.value,
            version=record.version + 1,
            completed_at=at,
            completed_by=by,
            outcome_code=outcome[0] if outcome else None,
            outcome_name=outcome[1] if outcome else None,
        )
    )
    uow.write(delete(t.Draft).where(t.Draft.user_task_key == record.key))


def cancel_user_tasks(uow: UnitOfWork, instance_key: int, instances: Sequence[str], at: datetime) -> None:
    """Mark the user tasks of terminated element instances cancelled; nothing for an empty list."""
    if not instances:
        return
    uow.write(
        update(t.UserTask)
        .where(t.UserTask.instance_key == instance_key, t.UserTask.element_instance.in_(list(instances)))
        .where(t.UserTask.state == UserTaskState.CREATED.value)
        .values(state=UserTaskState.CANCELED.value, version=t.UserTask.version + 1, completed_at=at)
    )


def assign_user_task(uow: UnitOfWork, record: UserTaskRecord, assignee: int | None) -> None:
    """Give a user task to a person, or back to its candidates."""
    uow.write(
        update(t.UserTask).where(t.UserTask.key == record.key).values(assignee_key=assignee, version=record.version + 1)
    )
