"""/api/user-tasks/{key}/draft: unfinished work, kept on the server, and the files that will travel with it."""

from typing import Any

from flask import request

from engine.model.actors import Permission
from engine.model.commands import DraftInput
from engine.model.definitions import MaterialKind
from engine.model.errors import Detail
from engine.model.views import DraftView, FileView
from engine.service import drafts
from web.api.parsing import ApiBlueprint, invalid
from web.api.schemas.own import DraftRequest, DraftResult, FileResult, FileUpload
from web.auth import current_actor, requires
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_drafts", __name__, url_prefix="/api", description="Unfinished work on a user task")


@blueprint.on("GET", "/user-tasks/<key:key>/draft")
@blueprint.gives(200, DraftResult)
@requires(Permission.USER_TASK_WORK)
def show(key: int) -> dict[str, Any]:
    """One's own draft of a user task, with the prepared files."""
    with reading() as uow:
        return _shown(*drafts.read(uow, current_actor(), key))


@blueprint.on("PUT", "/user-tasks/<key:key>/draft")
@blueprint.takes(DraftRequest)
@blueprint.gives(200, DraftResult)
@requires(Permission.USER_TASK_WORK)
def save(wanted: dict[str, Any], key: int) -> dict[str, Any]:
    """Keep unfinished work; the newest wins, or with `base` only over the draft that was saved then."""
    draft = DraftInput(
        data=wanted["data"],
        outcome=wanted["outcome"],
        opinion=wanted["opinion"],
        base=wanted.get("base"),
        checked="base" in wanted,
    )
    with unit_of_work() as uow:
        drafts.save(uow, current_actor(), key, draft)
        return _shown(*drafts.read(uow, current_actor(), key))


@blueprint.on("POST", "/user-tasks/<key:key>/draft/files")
@blueprint.takes(FileUpload, form=True)
@blueprint.gives(201, FileResult)
@requires(Permission.USER_TASK_WORK)
def add_file(wanted: dict[str, Any], key: int) -> FileView:
    """Prepare one file (part `file`): `kind` attachment or photo, `code` the required material it serves."""
    upload = request.files.get("file")
    if upload is None:
        raise invalid(Detail(place="file", code="required", message="send the file in the part `file`"))
    data = upload.read()
    kind, name, where = MaterialKind(wanted["kind"]), upload.filename or "", wanted["position"]
    with unit_of_work() as uow:
        return drafts.add_file(uow, current_actor(), key, kind, wanted["code"], name, data, position=where)


@blueprint.on("DELETE", "/user-tasks/<key:key>/draft/files/<key:file_key>")
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def remove_file(key: int, file_key: int) -> None:
    """Forget a prepared file of one's own."""
    with unit_of_work() as uow:
        drafts.remove_file(uow, current_actor(), key, file_key)


def _shown(draft: DraftView, files: tuple[FileView, ...]) -> dict[str, Any]:
    return {
        "data": draft.data,
        "outcome": draft.outcome,
        "opinion": draft.opinion,
        "saved_at": draft.saved_at,
        "files": files,
    }
