"""Erasing personal data: one person proposes, another decides. Neither sees the case."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.model.actors import Actor, Client, Permission
from engine.model.errors import MingjingError
from engine.service import erasures
from engine.service.equipment import Work
from web import problems
from web.auth import current_actor, requires
from web.commands import client
from web.db import reading, unit_of_work

blueprint = Blueprint("erasures", __name__, url_prefix="/erasures")

Deciding = Callable[[Work, Actor, Client, int], None]


@blueprint.get("")
@requires(Permission.CASE_ERASE)
def index() -> str:
    """Proposals, those that wait first, and a form for a new one."""
    with reading() as uow:
        found = erasures.listed(uow, current_actor())
    return render_template("pages/erasures.html", rows=found)


@blueprint.post("")
@requires(Permission.CASE_ERASE)
def propose() -> Response:
    """Propose that the personal data of a case be erased."""
    number, basis = request.form.get("number", ""), request.form.get("basis", "")
    try:
        with unit_of_work() as uow:
            erasures.propose(uow, current_actor(), client(), number, basis)
    except MingjingError as error:
        return _refused(error)
    return _back(gettext("Proposed. Somebody else has to decide."))


@blueprint.post("/<key:key>/approval")
@requires(Permission.CASE_ERASE)
def approve(key: int) -> Response:
    """Erase. There is no way back."""
    return _decide(key, erasures.approve, gettext("The personal data of the case was erased."))


@blueprint.post("/<key:key>/refusal")
@requires(Permission.CASE_ERASE)
def decline(key: int) -> Response:
    """Decide that nothing is erased."""
    return _decide(key, erasures.decline, gettext("Nothing was erased."))


def _decide(key: int, act: Deciding, done: str) -> Response:
    try:
        with unit_of_work() as uow:
            act(uow, current_actor(), client(), key)
    except MingjingError as error:
        return _refused(error)
    return _back(done)


def _refused(error: MingjingError) -> Response:
    problem = problems.of_error(error)
    places = "；".join(found["message"] for found in problem.errors)
    flash(f"{problem.detail} {places}".strip(), "danger")
    return redirect(url_for("erasures.index"), code=303)


def _back(done: str) -> Response:
    flash(done, "success")
    return redirect(url_for("erasures.index"), code=303)
