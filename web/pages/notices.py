"""The bell: how much is new, the list, and read marks."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.model.actors import Permission
from engine.service import notices
from web.auth import current_actor, requires
from web.db import reading, unit_of_work

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
@requires(Permission.CASE_READ)
def index() -> str:
    """New tasks, urges, copies, returns: the newest first."""
    with reading() as uow:
        page = notices.listed(uow, current_actor(), request.args.get("cursor"))
    return render_template("pages/notices.html", page=page)


@blueprint.get("/count")
@requires(Permission.CASE_READ)
def count() -> Response:
    """How many are unread, for the bell."""
    with reading() as uow:
        answer = jsonify(unread=notices.unread(uow, current_actor()))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/<key:key>")
@requires(Permission.CASE_READ)
def follow(key: int) -> Answer:
    """Mark a notice as read and go to what it is about."""
    with unit_of_work() as uow:
        notices.read(uow, current_actor(), key)
    task, case = request.form.get("task", 0, type=int), request.form.get("case", 0, type=int)
    alert = request.form.get("alert", 0, type=int)
    found = ((alert, "alerts.show"), (task, "user_tasks.show"), (case, "cases.show"))
    there = next((url_for(endpoint, key=one) for one, endpoint in found if one), url_for("notices.index"))
    return redirect(there, code=303)


@blueprint.post("/all")
@requires(Permission.CASE_READ)
def read_all() -> Answer:
    """Mark everything as read."""
    with unit_of_work() as uow:
        notices.read_all(uow, current_actor())
    return redirect(url_for("notices.index"), code=303)
