"""The workbench: what waits, what was done, what was started."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.model.actors import Actor, Permission
from engine.model.views import CaseRow, Page, UserTaskRow
from engine.service import worklist
from engine.service.equipment import Work
from web import auth
from web.auth import current_actor, signed_in
from web.db import reading

blueprint = Blueprint("workbench", __name__)

_LANDINGS = (
    (Permission.DISCIPLINE_READ, "discipline.index"),
    (Permission.ALERT_HANDLE, "alerts.index"),
    (Permission.TRACE_READ, "cases.index"),
    (Permission.CASE_OPERATE, "operations.index"),
    (Permission.PEOPLE_MANAGE, "people.index"),
    (Permission.SYSTEM_TRACE_READ, "system_trace.show"),
    (Permission.DEFINITION_READ, "definitions.index"),
)
"""Where readers without work of their own begin."""


@blueprint.get("/")
@signed_in
def show() -> str | Response:
    """The four numbers, and the list that `tab` names."""
    actor = current_actor()
    landing = _landing(actor)
    if landing is not None and "tab" not in request.args:
        return redirect(url_for(landing), code=303)
    tab = request.args.get("tab", "todo")
    with reading() as uow:
        counts = worklist.counts(uow, actor)
        page = _list(uow, actor, tab, request.args.get("cursor"))
    return render_template("pages/workbench.html", counts=counts, page=page, tab=tab)


def _landing(actor: Actor) -> str | None:
    if auth.holds(actor, Permission.USER_TASK_WORK) or auth.holds(actor, Permission.CASE_START):
        return None
    return next((endpoint for permission, endpoint in _LANDINGS if auth.holds(actor, permission)), None)


def _list(uow: Work, actor: Actor, tab: str, cursor: str | None) -> Page[UserTaskRow] | Page[CaseRow]:
    match tab:
        case "done":
            return worklist.done(uow, actor, cursor)
        case "started":
            return worklist.started(uow, actor, cursor)
        case "warned":
            return worklist.todo(uow, actor, cursor, only_warned=True)
        case _:
            return worklist.todo(uow, actor, cursor)
