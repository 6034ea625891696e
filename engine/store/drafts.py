"""Statements about drafts and attachments."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.model.ids import AttachmentKey, Digest, InstanceKey, PersonKey, UserTaskKey
from engine.store import tables as t
from engine.store.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRecord:
    """A file as stored: `name` is ciphertext, `bound_seq` the trace entry it travelled with (None: still a draft's)."""

    key: AttachmentKey
    instance_key: InstanceKey
    user_task_key: UserTaskKey
    kind: str
    code: str
    name: bytes
    media_type: str
    size_bytes: int
    sha256: Digest
    stored_digest: Digest
    uploaded_by: PersonKey
    uploaded_at: datetime
    bound_seq: int | None
    uploader_name: str
    hints: bytes | None = None


_ATTACHMENT = select(t.Attachment.__table__, t.Person.name.label("uploader_name")).join(
    t.Person, t.Person.key == t.Attachment.uploaded_by
)


def _attachment(row: object) -> AttachmentRecord:
    return AttachmentRecord(**row._mapping)  # type: ignore[attr-defined]  # a database row has the same columns


def draft(uow: UnitOfWork, user_task_key: int, person_key: int) -> tuple[bytes, datetime] | None:
    """A person's encrypted draft of a user task and when it was saved."""
    row = uow.row(
        select(t.Draft.body, t.Draft.saved_at).where(
            t.Draft.user_task_key == user_task_key, t.Draft.person_key == person_key
        )
    )
    return (row[0], row[1]) if row else None


def save_draft(
    uow: UnitOfWork,
    user_task_key: int,
    person_key: int,
    body: bytes,
    at: datetime,
    *,
    checked: bool,
    base: datetime | None,
) -> bool:
    """Keep the newest draft. `checked`: only over the one saved at `base` (None: only if there is none); else False."""
    statement = upsert(t.Draft).values(user_task_key=user_task_key, person_key=person_key, body=body, saved_at=at)
    statement = statement.on_conflict_do_update(
        index_elements=["user_task_key", "person_key"],
        set_={"body": body, "saved_at": at},
        where=t.Draft.saved_at == base if checked else None,
    )
    return uow.row(statement.returning(t.Draft.saved_at)) is not None


def draft_files(uow: UnitOfWork, user_task_key: int, person_key: int) -> tuple[AttachmentRecord, ...]:
    """The files that a person has prepared for a user task, oldest first."""
    rows = uow.rows(
        _ATTACHMENT.where(
            t.Attachment.user_task_key == user_task_key,
            t.Attachment.uploaded_by == person_key,
            t.Attachment.bound_seq.is_(None),
        ).order_by(t.Attachment.key)
    )
    return tuple(_attachment(row) for row in rows)


def case_files(uow: UnitOfWork, instance_key: int) -> dict[int, AttachmentRecord]:
    """The files of a case that travelled with a completion, by key."""
    rows = uow.rows(_ATTACHMENT.where(t.Attachment.instance_key == instance_key, t.Attachment.bound_seq.is_not(None)))
    return {row.key: _attachment(row) for row in rows}


def file(uow: UnitOfWork, key: int) -> AttachmentRecord | None:
    """A file by its key."""
    row = uow.row(_ATTACHMENT.where(t.Attachment.key == key))
    return _attachment(row) if row else None


def insert_file(uow: UnitOfWork, record: AttachmentRecord) -> None:
    """Add a prepared file."""
    uow.write(
        insert(t.Attachment),
        {
            "key": record.key,
            "instance_key": record.instance_key,
            "user_task_key": record.user_task_key,
            "kind": record.kind,
            "code": record.code,
            "name": record.name,
            "media_type": record.media_type,
            "size_bytes": record.size_bytes,
            "sha256": record.sha256,
            "stored_digest": record.stored_digest,
            "uploaded_by": record.uploaded_by,
            "uploaded_at": record.uploaded_at,
            "hints": record.hints,
        },
    )


def delete_file(uow: UnitOfWork, key: int) -> None:
    """Forget a prepared file; what travelled with a completion is never deleted."""
    uow.write(delete(t.Attachment).where(t.Attachment.key == key, t.Attachment.bound_seq.is_(None)))


def bind_files(uow: UnitOfWork, keys: list[AttachmentKey], seq: int) -> None:
    """Tie prepared files to the trace entry they travel with; nothing for an empty list."""
    if keys:
        uow.write(update(t.Attachment).where(t.Attachment.key.in_(keys)).values(bound_seq=seq))


def drop_stale_files(uow: UnitOfWork, user_task_key: int) -> None:
    """Forget what others had prepared for a user task that is completed now."""
    uow.write(delete(t.Attachment).where(t.Attachment.user_task_key == user_task_key, t.Attachment.bound_seq.is_(None)))


def known_digests(uow: UnitOfWork, digests: list[str]) -> set[str]:
    """Which of the stored digests some file still names."""
    rows = uow.rows(select(t.Attachment.stored_digest).where(t.Attachment.stored_digest.in_(digests)).distinct())
    return {row[0] for row in rows}
