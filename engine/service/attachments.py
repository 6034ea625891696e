"""Reading attachments and site photos: decrypted for whoever may see the case; an inspector's look is traced."""

from engine.files import pictures
from engine.model.actors import Actor, Client
from engine.model.errors import NotFound
from engine.model.trace_entries import EntryKind
from engine.model.views import FileView
from engine.service import drafts, looking, payloads, recording, rights, sight
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from engine.store import cases
from engine.store import drafts as stored
from engine.trace.crypto import file_context


def read(uow: Work, actor: Actor, client: Client, key: int) -> tuple[FileView, bytes]:
    """A file and its original bytes.

    Raises NotFound when there is no such file, it is another's draft, its case is out of reach or the file is not for
    this reader (`sight`); NotAllowed when an inspector has not said why they look; Broken when the stored bytes are
    gone or were altered.
    """
    record = stored.file(uow, key)
    if record is None or (record.bound_seq is None and record.uploaded_by != actor.person_key):
        raise rights.file_not_found()
    try:
        case, _ = rights.readable_case(uow, actor, record.instance_key)
    except NotFound as error:
        looking.refuse(uow, actor, client, record.instance_key, "file", error.code)
        raise rights.file_not_found() from error
    tasks = cases.user_tasks(uow, case.key)
    served = next((task for task in tasks if task.key == record.user_task_key), None)
    done_at = served.completed_at if served is not None else None
    seen = sight.of_reader(uow, actor, case, tasks)
    if not seen.content(done_at or record.uploaded_at, str(record.uploaded_by)):
        raise rights.file_not_found()
    cipher = uow.cipher(case.wrapped_key)
    if cipher is None:
        raise NotFound("file.erased", "this file was erased together with the personal data of its case")
    if rights.inspects(actor):
        reason = looking.reason_for(uow, actor, client, case)
        payload = {
            "instance": str(case.key),
            "number": case.number,
            "file": str(key),
            "sha256": record.sha256,
            "reason": reason or None,
        }
        entry = recording.draft(uow, EntryKind.FILE_READ, actor, client, new_command_id(), payload)
        recording.to_system(uow, entry)
    sealed = uow.equipment.blobs.get(record.stored_digest)
    data = cipher.decrypt(sealed, context=file_context(case.key, record.sha256))
    return drafts.file_view(record, payloads.decrypt_name(cipher, record)), data


def small(uow: Work, actor: Actor, client: Client, key: int) -> bytes | None:
    """A small picture of a photo, for lists; None when it cannot be drawn. Rights and trace are those of `read`."""
    view, data = read(uow, actor, client, key)
    return pictures.small(data) if view.kind == "photo" else None
