"""Statements of the verbs of approval: added signers, ways straight back, copies, urging."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from engine.model.ids import PersonKey, UserTaskKey
from engine.store.cases import UserTaskRecord
from engine.store.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRecord:
    """A user task that was added to another: `key` of it, who is asked by whom, and its state and result."""

    key: UserTaskKey
    parent_key: UserTaskKey
    manner: str
    asked_by: PersonKey
    person_key: PersonKey
    person_name: str
    username: str
    state: str
    outcome_code: str | None


_SIGNING = """
    select s.*, t.assignee_key, t.state, t.outcome_code, p.name, p.username
      from signing s join user_task t on t.key = s.user_task_key join person p on p.key = t.assignee_key
"""
_OF_TASK = text(f"{_SIGNING} where s.user_task_key = :key")
_OF_PARENT = text(f"{_SIGNING} where s.parent_key = :key order by s.user_task_key")

_ADD = text("""
    with made as (
        insert into user_task (key, instance_key, element_id, element_instance, element_name, state, version,
                               assignee_key, created_at, called_key, item_number, item)
        select :key, instance_key, element_id, split_part(element_instance, '+', 1) || '+' || :key, element_name,
               'CREATED', 1, :person, :at, called_key, item_number, null
          from user_task where key = :parent
    )
    insert into signing (user_task_key, parent_key, manner, asked_by, created_at)
    values (:key, :parent, :manner, :asked_by, :at)
""")
_CLOSE = text("""
    update user_task set state = :state, version = version + 1, completed_at = :at, completed_by = :person,
           outcome_code = :code, outcome_name = :name
     where key = :key
""")
_SET_ONWARD = text("insert into user_task_return (user_task_key, onward) values (:key, :onward)")
_LAST_DOER = text("""
    select t.completed_by from user_task t join person p on p.key = t.completed_by
     where t.instance_key = :instance and t.element_id = :element and t.state = 'COMPLETED' and not p.disabled
       and not exists (select from signing where user_task_key = t.key)
     order by t.completed_at desc, t.key desc limit 1
""")
_DONE_SINCE = text("""
    select element_id from user_task
     where instance_key = :instance and state = 'COMPLETED' and completed_at >= :at and key <> :key
    union
    select element_id from job
     where instance_key = :instance and (ended_at >= :at and state <> 'CANCELED' or locked_until > :now)
""")
_EVENTS_SINCE = text("""
    select exists (select from trace_entry
                    where stream = :instance and at >= :at
                      and kind in ('timer.fired.v1', 'message.correlated.v1', 'signal.caught.v1'))
        or exists (select from publication where source_key = :instance and published_at >= :at)
""")
_COPY = text("""
    insert into carbon_copy (instance_key, person_key, sent_by, sent_at) values (:instance, :person, :by, :at)
    on conflict (instance_key, person_key) do nothing
""")
_READ = text("""
    update carbon_copy set read_at = :at where instance_key = :instance and person_key = :person and read_at is null
""")
_COPIES = text("""
    select c.sent_at, c.read_at, p.name, p.username, b.name as by_name
      from carbon_copy c join person p on p.key = c.person_key join person b on b.key = c.sent_by
     where c.instance_key = :instance order by c.key
""")
_URGED = text("select urged_at, times from urging where instance_key = :instance and person_key = :person")
_URGE = text("""
    insert into urging (instance_key, person_key, urged_at, times) values (:instance, :person, :at, 1)
    on conflict (instance_key, person_key) do update set urged_at = :at, times = urging.times + 1
