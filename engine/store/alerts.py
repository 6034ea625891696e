"""Statements about alerts."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, insert, select, text, update

from engine.model.alerts import OPEN, AlertFilter, AlertState, Took
from engine.model.findings import Light
from engine.store import tables as t
from engine.store.work import UnitOfWork
from engine.store.worklists import Reach, in_reach

_RAISE = text("""
    with raised as (
    insert into alert (instance_key, entry_seq, unit_path, element_id, element_name, check_id, code, name, level,
                       outcome, state, version, repeats, climbed, handlers, raised_at, due_at, body)
    select :instance, :seq, :unit_path, x.element_id, x.element_name, x.check_id, x.code, x.name, x.level, x.outcome,
           'raised', 1, 0, 0, '{}', :at, cast(x.due_at as timestamptz), decode(x.body, 'base64')
      from jsonb_to_recordset(cast(:alerts as jsonb)) as x (
           element_id text, element_name text, check_id text, code text, name text, level text, outcome text,
           due_at text, body text)
        on conflict (instance_key, element_id, check_id) where state <> 'cleared'
        do update set repeats = alert.repeats + 1, entry_seq = excluded.entry_seq, level = excluded.level,
                      outcome = excluded.outcome, body = excluded.body
    returning key, element_name, due_at, repeats
    ), limits as (
    insert into due (kind, instance_key, element_instance, due_at, try_at)
    select 'alert', :instance, key::text, due_at, due_at from raised where due_at is not null
        on conflict (element_instance) where kind = 'alert' do nothing
    )
    select key, element_name from raised where repeats = 0 order by key
""")
_REARM = text("""
    with gone as (
        delete from due
         where kind = 'alert' and element_instance = cast(:key as text) and cast(:at as timestamptz) is null
    )
    insert into due (kind, instance_key, element_instance, due_at, try_at)
    select 'alert', instance_key, key::text, cast(:at as timestamptz), cast(:at as timestamptz)
      from alert where key = :key and cast(:at as timestamptz) is not null
        on conflict (element_instance) where kind = 'alert'
        do update set due_at = excluded.due_at, try_at = excluded.try_at, attempts = 0, problem = ''
