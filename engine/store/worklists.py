"""Statements behind the lists: what waits for a person, what they did, cases in reach. All keyset-paginated."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, tuple_

from engine.model.actors import PositionHolding
from engine.model.findings import RiskLevel
from engine.model.worklists import ListFilter, Only, ProcessCount
from engine.store import tables as t
from engine.store.case_joins import CALLED, CALLED_COLUMNS
from engine.store.work import UnitOfWork

EVERYTHING = ListFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which cases a reader may see: everything, subtrees by path prefix, units by key, and the cases they act in."""

    everything: bool
    subtrees: tuple[str, ...]
    units: tuple[int, ...]
    person_key: int


EVERYWHERE = Reach(everything=True, subtrees=(), units=(), person_key=0)
"""Of the system itself."""

_ASSIGNEE = t.Person.__table__.alias("assignee")
_STARTER = t.Person.__table__.alias("starter")
_WORKED = t.UserTask.__table__.alias("worked")


def _time(kind: Any, prefix: str) -> list[Any]:
    """Columns of a time limit, for `engine.service.timings`."""
    names = ("light", "warn_at", "due_at", "again_at", "stopped_at", "unknown_year", "ended_at", "amount", "unit")
    return [kind.c[name].label(f"{prefix}{name}") for name in names]


_TASK_TIME = t.Deadline.__table__.alias("task_time")
_CASE_TIME = t.Deadline.__table__.alias("case_time")
_OF_TASK = and_(
    _TASK_TIME.c.instance_key == t.UserTask.instance_key,
    _TASK_TIME.c.element_instance == t.UserTask.element_instance,
)

_TASK = (
    select(
        t.UserTask.__table__,
        t.ProcessInstance.number,
        t.ProcessInstance.subject,
        t.ProcessInstance.level,
        t.ProcessInstance.definition_key,
        (t.ProcessInstance.state == "SUSPENDED").label("suspended"),
        t.CaseKey.wrapped,
        t.ProcessDefinition.process_id,
        t.ProcessDefinition.name.label("process_name"),
        t.ProcessDefinition.version.label("definition_version"),
        t.FormDefinition.form_id,
        t.FormDefinition.version.label("form_version"),
        *CALLED_COLUMNS,
        t.OrgUnit.name.label("unit_name"),
        _ASSIGNEE.c.username.label("assignee"),
        _ASSIGNEE.c.name.label("assignee_name"),
        select(func.array_agg(t.UserTaskCandidate.position))
        .where(t.UserTaskCandidate.user_task_key == t.UserTask.key)
        .scalar_subquery()
        .label("positions"),
        *_time(_TASK_TIME, "time_"),
    )
    .join(t.ProcessInstance, t.ProcessInstance.key == t.UserTask.instance_key)
    .join(t.CaseKey, t.CaseKey.instance_key == t.ProcessInstance.key)
    .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
    .join(t.OrgUnit, t.OrgUnit.key == t.ProcessInstance.unit_key)
    .outerjoin(CALLED, CALLED.c.key == t.UserTask.called_key)
    .outerjoin(t.FormDefinition, t.FormDefinition.key == t.UserTask.form_key)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.c.key == t.UserTask.assignee_key)
    .outerjoin(_TASK_TIME, _OF_TASK)
)

_CASE = (
    select(
        t.ProcessInstance.__table__,
        t.CaseKey.wrapped,
        t.ProcessDefinition.process_id,
        t.ProcessDefinition.name.label("process_name"),
        t.ProcessDefinition.version.label("definition_version"),
        t.OrgUnit.name.label("unit_name"),
        func.coalesce(_STARTER.c.name, "").label("starter_name"),
        exists()
        .where(t.Incident.instance_key == t.ProcessInstance.key, t.Incident.state == "ACTIVE")
        .label("has_incident"),
        *_time(_CASE_TIME, "time_"),
    )
    .join(t.CaseKey, t.CaseKey.instance_key == t.ProcessInstance.key)
    .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
    .join(t.OrgUnit, t.OrgUnit.key == t.ProcessInstance.unit_key)
    .outerjoin(_STARTER, _STARTER.c.key == t.ProcessInstance.starter_key)
    .outerjoin(
        _CASE_TIME,
        and_(_CASE_TIME.c.instance_key == t.ProcessInstance.key, _CASE_TIME.c.element_instance == ""),
    )
)


