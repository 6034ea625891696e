"""Statements about the indicator library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, literal, select, text

from engine.model.actors import UnitLevel
from engine.store import tables as t
from engine.store.work import UnitOfWork

LIBRARY_LOCK = 7_210_195
"""Advisory lock that orders proposals and decisions, so that versions count without gaps and none overlaps."""

_STANDING = text("""
    select (select max(key) from indicator_decision) as stamp,
           (select code from org_unit
             where level = :level and cast(:path as text) like path || '%'
             order by length(path) desc limit 1) as district
""")

_VERSIONS = (
    select(
        t.IndicatorVersion.__table__,
        t.IndicatorDecision.state,
        t.IndicatorDecision.version,
        t.IndicatorDecision.reason.label("decision_reason"),
        t.IndicatorDecision.decided_by,
        t.IndicatorDecision.decider_name,
        t.IndicatorDecision.decided_at,
        func.coalesce(t.OrgUnit.name, literal("")).label("district_name"),
    )
    .outerjoin(t.IndicatorDecision, t.IndicatorDecision.version_key == t.IndicatorVersion.key)
    .outerjoin(t.OrgUnit, t.OrgUnit.code == t.IndicatorVersion.district)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """stamp: of the newest decision, 0 before the first. district: the code of the one that a unit lies in, or ""."""

    stamp: int
    district: str


def lock(uow: UnitOfWork) -> None:
    """Wait for others who change the library; released at the end of the transaction."""
    uow.rows(select(func.pg_advisory_xact_lock(LIBRARY_LOCK)))


def standing(uow: UnitOfWork, unit_path: str) -> Standing:
    """The state of the library, and the district of a unit, in one statement."""
    row = uow.row(_STANDING, {"level": UnitLevel.DISTRICT.value, "path": unit_path})
    return Standing(stamp=(row.stamp if row else 0) or 0, district=(row.district if row else "") or "")


def versions(uow: UnitOfWork, code: str | None = None) -> Sequence[Any]:
    """Versions with what became of them, the newest first; of one indicator, or all."""
    statement = _VERSIONS.order_by(t.IndicatorVersion.key.desc())
    return uow.rows(statement if code is None else statement.where(t.IndicatorVersion.code == code))


def version(uow: UnitOfWork, key: int) -> Any | None:
    """One version."""
    return uow.row(_VERSIONS.where(t.IndicatorVersion.key == key))


def propose(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    """Add a version as it is proposed; `values` has its key."""
    uow.write(insert(t.IndicatorVersion), dict(values))


def decide(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    """Note what became of a version."""
    uow.write(insert(t.IndicatorDecision), dict(values))


def codes(uow: UnitOfWork) -> list[str]:
    """The codes of all indicators of which a version was published."""
    published = t.IndicatorVersion.key == t.IndicatorDecision.version_key
    statement = select(t.IndicatorVersion.code).distinct().join(t.IndicatorDecision, published)
    return [row.code for row in uow.rows(statement.where(t.IndicatorDecision.state == "published"))]
