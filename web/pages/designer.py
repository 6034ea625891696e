"""The designer's desk: drafts of processes, decisions and forms, and the editor of each."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Redirect

from engine.model.actors import Permission
from engine.model.errors import Invalid
from engine.model.ids import DefinitionKey
from engine.model.modelling import ModelDraft, ModelKind, NewDraft
from engine.service import model_drafts
from engine.service.model_drafts import Surroundings
from engine.supervision.check import Check
from web import problems
from web.auth import current_actor, requires
from web.db import reading, unit_of_work
from web.observability import note_problem
from web.security import EDITOR_CONTENT_SECURITY_POLICY

blueprint = Blueprint("designer", __name__, url_prefix="/designer")

EDITORS = {
    ModelKind.PROCESS: "process-editor",
    ModelKind.DECISION: "decision-editor",
    ModelKind.FORM: "form-editor",
}


@blueprint.get("")
@requires(Permission.DEPLOY)
def index() -> str:
    """All drafts, the last changed first."""
    return _desk()


@blueprint.post("")
@requires(Permission.DEPLOY)
def begin() -> Redirect | tuple[str, int]:
    """Begin a draft: an empty one, an uploaded file, or what is deployed."""
    try:
        with unit_of_work() as uow:
            key = model_drafts.begin(uow, _wanted(), current_actor())
    except Invalid as error:
        note_problem(error.code)
        return _desk(error), 422
    return redirect(url_for("designer.show", key=key), code=303)


@blueprint.get("/<key:key>")
@requires(Permission.DEPLOY)
def show(key: int) -> Response:
    """The editor of a draft."""
    with reading() as uow:
        found = model_drafts.opened(uow, current_actor(), key)
        props = _props(found.draft, model_drafts.surroundings(uow, current_actor()))
    page = render_template(
        "pages/designer_draft.html", draft=found.draft, editor=EDITORS[found.draft.kind], props=props
    )
    return Response(page, headers={"Content-Security-Policy": EDITOR_CONTENT_SECURITY_POLICY})


@blueprint.get("/<key:key>/file")
@requires(Permission.DEPLOY)
def file(key: int) -> Response:
    """The saved file, or with `version` one that was numbered."""
    wanted = request.args.get("version", type=int)
    with reading() as uow:
        found = model_drafts.opened(uow, current_actor(), key)
        body = found.body if wanted is None else model_drafts.version_body(uow, current_actor(), key, wanted)
    answer = Response(body, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=found.draft.resource_name.rpartition("/")[2])
    return answer


@blueprint.post("/<key:key>/discarding")
@requires(Permission.DEPLOY)
def discard(key: int) -> Redirect:
    """Take a draft from the list."""
    with unit_of_work() as uow:
        model_drafts.discard(uow, current_actor(), key)
    flash(gettext("The draft is discarded; its numbered versions are kept."), "success")
    return redirect(url_for("designer.index"), code=303)


def _props(draft: ModelDraft, around: Surroundings) -> dict[str, object]:
    """What the editor needs of the page; the file it asks for itself."""
    return {
        "url": url_for("api_model_drafts.show", key=draft.key),
        "desk": url_for("designer.index"),
        "checks": [_check(check) for check in around.checks],
        "forms": around.forms,
        "decisions": around.decisions,
        "processes": around.processes,
    }


def _check(check: Check) -> dict[str, object]:
    return {
        "code": check.code,
        "name": check.name,
        "level": check.level.value,
        "parameters": [
            {"name": one.name, "label": one.zh, "meaning": one.meaning, "required": one.required,
             "choices": one.choices, "default": one.default}
            for one in check.parameters
        ],
    }  # fmt: skip


def _wanted() -> NewDraft:
    name = request.form.get("name", "")
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        kind = model_drafts.kind_of(upload.filename)
        stem = upload.filename.rpartition("/")[2]
        return NewDraft(kind=kind, name=name or stem, body=upload.read(), resource_name=stem)
    definition = request.form.get("definition", type=int)
    kinds = {kind.value: kind for kind in ModelKind}
    kind = kinds.get(request.form.get("kind", ""), ModelKind.PROCESS)
    return NewDraft(kind=kind, name=name, definition_key=DefinitionKey(definition) if definition else None)


def _desk(error: Invalid | None = None) -> str:
    with reading() as uow:
        found = model_drafts.listed(uow, current_actor())
    problem = problems.of_error(error) if error is not None else None
    return render_template("pages/designer.html", drafts=found, kinds=list(ModelKind), problem=problem)