def waits_for(person_key: int, positions: Sequence[PositionHolding]) -> ColumnElement[bool]:
    """Assigned to the person, or unassigned and offered to a position that they hold."""
    held = [(holding.position, holding.unit_key) for holding in positions]
    offered = (
        exists().where(
            t.UserTaskCandidate.user_task_key == t.UserTask.key,
            tuple_(t.UserTaskCandidate.position, t.UserTaskCandidate.unit_key).in_(held),
        )
        if held
        else false()
    )
    return or_(t.UserTask.assignee_key == person_key, and_(t.UserTask.assignee_key.is_(None), offered))


def todo(
    uow: UnitOfWork,
    person_key: int,
    positions: Sequence[PositionHolding],
    *,
    before_key: int | None,
    limit: int,
    at: datetime,
    wanted: ListFilter = EVERYTHING,
) -> Sequence[Any]:
    """Open user tasks that wait for a person, newest first. at: the moment of the lights."""
    statement = _TASK.where(t.UserTask.state == "CREATED", waits_for(person_key, positions), *_conditions(wanted, at))
    if before_key is not None:
        statement = statement.where(t.UserTask.key < before_key)
    return uow.rows(statement.order_by(t.UserTask.key.desc()).limit(limit))


def _conditions(wanted: ListFilter, at: datetime | None = None) -> list[ColumnElement[bool]]:
    """What the database can say about a filter; the text is looked for in what was decrypted.

    at: the moment of the lights; without one the list is not of tasks that wait, and `only` asks for nothing.
    """
    found: list[ColumnElement[bool]] = []
    if wanted.process:
        found.append(t.ProcessDefinition.process_id == wanted.process)
    if wanted.only is not None and at is not None:
        found.append(_only(wanted.only, at))
    return found


def _only(kind: Only, now: datetime) -> ColumnElement[bool]:
    """The light is that of the moment, or of the moment at which the clock was stopped."""
    at = func.coalesce(_TASK_TIME.c.stopped_at, now)
    match kind:
        case Only.WARNED:
            return t.ProcessInstance.level != RiskLevel.NONE.value
        case Only.NEAR:
            return and_(_TASK_TIME.c.warn_at <= at, _TASK_TIME.c.due_at > at)
        case Only.OVERDUE:
            return _TASK_TIME.c.due_at <= at
        case Only.UNCLAIMED:
            return t.UserTask.assignee_key.is_(None)


def todo_counts(
    uow: UnitOfWork, person_key: int, positions: Sequence[PositionHolding], at: datetime
) -> tuple[int, dict[Only, int], tuple[ProcessCount, ...]]:
    """How many open user tasks wait for a person: all, of each kind, and by process, the most frequent first."""
    names = list(Only)
    rows = uow.rows(
        select(
            t.ProcessDefinition.process_id,
            func.max(t.ProcessDefinition.name).label("name"),
            func.count().label("count"),
            *(func.count().filter(_only(name, at)).label(name.value) for name in names),
        )
        .select_from(t.UserTask)
        .join(t.ProcessInstance, t.ProcessInstance.key == t.UserTask.instance_key)
        .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
        .outerjoin(_TASK_TIME, _OF_TASK)
        .where(t.UserTask.state == "CREATED", waits_for(person_key, positions))
        .group_by(t.ProcessDefinition.process_id)
        .order_by(func.count().desc(), t.ProcessDefinition.process_id)
    )
    kinds = {name: sum(int(row._mapping[name.value]) for row in rows) for name in names}
    processes = tuple(ProcessCount(process_id=row.process_id, name=row.name, count=row[2]) for row in rows)
    return sum(found.count for found in processes), kinds, processes


def done(
    uow: UnitOfWork,
    person_key: int,
    *,
    before: tuple[datetime | None, int] | None,
    limit: int,
    wanted: ListFilter = EVERYTHING,
) -> Sequence[Any]:
    """User tasks that a person completed, newest completion first."""
    statement = _TASK.where(t.UserTask.completed_by == person_key, *_conditions(wanted))
    if before is not None:
        statement = statement.where(tuple_(t.UserTask.completed_at, t.UserTask.key) < before)
    return uow.rows(statement.order_by(t.UserTask.completed_at.desc(), t.UserTask.key.desc()).limit(limit))


def done_count(uow: UnitOfWork, person_key: int) -> int:
    """How many user tasks a person completed."""
    row = uow.row(select(func.count()).where(t.UserTask.completed_by == person_key))
    return int(row[0]) if row else 0


def started(
    uow: UnitOfWork, person_key: int, *, before_key: int | None, limit: int, wanted: ListFilter = EVERYTHING
) -> Sequence[Any]:
    """Cases that a person started, newest first."""
    statement = _CASE.where(t.ProcessInstance.starter_key == person_key, *_conditions(wanted))
    return _cases(uow, statement, before_key, limit)


