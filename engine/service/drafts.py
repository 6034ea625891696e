"""Unfinished work: form data, outcome and opinion, and prepared files. It survives a closed tab and a restart."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.files import sniff
from engine.forms import rights as form_rights
from engine.model.actors import Actor, Permission
from engine.model.commands import DraftInput
from engine.model.definitions import MaterialKind
from engine.model.errors import Conflict, Detail, Invalid, NotAllowed
from engine.model.ids import AttachmentKey, Digest
from engine.model.views import DraftView, FileView, UserTaskState
from engine.service import draft_bodies, lookups, payloads, photo_hints, rights
from engine.service.equipment import Work, required
from engine.store import cases
from engine.store import drafts as stored
from engine.store.cases import CaseRecord, UserTaskRecord
from engine.store.drafts import AttachmentRecord
from engine.trace.crypto import CaseCipher, file_context

MAX_FILES = 50
"""Files that one person may prepare for one user task."""

EMPTY = DraftView(data={}, outcome="", opinion="", saved_at=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """An open user task that the actor may work, with its case."""

    case: CaseRecord
    task: UserTaskRecord
    cipher: CaseCipher


def save(uow: Work, actor: Actor, key: int, draft: DraftInput) -> DraftView:
    """Keep the actor's unfinished work on a user task; the newest wins, unless the writer asks to be told.

    Raises NotFound, NotAllowed, Conflict when the task was completed meanwhile or another window saved the draft,
    Invalid for data too large.
    """
    mine = workable(uow, actor, key)
    now = uow.now()
    draft = replace(draft, data=_writable(uow, mine.case, mine.task, draft.data))
    body = mine.cipher.encrypt(draft_bodies.encode(draft), context=_context(key))
    if not stored.save_draft(uow, key, actor.person_key, body, now, checked=draft.checked, base=draft.base):
        raise Conflict("draft.changed", "this draft was saved in another window meanwhile; choose which one to keep")
    return DraftView(data=draft.data, outcome=draft.outcome, opinion=draft.opinion, saved_at=now)


def _writable(uow: Work, case: CaseRecord, task: UserTaskRecord, data: Mapping[str, object]) -> Mapping[str, object]:
    """What a draft may keep: the fields that this node may write."""
    if task.form is None:
        return {}
    access = lookups.element(uow, case, task).field_access
    return form_rights.writable(lookups.form(uow, task.form.digest), access, data)


def load(uow: Work, task: UserTaskRecord, actor: Actor, cipher: CaseCipher) -> DraftView:
    """The actor's unfinished work on a user task; empty when there is none."""
    return opened(task.key, stored.draft(uow, task.key, actor.person_key), cipher)


def opened(key: int, found: tuple[bytes, datetime] | None, cipher: CaseCipher) -> DraftView:
    """An encrypted draft of a user task and when it was saved, as a view; empty when there is none."""
    if found is None:
        return EMPTY
    body, saved_at = found
    draft = draft_bodies.decode(cipher.decrypt(body, context=_context(key)))
    return DraftView(data=draft.data, outcome=draft.outcome, opinion=draft.opinion, saved_at=saved_at)


def read(uow: Work, actor: Actor, key: int) -> tuple[DraftView, tuple[FileView, ...]]:
    """The actor's draft and prepared files of a user task they may work."""
    mine = workable(uow, actor, key)
    files = prepared_files(uow, mine.task, actor, mine.cipher)
    return load(uow, mine.task, actor, mine.cipher), tuple(file_view(record, name) for record, name in files)


