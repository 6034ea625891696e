"""What a step of a case writes beside its state: timers, subscriptions and what it has published, in one statement.

The caller holds the lock of the case's row. Nothing is executed for a step that changes none of these.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from engine.model.ids import DefinitionKey, ElementId, ElementInstanceId, InstanceKey, UnitKey
from engine.store.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTimer:
    """A timer that waits now, in place of the one of its `instance`. called_key: the called process it belongs to."""

    element_id: ElementId
    instance: ElementInstanceId
    due_at: datetime
    remaining: int | None
    called_key: DefinitionKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubscription:
    """A wait for a message or signal that begins. key_hash: of the correlation key, empty for a signal."""

    kind: str
    name: str
    key_hash: bytes
    element_id: ElementId
    instance: ElementInstanceId
    called_key: DefinitionKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPublication:
    """A message or signal to be delivered. body: encrypted under the key that `wrapped` holds. See the table."""

    key: int
    kind: str
    name: str
    key_hash: bytes
    message_id: str
    wrapped: bytes
    body: bytes
    published_at: datetime
    expires_at: datetime
    person_key: int | None
    unit_key: UnitKey
    reach: tuple[str, ...]
    source_key: InstanceKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWaits:
    """Everything of the kind in one step. closed: ids of waits that are over; ended: the case is, with all of them."""

    closed: Sequence[str] = ()
    timers: Sequence[NewTimer] = ()
    subscriptions: Sequence[NewSubscription] = ()
    published: Sequence[NewPublication] = ()
    ended: bool = False

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.closed or self.timers or self.subscriptions or self.published)


_WRITE = text("""
    with silent as (
        delete from due where instance_key = :instance and kind = 'timer'
                          and (:ended or element_instance = any(cast(:closed as text[])))
    ),
    deaf as (
        delete from subscription where instance_key = :instance
                                   and (:ended or element_instance = any(cast(:closed as text[])))
    ),
    armed as (
        insert into due (kind, instance_key, called_key, element_id, element_instance, due_at, remaining, try_at)
        select 'timer', :instance, x.called_key, x.element_id, x.element_instance, x.due_at, x.remaining, x.due_at
          from jsonb_to_recordset(cast(:timers as jsonb)) as x (
                   called_key bigint, element_id text, element_instance text, due_at timestamptz, remaining bigint)
            on conflict (instance_key, element_instance) where kind = 'timer' do update
           set due_at = excluded.due_at, try_at = excluded.try_at, remaining = excluded.remaining, attempts = 0,
               problem = ''
    ),
    listening as (
        insert into subscription (kind, name, key_hash, instance_key, called_key, element_id, element_instance,
                                  created_at)
        select x.kind, x.name, decode(x.key_hash, 'base64'), :instance, x.called_key, x.element_id, x.element_instance,
               :at
          from jsonb_to_recordset(cast(:subscriptions as jsonb)) as x (
                   kind text, name text, key_hash text, called_key bigint, element_id text, element_instance text)
    ),
    looks as (
        insert into due (kind, instance_key, element_instance, due_at, try_at)
        select 'look', :instance, x.element_instance, :at, :at
          from jsonb_to_recordset(cast(:subscriptions as jsonb)) as x (kind text, element_instance text)
         where x.kind = 'message'
    ),
    published as (
        insert into publication (key, kind, name, key_hash, message_id, wrapped, body, state, published_at, expires_at,
                                 unit_key, reach, source_key)
        select x.key, x.kind, x.name, decode(x.key_hash, 'base64'), x.message_id, decode(x.wrapped, 'base64'),
               decode(x.body, 'base64'), 'BUFFERED', :at, x.expires_at, x.unit_key, array['%'], :instance
          from jsonb_to_recordset(cast(:published as jsonb)) as x (
                   key bigint, kind text, name text, key_hash text, message_id text, wrapped text, body text,
                   expires_at timestamptz, unit_key bigint)
            on conflict (name, message_id) where message_id <> '' do nothing
        returning key, kind
    )
    insert into due (kind, publication_key, due_at, try_at)
    select case kind when 'signal' then 'broadcast' else kind end, key, :at, :at from published order by key
""")


def write(uow: UnitOfWork, instance_key: int, found: StepWaits, at: datetime) -> None:
    """Write what a step changed. A message id that was published already under that name is not published again."""
    if found.nothing:
        return
    uow.write(
        _WRITE,
        {
            "instance": instance_key,
            "at": at,
            "ended": found.ended,
            "closed": list(found.closed),
            "timers": json.dumps([_timer(one) for one in found.timers]),
            "subscriptions": json.dumps([_subscription(one) for one in found.subscriptions]),
            "published": json.dumps([_publication(one) for one in found.published]),
        },
    )


def _timer(one: NewTimer) -> dict[str, object]:
    return {
        "called_key": one.called_key,
        "element_id": one.element_id,
        "element_instance": one.instance,
        "due_at": one.due_at.isoformat(),
        "remaining": one.remaining,
    }


def _subscription(one: NewSubscription) -> dict[str, object]:
    return {
        "kind": one.kind,
        "name": one.name,
        "key_hash": _text(one.key_hash),
        "called_key": one.called_key,
        "element_id": one.element_id,
        "element_instance": one.instance,
    }


def _publication(one: NewPublication) -> dict[str, object]:
    return {
        "key": one.key,
        "kind": one.kind,
        "name": one.name,
        "key_hash": _text(one.key_hash),
        "message_id": one.message_id,
        "wrapped": _text(one.wrapped),
        "body": _text(one.body),
        "expires_at": one.expires_at.isoformat(),
        "unit_key": one.unit_key,
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
