"""Handling a user task: the page, its completion, and its files for readers without script."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.model.commands import CompleteUserTask, CompletionResult
from engine.model.definitions import MaterialKind
from engine.model.errors import Conflict, Detail, Invalid, MingjingError, Refused
from engine.model.ids import UserTaskKey
from engine.model.views import UserTaskView
from engine.service import draft_warnings, drafts, notices, personal, task_pages, user_tasks
from web import problems
from web.auth import current_actor, requires, signed_in
from web.commands import client, command_id
from web.db import reading, unit_of_work
from web.observability import note_problem
from web.pages import labels
from web.pages.attempts import Attempt, typed_data, typed_reasons

blueprint = Blueprint("user_tasks", __name__, url_prefix="/user-tasks")


@blueprint.get("/<key:key>")
@signed_in
def show(key: int) -> str:
    """Form, materials, warnings, diagram and history of one task. Whoever may work it has now seen it."""
    with unit_of_work() as uow:
        view = task_pages.view(uow, current_actor(), client(), key)
        if view.workable:
            notices.looked(uow, current_actor(), key)
    return _page(view, Attempt.of_draft(view))


@blueprint.post("/<key:key>")
@requires(Permission.USER_TASK_WORK)
def complete(key: int) -> Response | tuple[str, int]:
    """Complete the task; whatever goes wrong, everything typed is still on the page."""
    try:
        with unit_of_work() as uow:
            command = _command(key)
            result = user_tasks.complete(uow, command, current_actor(), client())
    except (Invalid, Refused, Conflict) as error:
        return _again(key, error)
    _tell(result)
    return redirect(url_for("workbench.show"), code=303)


@blueprint.get("/<key:key>/materials")
@requires(Permission.USER_TASK_WORK)
def materials(key: int) -> str:
    """The checklist of materials, and the list of all files, for the files island after an upload."""
    return render_template("fragments/materials.html", view=_view(key), alone=True)


@blueprint.get("/<key:key>/warnings")
@requires(Permission.USER_TASK_WORK)
def warnings(key: int) -> str:
    """What checks would say of the reader's draft, asked by the page after each save. Writes nothing."""
    with reading() as uow:
        found = draft_warnings.foreseen(uow, current_actor(), key)
    return render_template("fragments/foreseen.html", foreseen=found)


@blueprint.post("/<key:key>/files")
@requires(Permission.USER_TASK_WORK)
def add_file(key: int) -> Response | tuple[str, int]:
    """Prepare files for the task (without script; the island uses the API)."""
    try:
        for upload in request.files.getlist("file"):
            with unit_of_work() as uow:
                kind, code = _material_kind(), request.form.get("code", "")
                drafts.add_file(uow, current_actor(), key, kind, code, upload.filename or "", upload.read())
    except (Invalid, Refused) as error:
        return _again(key, error)
    return redirect(url_for("user_tasks.show", key=key, _anchor="materials"), code=303)


@blueprint.post("/<key:key>/files/<key:file_key>/removal")
@requires(Permission.USER_TASK_WORK)
def remove_file(key: int, file_key: int) -> Response:
    """Forget a prepared file."""
    with unit_of_work() as uow:
        drafts.remove_file(uow, current_actor(), key, file_key)
    return redirect(url_for("user_tasks.show", key=key, _anchor="materials"), code=303)


def _view(key: int) -> UserTaskView:
    with unit_of_work() as uow:
        return task_pages.view(uow, current_actor(), client(), key)


def _page(view: UserTaskView, attempt: Attempt) -> str:
    with reading() as uow:
        own = [phrase.text for phrase in personal.phrases(uow, current_actor())] if view.workable else []
    phrases = own or [str(text) for text in labels.PHRASES]
    return render_template("pages/user_task.html", view=view, attempt=attempt, errors=attempt.errors, phrases=phrases)


def _again(key: int, error: MingjingError) -> tuple[str, int]:
    """The page once more after a failure. A task that is out of the reader's sight raises NotFound here."""
    note_problem(error.code)
    view = _view(key)
    return _page(view, Attempt.refused(view, error)), problems.status_of(error)


def _command(key: int) -> CompleteUserTask:
    return CompleteUserTask(
        command_id=command_id(),
        key=UserTaskKey(key),
        version=request.form.get("version", type=int),
        action=request.form.get("action") or None,
        opinion=request.form.get("opinion", ""),
        variables=typed_data(),
        reasons=typed_reasons(),
    )


def _material_kind() -> MaterialKind:
    try:
        return MaterialKind(request.form.get("kind", "attachment"))
    except ValueError as error:
        detail = Detail(place="kind", code="option", message="attachment or photo")
        raise Invalid("file.kind", "a file is an attachment or a photo", details=[detail]) from error


def _tell(result: CompletionResult) -> None:
    if result.ended:
        flash(gettext("%(number)s is completed; the case has ended.", number=result.number), "success")
    else:
        names = "、".join(result.next)
        text = gettext("%(number)s was submitted. It goes on to: %(names)s", number=result.number, names=names)
        waits = gettext("%(number)s was submitted. It waits for what is done beside it.", number=result.number)
        flash(text if names else waits, "success")
    for warning in result.warnings:
        flash(gettext("Risk warning: %(name)s. %(reason)s", name=warning.name, reason=warning.reason), "warning")