def add_file(
    uow: Work,
    actor: Actor,
    key: int,
    kind: MaterialKind,
    code: str,
    filename: str,
    data: bytes,
    *,
    position: str = "",
) -> FileView:
    """Prepare an attachment or site photo: checked by its content, encrypted, flushed to disk before the commit.

    position: where the sending device said it was (`photo_hints.found`); kept with a photo only.

    Raises Invalid or Refused when the bytes are not what they claim, too large, or of a type not allowed.
    """
    mine = workable(uow, actor, key)
    _refuse_unknown_material(uow, mine, kind, code)
    sniffed = sniff.inspect(data, filename, kind=kind)
    if len(stored.draft_files(uow, key, actor.person_key)) >= MAX_FILES:
        raise Invalid("file.too_many", f"at most {MAX_FILES} files for one task", params={"maximum": str(MAX_FILES)})
    sha256 = hashlib.sha256(data).hexdigest()
    digest = uow.equipment.blobs.put(mine.cipher.encrypt(data, context=file_context(mine.case.key, sha256)))
    file_key = AttachmentKey(uow.keys(1)[0])
    hints = photo_hints.found(data, position) if kind is MaterialKind.PHOTO else None
    record = AttachmentRecord(
        key=file_key,
        instance_key=mine.case.key,
        user_task_key=mine.task.key,
        kind=kind.value,
        code=code,
        name=mine.cipher.encrypt(sniffed.name.encode(), context=payloads.name_context(mine.case.key, sha256)),
        media_type=sniffed.media_type,
        size_bytes=len(data),
        sha256=Digest(sha256),
        stored_digest=digest,
        uploaded_by=actor.person_key,
        uploaded_at=uow.now(),
        bound_seq=None,
        uploader_name=actor.name,
        hints=photo_hints.sealed(mine.cipher, file_key, hints) if hints else None,
    )
    stored.insert_file(uow, record)
    return replace(file_view(record, sniffed.name), hints=hints)


def _refuse_unknown_material(uow: Work, mine: Mine, kind: MaterialKind, code: str) -> None:
    """A file serves one of the element's materials, of its kind, or none (code "")."""
    element = lookups.element(uow, mine.case, mine.task)
    known = [material.code for material in element.materials if material.kind is kind]
    if code and code not in known:
        detail = Detail(place="code", code="option", message=f"one of {', '.join(known) or 'none'}, or empty")
        raise Invalid("file.material_unknown", f"this task asks for no {kind.value} {code[:50]!r}", details=[detail])


def remove_file(uow: Work, actor: Actor, key: int, file_key: int) -> None:
    """Forget a prepared file of one's own. The bytes are swept later."""
    workable(uow, actor, key)
    record = stored.file(uow, file_key)
    if record is None or record.user_task_key != key or record.uploaded_by != actor.person_key or record.bound_seq:
        raise rights.file_not_found()
    stored.delete_file(uow, file_key)


def prepared_files(
    uow: Work, task: UserTaskRecord, actor: Actor, cipher: CaseCipher
) -> tuple[tuple[AttachmentRecord, str], ...]:
    """The actor's prepared files of a user task with their names."""
    records = stored.draft_files(uow, task.key, actor.person_key)
    return tuple((record, payloads.decrypt_name(cipher, record)) for record in records)


def file_view(record: AttachmentRecord, name: str) -> FileView:
    """A stored file as pages show it."""
    return FileView(
        key=record.key,
        kind=record.kind,
        code=record.code,
        name=name,
        media_type=record.media_type,
        size_bytes=record.size_bytes,
        sha256=record.sha256,
        uploaded_by=record.uploader_name,
        uploaded_at=record.uploaded_at,
    )


def workable(uow: Work, actor: Actor, key: int) -> Mine:
    """An open user task that the actor may work. Raises NotFound, NotAllowed, Conflict, Refused for an erased case."""
    rights.require(actor, Permission.USER_TASK_WORK)
    task = cases.user_task(uow, key)
    if task is None:
        raise rights.user_task_not_found()
    case = required(cases.case(uow, task.instance_key), f"the case of user task {key}")
    if not rights.may_read_case(actor, case, (task,), worked=False):
        raise rights.user_task_not_found()
    if task.state is not UserTaskState.CREATED:
        raise Conflict(
            "user_task.not_open",
            f"{task.element_name} was already {task.state.value.lower()}; somebody was quicker",
            params={"element": task.element_name},
        )
    if not rights.offered(actor, task):
        raise NotAllowed("user_task.not_yours", "this task is not offered to you, or somebody else has taken it")
    return Mine(case=case, task=task, cipher=uow.required_cipher(case.wrapped_key))


def _context(key: int) -> bytes:
    return f"mingjing.draft.v1:{key}".encode()


def sweep_orphans(uow: Work, before: datetime, *, batch: int = 500) -> int:
    """Delete stored files that no attachment names and that are older than `before`; returns how many."""
    swept = 0
    waiting: list[Digest] = []

    def flush() -> int:
        known = stored.known_digests(uow, list(waiting))
        gone = [digest for digest in waiting if digest not in known]
        for digest in gone:
            uow.equipment.blobs.delete(digest)
        waiting.clear()
        return len(gone)

    for digest, modified_at in uow.equipment.blobs.iterate():
        if modified_at < before:
            waiting.append(digest)
        if len(waiting) >= batch:
            swept += flush()
    return swept + flush()
