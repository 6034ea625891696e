"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.model.errors import Refused
from engine.service import people
from engine.service.bootstrap import DEMONSTRATION_PASSWORD
from web import auth, problems
from web.auth import local_path, public, signed_in
from web.commands import client
from web.db import reading, unit_of_work

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@public
def show() -> str | Response:
    """The sign-in page; in demonstration mode with everybody's name and password."""
    if auth.current_actor_or_none() is not None:
        return redirect(local_path(request.args.get("next")), code=303)
    return _page(next=request.args.get("next", ""))


@blueprint.post("/sign-in")
@public
def enter() -> Response | tuple[str, int]:
    """Check name and password, begin a session, go on to where the reader wanted."""
    username, wanted = request.form.get("username", "").strip(), request.form.get("next", "")
    try:
        with unit_of_work() as uow:
            actor, epoch = people.sign_in(uow, username, request.form.get("password", ""), client())
    except Refused as refused:
        problem = problems.of_error(refused)
        return _page(next=wanted, username=username, problem=problem.detail), problem.status
    auth.sign_in(actor, epoch)
    return redirect(local_path(wanted), code=303)


@blueprint.post("/sign-out")
@signed_in
def leave() -> Response:
    """End the session; the trace notes it."""
    with unit_of_work() as uow:
        people.sign_out(uow, auth.current_actor(), client())
    auth.sign_out()
    return redirect(url_for("sign_in.show"), code=303)


def _page(**shown: str) -> str:
    with reading() as uow:
        offered = people.demonstration_people(uow)
    return render_template("pages/sign_in.html", people=offered, password=DEMONSTRATION_PASSWORD, **shown)
