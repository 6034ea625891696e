"""Statements about the index over what rests encrypted of cases, and the conditions of a search."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, text

from engine.model.case_queries import CaseQuery
from engine.store import tables as t
from engine.store.work import UnitOfWork
from engine.store.worklists import Reach, in_reach

_TERMS = t.CaseTerms.__table__
_CASE = t.ProcessInstance
_TASK = t.UserTask.__table__.alias("sought_task")
_WHO = t.Person.__table__.alias("sought_person")
_UNIT = t.OrgUnit.__table__.alias("sought_unit")

_ADD = text("""
    insert into case_terms (instance_key, indexed_seq, terms) values (:instance, :seq, cast(:terms as bigint[]))
    on conflict (instance_key) do update set indexed_seq = excluded.indexed_seq, terms = (
        select array_agg(distinct one) from unnest(case_terms.terms || excluded.terms) as one
    )
""")


def stale(uow: UnitOfWork, reach: Reach, limit: int) -> list[int]:
    """Keys of cases in reach of which something is not indexed yet, the newest first."""
    joined = select(_CASE.key).outerjoin(t.CaseTerms, _TERMS.c.instance_key == _CASE.key)
    late = _CASE.last_seq > func.coalesce(_TERMS.c.indexed_seq, 0)
    return [row[0] for row in uow.rows(joined.where(late, in_reach(reach)).order_by(_CASE.key.desc()).limit(limit))]


def indexed(uow: UnitOfWork, key: int) -> int:
    """The entry up to which a case is indexed; 0 for none."""
    row = uow.row(select(_TERMS.c.indexed_seq).where(_TERMS.c.instance_key == key))
    return int(row[0]) if row else 0


def add(uow: UnitOfWork, key: int, seq: int, terms: Sequence[int]) -> None:
    """A case has these terms as well, and is indexed up to that entry."""
    uow.write(_ADD, {"instance": key, "seq": seq, "terms": list(terms)})


def forget(uow: UnitOfWork, key: int, seq: int) -> None:
    """The key of a case was destroyed: nothing of it is found any more."""
    uow.write(delete(t.CaseTerms).where(_TERMS.c.instance_key == key))
    uow.write(_ADD, {"instance": key, "seq": seq, "terms": []})


def conditions(
    query: CaseQuery, terms: Sequence[int], now: datetime, midnight: "Midnight"
) -> list[ColumnElement[bool]]:
    """What the database can say of a query; of texts that rest encrypted only which cases may have them."""
    found: list[ColumnElement[bool]] = []
    if terms:
        has = _TERMS.c.terms.contains(list(terms))
        found.append(exists().where(_TERMS.c.instance_key == _CASE.key, has))
    if query.number:
        found.append(_CASE.number.contains(query.number.upper(), autoescape=True))
    if query.level:
        found.append(_CASE.level == query.level)
    if query.state:
        found.append(_CASE.state == query.state)
    if query.process:
        named = t.ProcessDefinition.name.contains(query.process, autoescape=True)
        found.append(or_(t.ProcessDefinition.process_id == query.process, named))
    if query.unit:
        above = _CASE.unit_path.startswith(_UNIT.c.path)
        found.append(exists().where(_UNIT.c.name.contains(query.unit, autoescape=True), above))
    return [*found, *_of_people(query), *_of_time(query, now, midnight)]


def _of_people(query: CaseQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    here = _TASK.c.instance_key == _CASE.key
    if query.node:
        found.append(exists().where(here, _TASK.c.element_name.contains(query.node, autoescape=True)))
    if query.outcome:
        named = _TASK.c.outcome_name.contains(query.outcome, autoescape=True)
        found.append(exists().where(here, or_(named, _TASK.c.outcome_code == query.outcome)))
    if query.person:
        named = _WHO.c.name.contains(query.person, autoescape=True)
        acted = exists().where(here, _TASK.c.completed_by == _WHO.c.key, named)
        found.append(or_(acted, exists().where(_WHO.c.key == _CASE.starter_key, named)))
    return found


def _of_time(query: CaseQuery, now: datetime, midnight: "Midnight") -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    took = func.coalesce(_CASE.ended_at, now) - _CASE.started_at
    if query.since:
        found.append(_CASE.started_at >= midnight(query.since))
    if query.until:
        found.append(_CASE.started_at < midnight(query.until + timedelta(days=1)))
    if query.longer is not None:
        found.append(took >= timedelta(days=query.longer))
    if query.shorter is not None:
        found.append(took <= timedelta(days=query.shorter))
    return found


class Midnight:
    """The beginning of a day in the business zone, as an instant."""

    def __init__(self, zone: object) -> None:
        self._zone = zone

    def __call__(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self._zone)  # type: ignore[arg-type]  # a tzinfo
