"""Statements about deployments, definitions and their content-addressed resources."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model.ids import DefinitionKey, DeploymentKey, Digest, PersonKey
from engine.store import tables as t
from engine.store.work import UnitOfWork

DEPLOY_LOCK = 7_210_191
"""Advisory lock that orders deployments, so that versions count without gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionRow:
    """A version of a process, decision or form. `id` is the id in the file; forms have no name."""

    key: DefinitionKey
    id: str
    version: int
    name: str
    digest: Digest
    resource_name: str
    deployment_key: DeploymentKey
    version_tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReference:
    """A version of a process, as user tasks and jobs of a called process name it."""

    key: DefinitionKey
    id: str
    name: str
    version: int
    digest: Digest


_KINDS: dict[str, tuple[Table, str]] = {
    "process": (cast(Table, t.ProcessDefinition.__table__), "process_id"),
    "decision": (cast(Table, t.DecisionDefinition.__table__), "decision_id"),
    "form": (cast(Table, t.FormDefinition.__table__), "form_id"),
}


def _definition(row: object, id_column: str) -> DefinitionRow:
    values = row._mapping  # type: ignore[attr-defined]  # a database row
    return DefinitionRow(
        key=DefinitionKey(values["key"]),
        id=values[id_column],
        version=values["version"],
        name=values.get("name", ""),
        digest=Digest(values["digest"]),
        resource_name=values["resource_name"],
        deployment_key=DeploymentKey(values["deployment_key"]),
        version_tag=values.get("version_tag", ""),
    )


def called(row: Any) -> ProcessReference | None:
    """The called process that a row of a user task or job names in its ``called_…`` columns."""
    if row.called_key is None:
        return None
    return ProcessReference(
        key=DefinitionKey(row.called_key),
        id=row.called_id,
        name=row.called_name,
        version=row.called_version,
        digest=Digest(row.called_digest),
    )


def lock_deployments(uow: UnitOfWork) -> None:
    """Wait for other deployments; released at the end of the transaction."""
    uow.rows(select(func.pg_advisory_xact_lock(DEPLOY_LOCK)))


def latest(uow: UnitOfWork, kind: str, ids: list[str] | None = None) -> dict[str, DefinitionRow]:
    """The newest version of each process, decision or form (of the named ids only, when given)."""
    table, id_column = _KINDS[kind]
    identity = table.c[id_column]
    statement = select(table).ext(distinct_on(identity)).order_by(identity, table.c.version.desc())
    if ids is not None:
        statement = statement.where(identity.in_(ids))
    rows = [_definition(row, id_column) for row in uow.rows(statement)]
    return {row.id: row for row in rows}


def tagged(uow: UnitOfWork, process_id: str, version_tag: str) -> DefinitionRow | None:
    """The newest version of a process that carries a version tag."""
    table = t.ProcessDefinition.__table__
    statement = select(table).where(table.c.process_id == process_id, table.c.version_tag == version_tag)
    row = uow.row(statement.order_by(table.c.version.desc()).limit(1))
    return _definition(row, "process_id") if row else None


def deployed_with(uow: UnitOfWork, process_id: str, caller_key: int) -> DefinitionRow | None:
    """The version of a process whose file came in the deployment that made the caller's version."""
    table, caller = t.ProcessDefinition.__table__, t.ProcessDefinition.__table__.alias("caller")
    statement = (
        select(table)
        .join(t.DeploymentResource, t.DeploymentResource.digest == table.c.digest)
        .join(caller, caller.c.deployment_key == t.DeploymentResource.deployment_key)
        .where(table.c.process_id == process_id, caller.c.key == caller_key)
    )
    row = uow.row(statement.order_by(table.c.version.desc()).limit(1))
    return _definition(row, "process_id") if row else None


def of_digest(uow: UnitOfWork, process_id: str, digest: str) -> DefinitionRow | None:
    """The first version of a process that was made of these bytes; the same bytes may have come back later."""
    table = t.ProcessDefinition.__table__
    statement = select(table).where(table.c.process_id == process_id, table.c.digest == digest)
    row = uow.row(statement.order_by(table.c.version).limit(1))
    return _definition(row, "process_id") if row else None


def by_key(uow: UnitOfWork, key: int, kind: str = "process") -> DefinitionRow | None:
    """A definition by its key."""
    table, id_column = _KINDS[kind]
    row = uow.row(select(table).where(table.c.key == key))
    return _definition(row, id_column) if row else None


def deployed_by(uow: UnitOfWork, key: int) -> tuple[PersonKey, datetime]:
    """Who deployed a version of a process, and when."""
    row = uow.row(
        select(t.Deployment.person_key, t.Deployment.created_at)
        .join(t.ProcessDefinition, t.ProcessDefinition.deployment_key == t.Deployment.key)
        .where(t.ProcessDefinition.key == key)
    )
    if row is None:
        raise LookupError(f"process definition {key} has no deployment")
    return PersonKey(row.person_key), row.created_at


def newest_first(
    uow: UnitOfWork, kind: str, *, after: int | None, limit: int, identity: str | None = None
) -> list[DefinitionRow]:
    """Definitions of a kind (of one id), newest key first, after a key."""
    table, id_column = _KINDS[kind]
    statement = select(table).order_by(table.c.key.desc()).limit(limit)
    if after is not None:
        statement = statement.where(table.c.key < after)
    if identity is not None:
        statement = statement.where(table.c[id_column] == identity)
    return [_definition(row, id_column) for row in uow.rows(statement)]


def resource(uow: UnitOfWork, digest: str) -> bytes | None:
    """The bytes behind a digest."""
    row = uow.row(select(t.Resource.body).where(t.Resource.digest == digest))
    return row[0] if row else None


def insert_deployment(uow: UnitOfWork, key: int, person_key: int, at: datetime, files: list[tuple[str, str]]) -> None:
    """Record a deployment with its files (name, digest); resources must be there already."""
    uow.write(insert(t.Deployment), {"key": key, "person_key": person_key, "created_at": at})
    uow.write(
        insert(t.DeploymentResource),
        [{"deployment_key": key, "name": name, "digest": digest} for name, digest in files],
    )


def put_resources(uow: UnitOfWork, resources: dict[str, bytes]) -> None:
    """Keep bytes by digest; what is there already stays."""
    uow.write(
        upsert(t.Resource).on_conflict_do_nothing(),
        [{"digest": digest, "body": body} for digest, body in resources.items()],
    )


def insert_definition(uow: UnitOfWork, kind: str, row: DefinitionRow) -> None:
    """Add a version."""
    table, id_column = _KINDS[kind]
    values: dict[str, object] = {
        "key": row.key,
        id_column: row.id,
        "version": row.version,
        "digest": row.digest,
        "resource_name": row.resource_name,
        "deployment_key": row.deployment_key,
    }
    if kind != "form":
        values["name"] = row.name
    if kind == "process":
        values["version_tag"] = row.version_tag
    uow.write(insert(table), values)


def same_as_last(uow: UnitOfWork, person_key: int, resources: Sequence[tuple[str, bytes]]) -> bool:
    """Whether a person's last deployment had exactly these files."""
    last = select(func.max(t.Deployment.key)).where(t.Deployment.person_key == person_key).scalar_subquery()
    rows = uow.rows(
        select(t.DeploymentResource.name, t.DeploymentResource.digest).where(
            t.DeploymentResource.deployment_key == last
        )
    )
    return {(row[0], row[1]) for row in rows} == {(name, hashlib.sha256(body).hexdigest()) for name, body in resources}
