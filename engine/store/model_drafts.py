"""Statements about models that are being drawn."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from engine.model.ids import DeploymentKey, Digest, DraftKey
from engine.model.modelling import ModelDraft, ModelKind, ModelVersion
from engine.store import tables as t
from engine.store.work import UnitOfWork

_author = t.Person.__table__.alias("author")
_editor = t.Person.__table__.alias("editor")
_DRAFT = (
    select(
        t.ModelDraft.key,
        t.ModelDraft.kind,
        t.ModelDraft.name,
        t.ModelDraft.resource_name,
        t.ModelDraft.revision,
        t.ModelDraft.created_at,
        t.ModelDraft.changed_at,
        _author.c.name.label("created_by"),
        _editor.c.name.label("changed_by"),
    )
    .join(_author, _author.c.key == t.ModelDraft.created_by)
    .join(_editor, _editor.c.key == t.ModelDraft.changed_by)
    .where(t.ModelDraft.discarded_at.is_(None))
)


def _draft(row: Row[Any]) -> ModelDraft:
    values = dict(row._mapping)
    return ModelDraft(**values | {"key": DraftKey(row.key), "kind": ModelKind(row.kind)})


def newest(uow: UnitOfWork, limit: int) -> tuple[ModelDraft, ...]:
    """Drafts that were not discarded, the last changed first."""
    ordered = _DRAFT.order_by(t.ModelDraft.changed_at.desc(), t.ModelDraft.key.desc())
    return tuple(_draft(row) for row in uow.rows(ordered.limit(limit)))


def draft(uow: UnitOfWork, key: int) -> ModelDraft | None:
    """A draft that was not discarded."""
    row = uow.row(_DRAFT.where(t.ModelDraft.key == key))
    return _draft(row) if row else None


def body(uow: UnitOfWork, key: int) -> bytes:
    """The bytes of a draft that is there."""
    row = uow.row(select(t.ModelDraft.body).where(t.ModelDraft.key == key))
    return bytes(row[0]) if row else b""


def add(
    uow: UnitOfWork, *, key: int, kind: str, name: str, resource_name: str, content: bytes, person: int, at: datetime
) -> None:
    """Begin a draft at revision 1."""
    values = {"key": key, "kind": kind, "name": name, "resource_name": resource_name, "body": content}
    stamps = {"created_by": person, "created_at": at, "changed_by": person, "changed_at": at}
    uow.write(insert(t.ModelDraft), values | stamps)


def save(
    uow: UnitOfWork, *, key: int, revision: int, content: bytes, name: str | None, person: int, at: datetime
) -> int | None:
    """Keep a draft over the revision that was seen; the new revision, or None when it is another one by now."""
    changed: dict[str, Any] = {"body": content, "changed_by": person, "changed_at": at, "revision": revision + 1}
    if name is not None:
        changed["name"] = name
    where = (t.ModelDraft.key == key, t.ModelDraft.revision == revision, t.ModelDraft.discarded_at.is_(None))
    row = uow.row(update(t.ModelDraft).where(*where).values(**changed).returning(t.ModelDraft.revision))
    return int(row[0]) if row else None


def lock(uow: UnitOfWork, key: int) -> bool:
    """Hold a draft until the end of the transaction; whether it is there."""
    held = select(t.ModelDraft.key).where(t.ModelDraft.key == key, t.ModelDraft.discarded_at.is_(None))
    return uow.row(held.with_for_update()) is not None


def discard(uow: UnitOfWork, key: int, at: datetime) -> None:
    """Take a draft from the list; the row and its versions stay."""
    uow.write(update(t.ModelDraft).where(t.ModelDraft.key == key).values(discarded_at=at))


def versions(uow: UnitOfWork, key: int) -> tuple[ModelVersion, ...]:
    """The versions of a draft, newest first."""
    rows: Sequence[Any] = uow.rows(
        select(t.ModelVersion.__table__, t.Person.name.label("author"))
        .join(t.Person, t.Person.key == t.ModelVersion.author_key)
        .where(t.ModelVersion.draft_key == key)
        .order_by(t.ModelVersion.number.desc())
    )
    return tuple(
        ModelVersion(
            number=row.number,
            digest=Digest(row.digest),
            reason=row.reason,
            loophole=row.loophole,
            author=row.author,
            created_at=row.created_at,
            deployment_key=DeploymentKey(row.deployment_key) if row.deployment_key else None,
        )
        for row in rows
    )


def add_version(
    uow: UnitOfWork,
    *,
    key: int,
    digest: str,
    reason: str,
    loophole: str,
    person: int,
    at: datetime,
    deployment: int | None,
) -> int:
    """Number the draft's present state; the draft must be locked, and the bytes kept by digest."""
    last = uow.row(select(func.max(t.ModelVersion.number)).where(t.ModelVersion.draft_key == key))
    number = int(last[0] or 0) + 1 if last else 1
    values = {"draft_key": key, "number": number, "digest": digest, "reason": reason, "loophole": loophole}
    uow.write(insert(t.ModelVersion), values | {"author_key": person, "created_at": at, "deployment_key": deployment})
    return number
