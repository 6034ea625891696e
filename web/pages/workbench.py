"""The workbench and task centre: what waits, what was done, what was started; filtered, searched, under own names."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.model.actors import Actor, Permission
from engine.model.views import CaseRow, Page, UserTaskRow
from engine.model.worklists import ListFilter, Only
from engine.service import personal, task_pages, worklist
from engine.service.equipment import Work
from web import auth
from web.auth import current_actor, requires, signed_in
from web.commands import client
from web.db import reading, unit_of_work

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

TABS = ("todo", "unclaimed", "done", "copied", "started")


@blueprint.get("/")
@signed_in
def show() -> str | Response:
    """The numbers, and the list that the address asks for: `tab`, `only`, `process`, `text`."""
    actor = current_actor()
    landing = _landing(actor)
    if landing is not None and "tab" not in request.args:
        return redirect(url_for(landing), code=303)
    tab, wanted = _wanted()
    with reading() as uow:
        counts = worklist.counts(uow, actor)
        saved = personal.filters(uow, actor)
        page = _list(uow, actor, tab, wanted)
    view = {"tab": tab, "wanted": wanted, "link": _link(tab, wanted), "saved": saved}
    return render_template("pages/workbench.html", counts=counts, page=page, **view)


@blueprint.get("/user-tasks/<key:key>/preview")
@requires(Permission.CASE_READ)
def preview(key: int) -> str:
    """A task beside the list: whom it is about, what happened before."""
    with unit_of_work() as uow:
        view = task_pages.view(uow, current_actor(), client(), key)
    return render_template("fragments/preview.html", view=view)


@blueprint.post("/filters")
@requires(Permission.USER_TASK_WORK)
def save_filter() -> Response:
    """Keep the filter of the list under a name, and come back to the list."""
    query = request.form.get("query", "")
    with unit_of_work() as uow:
        personal.save_filter(uow, current_actor(), request.form.get("name", ""), query)
    return redirect(f"{url_for('workbench.show')}?{query}" if query else url_for("workbench.show"), code=303)


@blueprint.post("/filters/<key:key>/removal")
@requires(Permission.USER_TASK_WORK)
def remove_filter(key: int) -> Response:
    """Forget a saved filter."""
    with unit_of_work() as uow:
        personal.remove_filter(uow, current_actor(), key)
    return redirect(url_for("workbench.show", tab="todo"), code=303)


def _landing(actor: Actor) -> str | None:
    if auth.holds(actor, Permission.USER_TASK_WORK) or auth.holds(actor, Permission.CASE_START):
        return None
    return next((endpoint for permission, endpoint in _LANDINGS if auth.holds(actor, permission)), None)


def _wanted() -> tuple[str, ListFilter]:
    """Tab and filter of the address; what it does not know counts as nothing. `tab=warned` is an older name."""
    tab = request.args.get("tab", "todo")
    only = request.args.get("only", "warned" if tab == "warned" else "")
    wanted = ListFilter(
        text=request.args.get("text", "").strip()[:100],
        process=request.args.get("process", "")[:200],
        only=Only(only) if only in list(Only) else None,
    )
    return (tab if tab in TABS else "todo"), wanted


def _link(tab: str, wanted: ListFilter) -> Any:
    """Addresses of this list with something changed: ``link(process="")``, ``link(cursor=…)``."""
    here = {"tab": tab, "only": wanted.only, "process": wanted.process, "text": wanted.text}

    def link(**changes: str | None) -> str:
        values: dict[str, Any] = {name: value or None for name, value in {**here, **changes}.items()}
        return url_for("workbench.show", **values)

    return link


def _list(uow: Work, actor: Actor, tab: str, wanted: ListFilter) -> Page[UserTaskRow] | Page[CaseRow]:
    cursor = request.args.get("cursor")
    match tab:
        case "done":
            return worklist.done(uow, actor, cursor, wanted=wanted)
        case "started":
            return worklist.started(uow, actor, cursor, wanted=wanted)
        case "copied":
            return worklist.copied(uow, actor, cursor, wanted=wanted)
        case "unclaimed":
            return worklist.todo(uow, actor, cursor, wanted=replace(wanted, only=Only.UNCLAIMED))
        case _:
            return worklist.todo(uow, actor, cursor, wanted=wanted)