def started_count(uow: UnitOfWork, person_key: int) -> int:
    """How many cases a person started."""
    row = uow.row(select(func.count()).where(t.ProcessInstance.starter_key == person_key))
    return int(row[0]) if row else 0


def copied(
    uow: UnitOfWork, person_key: int, *, before_key: int | None, limit: int, wanted: ListFilter = EVERYTHING
) -> Sequence[Any]:
    """Cases of which a person was sent a copy, the newest copy first; ``copy_key`` and ``unread`` of the copy."""
    statement = (
        _CASE.add_columns(t.CarbonCopy.key.label("copy_key"), t.CarbonCopy.read_at.is_(None).label("unread"))
        .join(t.CarbonCopy, t.CarbonCopy.instance_key == t.ProcessInstance.key)
        .where(t.CarbonCopy.person_key == person_key, *_conditions(wanted))
    )
    if before_key is not None:
        statement = statement.where(t.CarbonCopy.key < before_key)
    return uow.rows(statement.order_by(t.CarbonCopy.key.desc()).limit(limit))


def unread_copies(uow: UnitOfWork, person_key: int) -> int:
    """How many copies a person has not read."""
    unread = t.CarbonCopy.person_key == person_key, t.CarbonCopy.read_at.is_(None)
    row = uow.row(select(func.count()).select_from(t.CarbonCopy).where(*unread))
    return int(row[0]) if row else 0


def in_reach(reach: Reach) -> ColumnElement[bool]:
    """The condition on process_instance that a reader's rights make."""
    if reach.everything:
        return t.ProcessInstance.key.is_not(None)
    # An alias: the statement around it may be about user tasks itself.
    worked = exists().where(_WORKED.c.instance_key == t.ProcessInstance.key, _WORKED.c.completed_by == reach.person_key)
    copied = exists().where(
        t.CarbonCopy.instance_key == t.ProcessInstance.key, t.CarbonCopy.person_key == reach.person_key
    )
    conditions: list[ColumnElement[bool]] = [t.ProcessInstance.starter_key == reach.person_key, worked, copied]
    conditions += [t.ProcessInstance.unit_path.startswith(path, autoescape=True) for path in reach.subtrees]
    if reach.units:
        conditions.append(t.ProcessInstance.unit_key.in_(reach.units))
    return or_(*conditions)


def cases(
    uow: UnitOfWork,
    reach: Reach,
    *,
    before_key: int | None,
    limit: int,
    number: str = "",
    filters: Sequence[ColumnElement[bool]] = (),
) -> Sequence[Any]:
    """Cases in a reader's reach, newest first; `number` finds part of a case number."""
    statement = _CASE.where(in_reach(reach), *filters)
    if number:
        statement = statement.where(t.ProcessInstance.number.contains(number.upper(), autoescape=True))
    return _cases(uow, statement, before_key, limit)


def _cases(uow: UnitOfWork, statement: Select[Any], before_key: int | None, limit: int) -> Sequence[Any]:
    if before_key is not None:
        statement = statement.where(t.ProcessInstance.key < before_key)
    return uow.rows(statement.order_by(t.ProcessInstance.key.desc()).limit(limit))


def tasks_in_reach(
    uow: UnitOfWork,
    reach: Reach,
    positions: Sequence[PositionHolding],
    *,
    before_key: int | None,
    limit: int,
    state: str | None = None,
    assignee: str | None = None,
    instance_key: int | None = None,
    element_id: str | None = None,
) -> Sequence[Any]:
    """User tasks that a person may work or whose case they may read, newest first (search of the API)."""
    statement = _TASK.where(or_(in_reach(reach), waits_for(reach.person_key, positions)))
    wanted: list[ColumnElement[bool]] = []
    if before_key is not None:
        wanted.append(t.UserTask.key < before_key)
    if state is not None:
        wanted.append(t.UserTask.state == state)
    if assignee is not None:
        wanted.append(_ASSIGNEE.c.username == assignee)
    if instance_key is not None:
        wanted.append(t.UserTask.instance_key == instance_key)
    if element_id is not None:
        wanted.append(t.UserTask.element_id == element_id)
    return uow.rows(statement.where(*wanted).order_by(t.UserTask.key.desc()).limit(limit))


def task(uow: UnitOfWork, key: int) -> Any | None:
    """One user task in the shape of the lists."""
    return uow.row(_TASK.where(t.UserTask.key == key))


def numbers(uow: UnitOfWork, keys: Collection[int]) -> dict[int, str]:
    """The case numbers of those keys that are cases."""
    if not keys:
        return {}
    found = select(t.ProcessInstance.key, t.ProcessInstance.number).where(t.ProcessInstance.key.in_(sorted(keys)))
    return {row.key: row.number for row in uow.rows(found)}