""")

_ALERT = (
    select(
        t.Alert.__table__,
        t.ProcessInstance.number,
        t.CaseKey.wrapped,
        t.ProcessDefinition.name.label("process_name"),
        t.OrgUnit.name.label("unit_name"),
    )
    .join(t.ProcessInstance, t.ProcessInstance.key == t.Alert.instance_key)
    .join(t.CaseKey, t.CaseKey.instance_key == t.ProcessInstance.key)
    .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
    .join(t.OrgUnit, t.OrgUnit.key == t.ProcessInstance.unit_key)
)
_OPEN = t.Alert.state != AlertState.CLEARED.value


def raise_all(
    uow: UnitOfWork,
    *,
    instance_key: int,
    seq: int,
    unit_path: str,
    at: datetime,
    alerts: Sequence[Mapping[str, object]],
) -> list[tuple[int, str]]:
    """Raise alerts of one step in one statement; one that is open already is found again, not doubled.

    Key and name of the node of those that are new.
    """
    values = {"instance": instance_key, "seq": seq, "unit_path": unit_path, "at": at, "alerts": json.dumps(alerts)}
    return [(int(row.key), str(row.element_name)) for row in uow.rows(_RAISE, values)]


def conditions(wanted: AlertFilter, now: datetime, zone: tzinfo) -> list[ColumnElement[bool]]:
    """What a filter means for the table of alerts, its case and its definition. now: aware; zone: of the office."""

    def starts(day: date, later: int = 0) -> datetime:
        return datetime.combine(day + timedelta(days=later), time(), tzinfo=zone)

    today_over = starts(now.astimezone(zone).date(), 1)
    alert = t.Alert
    found: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.state, _OPEN if wanted.state == OPEN else alert.state == wanted.state),
        (wanted.level, alert.level == wanted.level),
        (wanted.code, alert.code == wanted.code),
        (wanted.name, alert.name == wanted.name),
        (wanted.unit, t.OrgUnit.code == wanted.unit),
        (wanted.process_id, t.ProcessDefinition.process_id == wanted.process_id),
        (wanted.verdict, alert.verdict == wanted.verdict),
    ]
    for column, since, until in (
        (alert.raised_at, wanted.raised_from, wanted.raised_until),
        (alert.cleared_at, wanted.cleared_from, wanted.cleared_until),
    ):
        if since is not None:
            found.append((since, column >= starts(since)))
        if until is not None:
            found.append((until, column < starts(until, 1)))
    if wanted.light is not None:
        found.append((wanted.light, and_(_OPEN, light(now, today_over) == wanted.light.value)))
    if wanted.took is not None:
        found.append((wanted.took, took() == wanted.took.value))
    return [condition for given, condition in found if given is not None]


def light(now: datetime, today_over: datetime) -> ColumnElement[str]:
    """Of an open alert: red over its limit, yellow on its last day. Without a limit it is green."""
    due = t.Alert.due_at
    return case((due < now, Light.RED.value), (due <= today_over, Light.YELLOW.value), else_=Light.GREEN.value)


def took() -> ColumnElement[str]:
    """How long a cleared alert was open, as words of `Took`; null for one that is open."""
    days = func.extract("epoch", t.Alert.cleared_at - t.Alert.raised_at) / 86_400
    whens = [(days <= most, word.value) for word in Took if (most := word.days[1]) is not None]
    return case((t.Alert.cleared_at.is_(None), None), *whens, else_=Took.LONGER.value)


def search(
    uow: UnitOfWork, reach: Reach, *, before_key: int | None, limit: int, where: Sequence[ColumnElement[bool]] = ()
) -> Sequence[Any]:
    """Alerts in reach that meet the `conditions`, newest first."""
    before = () if before_key is None else (t.Alert.key < before_key,)
    return uow.rows(_ALERT.where(in_reach(reach), *before, *where).order_by(t.Alert.key.desc()).limit(limit))


def count(uow: UnitOfWork, reach: Reach, where: Sequence[ColumnElement[bool]]) -> int:
    """How many alerts in reach meet the `conditions`."""
    row = uow.row(joined(func.count()).where(in_reach(reach), *where))
    return int(row[0]) if row else 0


def joined(*columns: Any) -> Select[Any]:
    """These columns of alerts with their case, its unit and its definition: what `conditions` speak of."""
    return (
        select(*columns)
        .select_from(t.Alert)
        .join(t.ProcessInstance, t.ProcessInstance.key == t.Alert.instance_key)
        .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
        .join(t.OrgUnit, t.OrgUnit.key == t.ProcessInstance.unit_key)
    )


def one(uow: UnitOfWork, reach: Reach, key: int) -> Any | None:
    """One alert in reach, or None."""
    return uow.row(_ALERT.where(in_reach(reach), t.Alert.key == key))


def locked(uow: UnitOfWork, key: int) -> Any | None:
    """An alert, locked until the end of the transaction; its case must be locked before."""
    return uow.row(select(t.Alert.__table__).where(t.Alert.key == key).with_for_update())


def instance_of(uow: UnitOfWork, key: int) -> int | None:
    """The case of an alert."""
    row = uow.row(select(t.Alert.instance_key).where(t.Alert.key == key))
    return int(row[0]) if row else None


def history(uow: UnitOfWork, key: int) -> Sequence[Any]:
    """What was done about an alert, oldest first."""
    table = t.AlertHandling
    return uow.rows(select(table.__table__).where(table.alert_key == key).order_by(table.number))


def move(uow: UnitOfWork, key: int, values: Mapping[str, object], handling: Mapping[str, object]) -> None:
    """Take an alert on, and note what was done."""
    uow.write(update(t.Alert).where(t.Alert.key == key).values(**values))
    uow.write(insert(t.AlertHandling), {"alert_key": key, **handling})
    uow.write(_REARM, {"key": key, "at": values.get("due_at")})


def climb(uow: UnitOfWork, key: int, *, unit_path: str, climbed: int, due_at: datetime | None) -> None:
    """Nobody took an alert on in time: it is another unit's now, with a new limit. None: it climbs no more."""
    values = {"unit_path": unit_path, "climbed": climbed, "due_at": due_at}
    uow.write(update(t.Alert).where(t.Alert.key == key).values(**values))
    uow.write(_REARM, {"key": key, "at": due_at})


def counts(uow: UnitOfWork, reach: Reach, now: datetime) -> tuple[int, int]:
    """How many alerts in reach are open, and how many of these are overdue."""
    row = uow.row(
        select(func.count(), func.count(case((t.Alert.due_at < now, 1))))
        .select_from(t.Alert)
        .join(t.ProcessInstance, t.ProcessInstance.key == t.Alert.instance_key)
        .where(in_reach(reach), _OPEN)
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


def rates(uow: UnitOfWork, reach: Reach) -> Sequence[Any]:
    """For each check: alerts raised, open, and found true, false, undecidable; the most raised first."""

    def verdict(word: str) -> Any:
        return func.count(case((t.Alert.verdict == word, 1))).label(f"found_{word}")

    raised = func.count().label("raised")
    return uow.rows(
        select(
            t.Alert.code,
            t.Alert.name,
            raised,
            func.count(case((_OPEN, 1))).label("open"),
            verdict("true"),
            verdict("false"),
            verdict("cannot_tell"),
        )
        .join(t.ProcessInstance, t.ProcessInstance.key == t.Alert.instance_key)
        .where(in_reach(reach))
        .group_by(t.Alert.code, t.Alert.name)
        .order_by(raised.desc(), t.Alert.code, t.Alert.name)
    )
