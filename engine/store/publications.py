"""Statements about messages and signals that were published, and about who waits for them.

Lock order: a publication comes before the case that it reaches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from engine.model.ids import DefinitionKey, ElementId, ElementInstanceId, InstanceKey, PersonKey, UnitKey
from engine.store.waits import NewPublication, NewSubscription, NewTimer
from engine.store.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One that was not delivered yet. See the table."""

    key: int
    kind: str
    name: str
    key_hash: bytes
    message_id: str
    wrapped: bytes | None
    body: bytes | None
    state: str
    published_at: datetime
    expires_at: datetime
    person_key: PersonKey | None
    unit_key: UnitKey
    reach: list[str]
    source_key: InstanceKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Who waits for a message or signal: a case, or a start event of a definition."""

    key: int
    instance_key: InstanceKey | None
    definition_key: DefinitionKey | None
    element_id: ElementId
    element_instance: ElementInstanceId


_INSERT = text("""
    insert into publication (key, kind, name, key_hash, message_id, wrapped, body, state, published_at, expires_at,
                             person_key, unit_key, reach, source_key)
    values (:key, :kind, :name, :key_hash, :message_id, :wrapped, :body, 'BUFFERED', :published_at, :expires_at,
            :person_key, :unit_key, :reach, :source_key)
        on conflict (name, message_id) where message_id <> '' do nothing
""")
_QUEUE = text("""
    insert into due (kind, publication_key, due_at, try_at) values (:kind, :publication, :at, :at)
""")
_PUBLICATION = """
    select key, kind, name, key_hash, message_id, wrapped, body, state, published_at, expires_at, person_key, unit_key,
           reach, source_key
      from publication where key = :key
"""
_LOOK_AT = text(_PUBLICATION)
_LOCK = text(_PUBLICATION + " for update")
_OLDEST = text("""
    select key from publication
     where state = 'BUFFERED' and kind = 'message' and name = :name
       and (cast(:key_hash as bytea) is null or key_hash = :key_hash) and expires_at > :now
     order by key limit 1
""")
_WAITING = "select s.key, s.instance_key, s.definition_key, s.element_id, s.element_instance from subscription s"
_CASE_WAITING = text(f"""
    {_WAITING} join process_instance i on i.key = s.instance_key
     where s.kind = 'message' and s.name = :name and s.key_hash = :key_hash and s.key > :after
       and i.unit_path like any(cast(:reach as text[])) and i.state = 'ACTIVE'
     order by s.key limit 1
""")
_START_WAITING = text(f"""
    {_WAITING} where s.kind = 'message' and s.name = :name and s.definition_key is not null and s.key > :after
     order by s.key limit 1
""")
_SUBSCRIPTION = text("""
    select kind, name, key_hash from subscription
     where (instance_key = :instance or definition_key = :definition) and element_instance = :element_instance
""")
_STILL = text("""
    select 1 from subscription s
     where s.key = :key
       and not exists (select 1 from incident x where x.instance_key = s.instance_key
                                                  and x.element_instance = s.element_instance and x.state = 'ACTIVE')
""")
_LISTENS = text("""
    select element_instance from subscription
     where instance_key = :instance and kind = 'signal' and name = :name and key < :publication order by key
""")
_CLOSE = text("""
    update publication set state = :state, wrapped = null, body = null where key = :key
""")
_BROADCAST = text("""
    with cases as (
        select s.instance_key, min(s.key) as first
          from subscription s join process_instance i on i.key = s.instance_key
         where s.kind = 'signal' and s.name = :name and i.unit_path like any(cast(:reach as text[]))
           and s.key < :publication and s.instance_key is distinct from :source
         group by s.instance_key
    )
    insert into due (kind, publication_key, instance_key, definition_key, element_id, element_instance, due_at, try_at)
    select 'signal', :publication, instance_key, definition_key, element_id, element_instance, :at, :at
      from (select instance_key, null as definition_key, '' as element_id, '' as element_instance, first from cases
             union all
            select null, definition_key, element_id, element_instance, key from subscription
             where kind = 'signal' and name = :name and definition_key is not null) as found
     order by first
""")
_OPENED = text("""
    insert into subscription (kind, name, key_hash, definition_key, element_id, element_instance, created_at)
    values (:kind, :name, '', :definition, :element_id, :element_instance, :at)
""")
_LOOK = text("""
    insert into due (kind, definition_key, element_instance, due_at, try_at)
    values ('look', :definition, :element_instance, :at, :at)
""")
_OPENED_TIMER = text("""
    insert into due (kind, definition_key, element_id, element_instance, due_at, remaining, try_at)
    values ('start', :definition, :element_id, :element_instance, :due_at, :remaining, :due_at)
""")
_SHUT = text("""
    with silent as (
        delete from due where kind in ('start', 'look') and definition_key in (
            select key from process_definition where process_id = :process_id)
    )
    delete from subscription where definition_key in (
        select key from process_definition where process_id = :process_id)
