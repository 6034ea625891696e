"""Starting a process: the catalogue of businesses."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.model.actors import Permission
from engine.model.commands import StartInstance
from engine.model.ids import DefinitionKey
from engine.service import instances, worklist
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = Blueprint("start", __name__)


@blueprint.get("/start")
@requires(Permission.CASE_START)
def show() -> str:
    """What the reader may start."""
    with reading() as uow:
        processes = worklist.startable(uow, current_actor())
    return render_template("pages/start.html", processes=processes)


@blueprint.post("/start")
@requires(Permission.CASE_START)
def start() -> Response:
    """Start a case and open its first task, if that is the reader's; else the case."""
    actor = current_actor()
    definition = DefinitionKey(request.form.get("definition_key", 0, type=int))
    begin = request.form.get("start_event") or None
    with unit_of_work() as uow:
        command = StartInstance(command_id=command_id(), definition_key=definition, start_event=begin)
        case = instances.start(uow, command, actor, client())
        waiting = worklist.user_tasks(uow, actor, limit=1, state="CREATED", instance_key=case.key).rows
    if waiting:
        return redirect(url_for("user_tasks.show", key=waiting[0].key), code=303)
    return redirect(url_for("cases.show", key=case.key), code=303)
