"""Sweeps: a button that has running cases judged again, and how far each sweep came."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.model.errors import Conflict
from engine.service import sweeping
from web import problems
from web.auth import current_actor, requires
from web.db import reading, unit_of_work
from web.observability import note_problem

blueprint = Blueprint("sweeps", __name__, url_prefix="/sweeps")


@blueprint.get("")
@requires(Permission.SWEEP)
def index() -> str:
    """Sweeps of the reader's unit, newest first; the page asks again while one is going on."""
    with reading() as uow:
        rows = sweeping.listed(uow, current_actor())
    return render_template("pages/sweeps.html", rows=rows)


@blueprint.post("")
@requires(Permission.SWEEP)
def ask() -> Response:
    """Ask for a sweep of one's unit and those below it."""
    try:
        with unit_of_work() as uow:
            sweeping.ask(uow, current_actor())
    except Conflict as error:
        note_problem(error.code)
        flash(problems.of_error(error).detail, "danger")
    else:
        flash(gettext("It goes on in the background; the page shows how far it came."), "success")
    return redirect(url_for("sweeps.index"), code=303)