""")


def signing(uow: UnitOfWork, key: int) -> SigningRecord | None:
    """How a user task was added to another; None when it was not."""
    row = uow.row(_OF_TASK, {"key": key})
    return _signing(row) if row else None


def signers(uow: UnitOfWork, parent_key: int) -> tuple[SigningRecord, ...]:
    """Everybody who was added to a user task, in order, those who have signed or were removed too."""
    return tuple(_signing(row) for row in uow.rows(_OF_PARENT, {"key": parent_key}))


def add_signer(
    uow: UnitOfWork, parent: UserTaskRecord, key: int, person: int, manner: str, asked_by: int, at: datetime
) -> None:
    """Add a user task for a person at the same element instance; the parent waits for it."""
    values = {"key": key, "parent": parent.key, "person": person, "manner": manner, "asked_by": asked_by, "at": at}
    uow.write(_ADD, values)


def close(
    uow: UnitOfWork, key: int, at: datetime, *, person: int | None = None, outcome: tuple[str, str] | None = None
) -> None:
    """Complete an added user task with an outcome, or cancel it without one."""
    code, name = outcome or (None, None)
    state = "COMPLETED" if outcome else "CANCELED"
    uow.write(_CLOSE, {"key": key, "at": at, "person": person, "code": code, "name": name, "state": state})


def set_onward(uow: UnitOfWork, key: int, element: str) -> None:
    """Let the case go straight on to an element after this user task."""
    uow.write(_SET_ONWARD, {"key": key, "onward": element})


def last_doer(uow: UnitOfWork, instance_key: int, element: str) -> PersonKey | None:
    """Who completed an element of a case last, if they may still sign in."""
    row = uow.row(_LAST_DOER, {"instance": instance_key, "element": element})
    return PersonKey(row.completed_by) if row else None


def done_since(uow: UnitOfWork, task: UserTaskRecord, now: datetime) -> set[str]:
    """Elements whose user tasks or jobs were done after a user task, and jobs that a worker holds."""
    rows = uow.rows(_DONE_SINCE, {"instance": task.instance_key, "at": task.completed_at, "key": task.key, "now": now})
    return {row.element_id for row in rows}


def events_since(uow: UnitOfWork, task: UserTaskRecord) -> bool:
    """Whether an event reached the case, or it sent one, after a user task."""
    row = uow.row(_EVENTS_SINCE, {"instance": task.instance_key, "at": task.completed_at})
    return bool(row and row[0])


def copy(uow: UnitOfWork, instance_key: int, person: int, by: int, at: datetime) -> bool:
    """Let a person follow a case; False when they do already."""
    return uow.write(_COPY, {"instance": instance_key, "person": person, "by": by, "at": at}) > 0


def read_copy(uow: UnitOfWork, instance_key: int, person: int, at: datetime) -> bool:
    """Mark a copy as read; False when there is none that was unread."""
    return uow.write(_READ, {"instance": instance_key, "person": person, "at": at}) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRecord:
    """Somebody who may follow a case. read_at: None as long as they have not opened it."""

    name: str
    username: str
    by_name: str
    sent_at: datetime
    read_at: datetime | None


def copies(uow: UnitOfWork, instance_key: int) -> Sequence[CopyRecord]:
    """Who was sent copies of a case, in order."""
    return [
        CopyRecord(name=row.name, username=row.username, by_name=row.by_name, sent_at=row.sent_at, read_at=row.read_at)
        for row in uow.rows(_COPIES, {"instance": instance_key})
    ]


def urged(uow: UnitOfWork, instance_key: int, person: int) -> tuple[datetime, int] | None:
    """When a person last urged in a case, and how often they did."""
    row = uow.row(_URGED, {"instance": instance_key, "person": person})
    return (row.urged_at, row.times) if row else None


def urge(uow: UnitOfWork, instance_key: int, person: int, at: datetime) -> None:
    """A person has urged."""
    uow.write(_URGE, {"instance": instance_key, "person": person, "at": at})


def _signing(row: Any) -> SigningRecord:
    return SigningRecord(
        key=UserTaskKey(row.user_task_key),
        parent_key=UserTaskKey(row.parent_key),
        manner=row.manner,
        asked_by=PersonKey(row.asked_by),
        person_key=PersonKey(row.assignee_key),
        person_name=row.name,
        username=row.username,
        state=row.state,
        outcome_code=row.outcome_code,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueRecord:
    """Somebody who may be asked. busy: how many open user tasks they hold."""

    username: str
    name: str
    unit_name: str
    busy: int


_COLLEAGUES = text("""
    select p.username, p.name, u.name as unit_name,
           (select count(*) from user_task t where t.assignee_key = p.key and t.state = 'CREATED') as busy
      from person p join org_unit u on u.key = p.unit_key
     where not p.disabled and p.key <> :person and (starts_with(:path, u.path) or starts_with(u.path, :path))
       and exists (select from role_grant g where g.person_key = p.key and g.role = any(:roles))
     order by length(u.path) desc, u.path, p.username limit 300
""")


def colleagues(uow: UnitOfWork, path: str, person: int, roles: Sequence[str]) -> tuple[ColleagueRecord, ...]:
    """People of the units above and below a path who hold one of the roles, the nearest units first."""
    rows = uow.rows(_COLLEAGUES, {"path": path, "person": person, "roles": list(roles)})
    return tuple(
        ColleagueRecord(username=row.username, name=row.name, unit_name=row.unit_name, busy=row.busy) for row in rows
    )
