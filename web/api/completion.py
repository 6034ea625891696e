"""POST /api/user-tasks/{key}/complete: outcome, opinion, form data and files in one request.

As JSON, or as multipart/form-data with the fields `action`, `opinion`, `version`, `variables` (a JSON object) and any
number of files, each in a part named ``attachment.<code>`` or ``photo.<code>`` after the required material it serves
(``attachment`` and ``photo`` alone for other files). The files are prepared first, as in the draft; when the
completion is refused they stay there.
"""

import hashlib
from typing import Any

from flask import request

from engine.model import commands
from engine.model.actors import Permission
from engine.model.commands import CompleteUserTask
from engine.model.definitions import MaterialKind
from engine.model.errors import Conflict, Detail
from engine.model.ids import UserTaskKey
from engine.service import drafts, user_tasks
from web.api.parsing import ApiBlueprint, ExactParser, invalid, json_body, loaded, object_of
from web.api.schemas.own import Completion, CompletionResult
from web.auth import current_actor, requires
from web.commands import FIELD, client, command_id
from web.db import unit_of_work

blueprint = ApiBlueprint("api_completion", __name__, url_prefix="/api", description="Completing a user task at once")

File = tuple[MaterialKind, str, str, bytes]
_NOT_OURS = frozenset({"csrf_token", FIELD})


@blueprint.on("POST", "/user-tasks/<key:key>/complete")
@blueprint.says(requestBody={"content": {"application/json": {"schema": Completion}}})
@blueprint.gives(200, CompletionResult)
@requires(Permission.USER_TASK_WORK)
def complete(key: int) -> commands.CompletionResult:
    """Complete a user task with all that belongs to it."""
    wanted = ExactParser().parse(Completion(), request, location="json") if request.is_json else _of_form()
    command = CompleteUserTask(command_id=command_id(), key=UserTaskKey(key), **wanted)
    _prepare(key, _files())
    with unit_of_work() as uow:
        return user_tasks.complete(uow, command, current_actor(), client())


def _of_form() -> dict[str, Any]:
    if request.mimetype != "multipart/form-data":
        json_body()
        return loaded(Completion(), {})
    fields: dict[str, Any] = {name: value for name, value in request.form.items() if name not in _NOT_OURS}
    if "variables" in fields:
        fields["variables"] = object_of(fields["variables"], "variables")
    if not fields.get("version"):
        fields.pop("version", None)
    return loaded(Completion(), fields)


def _files() -> list[File]:
    found: list[File] = []
    for part, upload in request.files.items(multi=True):
        kind, _, code = part.partition(".")
        if kind not in list(MaterialKind):
            raise invalid(Detail(place=part, code="unknown", message="name the part attachment.<code> or photo.<code>"))
        found.append((MaterialKind(kind), code, upload.filename or "", upload.read()))
    return found


def _prepare(key: int, files: list[File]) -> None:
    """Add the files to the draft, except those that an earlier attempt at this request has already put there.

    When the task is not open any more nothing is added: completing then tells either the first result of this
    command id again, or that somebody was quicker.
    """
    if not files:
        return
    with unit_of_work() as uow:
        try:
            _, prepared = drafts.read(uow, current_actor(), key)
            present = {(file.kind, file.code, file.sha256) for file in prepared}
            for kind, code, name, data in files:
                if (kind.value, code, hashlib.sha256(data).hexdigest()) not in present:
                    drafts.add_file(uow, current_actor(), key, kind, code, name, data)
        except Conflict:
            uow.session.rollback()
