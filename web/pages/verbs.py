"""The verbs of approval by plain forms: one page per user task, one form per verb that its node allows."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.model.approval_commands import AddSign, HandOver, RemoveSign, SendBack, SendCopy, Sign, Urge, Withdraw
from engine.model.errors import Conflict, Invalid, Refused
from engine.model.ids import UserTaskKey
from engine.service import handing_over, returns, signing, telling, verb_pages
from web import problems
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import unit_of_work
from web.observability import note_problem

blueprint = Blueprint("verbs", __name__, url_prefix="/user-tasks")


def _people() -> tuple[str, ...]:
    return tuple(request.form.getlist("people"))


def _more() -> dict[str, Any]:
    return {"command_id": command_id(), "opinion": request.form.get("opinion", "")}


_COMMANDS: dict[str, tuple[Callable[..., object], Callable[[UserTaskKey], object]]] = {
    "send-back": (
        returns.send_back,
        lambda key: SendBack(
            key=key, target=request.form.get("target", ""), direct=request.form.get("direct") == "1", **_more()
        ),
    ),
    "withdraw": (returns.withdraw, lambda key: Withdraw(key=key, **_more())),
    "transfer": (
        handing_over.transfer,
        lambda key: HandOver(key=key, person=request.form.get("person", ""), **_more()),
    ),
    "delegate": (signing.delegate, lambda key: HandOver(key=key, person=request.form.get("person", ""), **_more())),
    "add-sign": (signing.add_sign, lambda key: AddSign(key=key, people=_people(), **_more())),
    "remove-sign": (
        signing.remove_sign,
        lambda key: RemoveSign(key=UserTaskKey(request.form.get("signer", default=0, type=int) or key), **_more()),
    ),
    "sign": (signing.sign, lambda key: Sign(key=key, agree=request.form.get("agree") == "1", **_more())),
    "urge": (telling.urge, lambda key: Urge(key=key, **_more())),
    "cc": (telling.send_copy, lambda key: SendCopy(key=key, people=_people(), **_more())),
}


@blueprint.get("/<key:key>/verbs")
@requires(Permission.CASE_READ)
def show(key: int) -> str:
    """What the reader may do with the task besides completing it."""
    return _page(key, "")


@blueprint.post("/<key:key>/verbs/<verb>")
@requires(Permission.CASE_READ)
def act(key: int, verb: str) -> Response | tuple[str, int]:
    """Carry one out; whatever goes wrong is said on the same page."""
    if verb not in _COMMANDS:
        abort(404)
    service, command = _COMMANDS[verb]
    try:
        with unit_of_work() as uow:
            service(uow, command(UserTaskKey(key)), current_actor(), client())
    except (Invalid, Refused, Conflict) as error:
        note_problem(error.code)
        text = problems.translated(f"problem.{error.code}", error.message, error.params)
        return _page(key, text), problems.status_of(error)
    flash(gettext("Done. It is written in the trace of the case."), "success")
    return redirect(url_for("workbench.show"), code=303)


def _page(key: int, problem: str) -> str:
    with unit_of_work() as uow:
        found = verb_pages.view(uow, current_actor(), client(), key)
    return render_template("pages/verbs.html", page=found, problem=problem)