""")
_EXPIRE = text("""
    update publication set state = 'EXPIRED', wrapped = null, body = null
     where state = 'BUFFERED' and expires_at <= :now
       and not exists (select 1 from due where publication_key = publication.key)
""")
_PRUNE = text("""
    delete from publication
     where expires_at < :before and published_at < :before
       and not exists (select 1 from due where publication_key = publication.key)
""")


def insert(uow: UnitOfWork, made: NewPublication) -> bool:
    """Add a publication; False when its name and message id were published before."""
    names = NewPublication.__dataclass_fields__
    return uow.write(_INSERT, {name: getattr(made, name) for name in names} | {"reach": list(made.reach)}) == 1


def queue(uow: UnitOfWork, key: int, kind: str, at: datetime) -> None:
    """Let the clock deliver it. kind: of the row, ``message`` or ``broadcast``."""
    uow.write(_QUEUE, {"publication": key, "kind": kind, "at": at})


def lock(uow: UnitOfWork, key: int) -> Publication | None:
    """A publication, locked; None when it is gone."""
    row = uow.row(_LOCK, {"key": key})
    return Publication(**row._asdict()) if row else None


def look(uow: UnitOfWork, key: int) -> Publication | None:
    """The same without a lock."""
    row = uow.row(_LOOK_AT, {"key": key})
    return Publication(**row._asdict()) if row else None


def oldest_for(
    uow: UnitOfWork, now: datetime, element_instance: str, *, instance: int | None, definition: int | None
) -> int | None:
    """The oldest buffered message that a subscription may be waiting for; None without one, or without the wait."""
    where = {"instance": instance, "definition": definition, "element_instance": element_instance}
    found = uow.row(_SUBSCRIPTION, where)
    if found is None:
        return None
    key_hash = found.key_hash if instance is not None else None
    row = uow.row(_OLDEST, {"name": found.name, "key_hash": key_hash, "now": now})
    return int(row.key) if row else None


def waiting(uow: UnitOfWork, found: Publication, *, after: int = 0) -> Waiting | None:
    """Who waits longest for a message: a case in its reach before a start event, from subscription `after` on."""
    given = {"name": found.name, "key_hash": found.key_hash, "reach": found.reach, "after": after}
    row = uow.row(_CASE_WAITING, given) or uow.row(_START_WAITING, {"name": found.name, "after": after})
    return Waiting(**row._asdict()) if row else None


def still_waits(uow: UnitOfWork, subscription: Waiting) -> bool:
    """Whether a subscription of a locked case is still there, and has no incident."""
    return uow.row(_STILL, {"key": subscription.key}) is not None


def listens(uow: UnitOfWork, instance: int, found: Publication) -> list[ElementInstanceId]:
    """The waits of a locked case for a signal that began before it was sent, oldest first."""
    rows = uow.rows(_LISTENS, {"instance": instance, "name": found.name, "publication": found.key})
    return [ElementInstanceId(row.element_instance) for row in rows]


def close(uow: UnitOfWork, key: int, state: str) -> None:
    """It is done with; its variables are forgotten."""
    uow.write(_CLOSE, {"key": key, "state": state})


def broadcast(uow: UnitOfWork, found: Publication, at: datetime) -> int:
    """Let a signal reach everybody who waited for it when it was sent: a row for each case but its own, which has
    caught it already, and for each start event. Returns how many.

    Keys rise, so a wait that began later has a larger one.
    """
    given = {"publication": found.key, "name": found.name, "reach": found.reach, "at": at, "source": found.source_key}
    return uow.write(_BROADCAST, given)


def shut(uow: UnitOfWork, process_id: str) -> None:
    """The start events of all versions of a process wait no longer."""
    uow.write(_SHUT, {"process_id": process_id})


def open_starts(
    uow: UnitOfWork,
    definition: int,
    timers: Sequence[NewTimer],
    subscriptions: Sequence[NewSubscription],
    at: datetime,
) -> None:
    """The start events of a version begin to wait. A message that was published already may begin a case, too."""
    for timer in timers:
        values = {"element_id": timer.element_id, "element_instance": timer.instance, "due_at": timer.due_at}
        uow.write(_OPENED_TIMER, values | {"definition": definition, "remaining": timer.remaining})
    for one in subscriptions:
        values = {"element_id": one.element_id, "element_instance": one.instance, "at": at, "definition": definition}
        uow.write(_OPENED, values | {"kind": one.kind, "name": one.name})
        if one.kind == "message":
            uow.write(_LOOK, {"definition": definition, "element_instance": one.instance, "at": at})


def expire(uow: UnitOfWork, now: datetime) -> int:
    """Forget the variables of messages whose time to live is over, and of signals that have reached everybody."""
    return uow.write(_EXPIRE, {"now": now})


def prune(uow: UnitOfWork, before: datetime) -> int:
    """Forget publications, and with them their message ids, from before an instant; returns how many."""
    return uow.write(_PRUNE, {"before": before})
