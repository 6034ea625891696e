"""Statements about notices on their way out of the house."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from engine.store import tables as t
from engine.store.work import UnitOfWork
from engine.store.worklists import Reach, in_reach

_RULE = """
    left join lateral (
        select r.email, r.webhook, ru.code
          from notice_rule r join org_unit ru on ru.key = r.unit_key
         where starts_with(u.path, ru.path) order by length(ru.path) desc limit 1) rule on true
"""
_OFFER = text(f"""
    insert into delivery (notice_key, channel, state, attempts, problem, created_at)
    select n.key, c.channel, 'WAITING', 0, '', n.created_at
      from notice n
      join person_preference f on f.person_key = n.person_key
      join person p on p.key = n.person_key
      join org_unit u on u.key = p.unit_key
      {_RULE}
      cross join lateral (values
          ('email', f.by_email and f.email <> '' and coalesce(rule.email, true)),
          ('unit', f.by_webhook and coalesce(rule.webhook, '') <> '')
      ) c (channel, wanted)
     where n.key = any(:keys) and c.wanted
     order by n.key, c.channel
        on conflict (notice_key, channel) do nothing
    returning key
""")  # noqa: S608 -- a constant
_TAKE = text(f"""
    with taken as (
        update delivery set attempts = attempts + 1 where key = :key and state = 'WAITING' returning *
    )
    select d.key, d.channel, d.attempts, n.kind, n.created_at as at, p.username, p.locale,
           case when f.by_email then f.email else '' end as email, f.by_webhook,
           coalesce(rule.email, true) as may_email, coalesce(rule.webhook, '') as webhook,
           coalesce(rule.code, '') as unit_code,
           coalesce(i.number, '') as number, coalesce(df.name, '') as process, n.element_name as element
      from taken d
      join notice n on n.key = d.notice_key
      join person p on p.key = n.person_key
      join org_unit u on u.key = p.unit_key
      left join person_preference f on f.person_key = p.key
      left join process_instance i on i.key = n.instance_key
      left join process_definition df on df.key = i.definition_key
      {_RULE}
""")  # noqa: S608 -- a constant
_PUT = text("update delivery set state = :state, problem = :problem, ended_at = :at where key = :key")
_AGAIN = text("""
    update delivery set state = 'WAITING', attempts = 0, ended_at = null where key = :key and state = 'FAILED'
""")


def offer(uow: UnitOfWork, notice_keys: Sequence[int]) -> list[int]:
    """Put notices on the ways that their person chose and their unit allows; the keys of the deliveries."""
    return [int(row.key) for row in uow.rows(_OFFER, {"keys": list(notice_keys)})] if notice_keys else []


def take(uow: UnitOfWork, key: int) -> Any | None:
    """Count an attempt, and read what is to be sent; None when the delivery does not wait any more."""
    return uow.row(_TAKE, {"key": key})


def put(uow: UnitOfWork, key: int, state: str, problem: str, at: datetime | None) -> None:
    """What became of an attempt. state: WAITING, SENT, FAILED, DROPPED. at: of the end."""
    uow.write(_PUT, {"key": key, "state": state, "problem": problem[:500], "at": at})


def again(uow: UnitOfWork, key: int) -> bool:
    """Let a failed delivery wait again; False when it has not failed."""
    return uow.write(_AGAIN, {"key": key}) > 0


def failed(uow: UnitOfWork, reach: Reach, limit: int, key: int | None = None) -> Sequence[Any]:
    """Deliveries of cases in reach that were given up, the newest first; or the one with a key."""
    found = (
        select(
            t.Delivery.key, t.Delivery.channel, t.Delivery.attempts, t.Delivery.problem, t.Delivery.ended_at,
            t.Notice.kind, t.ProcessInstance.number, t.Person.name.label("person_name"),
        )
        .join(t.Notice, t.Notice.key == t.Delivery.notice_key)
        .join(t.Person, t.Person.key == t.Notice.person_key)
        .join(t.ProcessInstance, t.ProcessInstance.key == t.Notice.instance_key)
        .where(t.Delivery.state == "FAILED", in_reach(reach))
    )  # fmt: skip
    if key is not None:
        found = found.where(t.Delivery.key == key)
    return uow.rows(found.order_by(t.Delivery.key.desc()).limit(limit))
