"""Statements about notices: what others did, and open user tasks that somebody has not looked at yet."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model.actors import PositionHolding
from engine.store import tables as t
from engine.store.work import UnitOfWork
from engine.store.worklists import waits_for

_HOLDERS = text("""
    select u.key as task_key, u.element_name, p.key as person_key
      from user_task u join person p on p.key = u.assignee_key
     where u.key = any(:keys) and u.state = 'CREATED' and not p.disabled
    union
    select u.key, u.element_name, p.key
      from user_task u
      join user_task_candidate c on c.user_task_key = u.key
      join position_holding h on h.position = c.position and h.unit_key = c.unit_key
      join person p on p.key = h.person_key
     where u.key = any(:keys) and u.state = 'CREATED' and u.assignee_key is null and not p.disabled
     order by 1, 3
""")
_SUPERVISORS = text("""
    with those as (
        select g.person_key, length(u.path) as near
          from role_grant g join org_unit u on u.key = g.unit_key join person p on p.key = g.person_key
         where g.role = any(:roles) and not p.disabled and starts_with(:path, u.path)
           and (g.scope in ('subtree', 'all') or g.scope = 'unit' and u.path = :path)
           and not exists (select from role_grant a where a.person_key = g.person_key and a.role = any(:administrators))
    )
    select distinct person_key from those where near = (select max(near) from those) order by person_key
""")
_BY = t.Person.__table__.alias("by")


def _new_tasks(person_key: int, positions: Sequence[PositionHolding]) -> Any:
    looked = exists().where(t.TaskLook.user_task_key == t.UserTask.key, t.TaskLook.person_key == person_key)
    return (t.UserTask.state == "CREATED", waits_for(person_key, positions), ~looked)


def unread_count(uow: UnitOfWork, person_key: int, positions: Sequence[PositionHolding]) -> int:
    """How many user tasks wait unseen, and how many notices are unread, together."""
    tasks = select(func.count()).select_from(t.UserTask).where(*_new_tasks(person_key, positions)).scalar_subquery()
    others = (
        select(func.count())
        .select_from(t.Notice)
        .where(t.Notice.person_key == person_key, t.Notice.read_at.is_(None))
        .scalar_subquery()
    )
    row = uow.row(select(tasks + others))
    return int(row[0]) if row else 0


def listed(
    uow: UnitOfWork, person_key: int, positions: Sequence[PositionHolding], *, before_key: int | None, limit: int
) -> Sequence[Any]:
    """New tasks and notices of a person, newest first by key; `before_key` continues."""
    about = (
        func.coalesce(t.ProcessInstance.number, "").label("number"),
        func.coalesce(t.ProcessDefinition.name, "").label("process_name"),
        t.ProcessInstance.key.label("instance_key"),
        t.UserTask.key.label("user_task_key"),
    )
    new = (
        select(
            t.UserTask.key.label("key"),
            literal("new_task").label("kind"),
            *about,
            t.UserTask.element_name.label("element_name"),
            cast(null(), BigInteger).label("alert_key"),
            literal("").label("by_name"),
            t.UserTask.created_at.label("at"),
            cast(null(), DateTime(timezone=True)).label("read_at"),
        )
        .select_from(t.UserTask)
        .join(t.ProcessInstance, t.ProcessInstance.key == t.UserTask.instance_key)
        .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
        .where(*_new_tasks(person_key, positions), t.UserTask.key < before_key if before_key else true())
        .order_by(t.UserTask.key.desc())
        .limit(limit)
    )
    told = (
        select(
            t.Notice.key.label("key"),
            t.Notice.kind,
            *about,
            func.coalesce(t.UserTask.element_name, t.Notice.element_name).label("element_name"),
            t.Notice.alert_key,
            func.coalesce(_BY.c.name, "").label("by_name"),
            t.Notice.created_at.label("at"),
            t.Notice.read_at,
        )
        .select_from(t.Notice)
        .outerjoin(t.ProcessInstance, t.ProcessInstance.key == t.Notice.instance_key)
        .outerjoin(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
        .outerjoin(t.UserTask, t.UserTask.key == t.Notice.user_task_key)
        .outerjoin(_BY, _BY.c.key == t.Notice.by_key)
        .where(t.Notice.person_key == person_key, t.Notice.key < before_key if before_key else true())
        .order_by(t.Notice.key.desc())
        .limit(limit)
    )
    both = union_all(select(new.subquery()), select(told.subquery())).subquery()
    return uow.rows(select(both).order_by(both.c.key.desc()).limit(limit))


def add(uow: UnitOfWork, rows: list[dict[str, Any]]) -> list[int]:
    """Write notices; their keys."""
    if not rows:
        return []
    keys = uow.keys(len(rows))
    uow.write(insert(t.Notice), [{"key": key, **row} for key, row in zip(keys, rows, strict=True)])
    return keys


def holders(uow: UnitOfWork, task_keys: Sequence[int]) -> Sequence[Any]:
    """Who is to do these open user tasks (``task_key``, ``element_name``, ``person_key``): who holds one, or those of
    the positions that it is offered to.
    """
    return uow.rows(_HOLDERS, {"keys": list(task_keys)}) if task_keys else []


def supervisors(uow: UnitOfWork, path: str, roles: Collection[str], administrators: Collection[str]) -> list[int]:
    """Who holds one of the roles over the unit at a path: those of the nearest unit, itself or above, that has any."""
    values = {"path": path, "roles": sorted(roles), "administrators": sorted(administrators)}
    return [int(row.person_key) for row in uow.rows(_SUPERVISORS, values)]


def mark_read(uow: UnitOfWork, person_key: int, at: datetime, key: int | None = None) -> None:
    """Mark one notice as read, or all of them."""
    statement = update(t.Notice).where(t.Notice.person_key == person_key, t.Notice.read_at.is_(None))
    uow.write((statement.where(t.Notice.key == key) if key else statement).values(read_at=at))


def mark_copied(uow: UnitOfWork, person_key: int, instance_key: int, at: datetime) -> None:
    """Mark what a person was told of the copy of a case as read."""
    about = t.Notice.person_key == person_key, t.Notice.instance_key == instance_key, t.Notice.kind == "copied"
    uow.write(update(t.Notice).where(*about, t.Notice.read_at.is_(None)).values(read_at=at))


def look(uow: UnitOfWork, person_key: int, user_task_key: int, at: datetime) -> None:
    """The person has looked at a user task: it is news no more, and neither is what was told about it."""
    statement = upsert(t.TaskLook).values(user_task_key=user_task_key, person_key=person_key, at=at)
    uow.write(statement.on_conflict_do_nothing())
    about = t.Notice.person_key == person_key, t.Notice.user_task_key == user_task_key, t.Notice.read_at.is_(None)
    uow.write(update(t.Notice).where(*about).values(read_at=at))


def look_at_all(uow: UnitOfWork, person_key: int, positions: Sequence[PositionHolding], at: datetime) -> None:
    """Every user task that waits for the person is news no more."""
    waiting = select(t.UserTask.key, literal(person_key), literal(at)).where(*_new_tasks(person_key, positions))
    statement = upsert(t.TaskLook).from_select(["user_task_key", "person_key", "at"], waiting)
    uow.write(statement.on_conflict_do_nothing())
