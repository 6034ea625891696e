"""The system trace, for the audit administrator."""

from flask import Blueprint, render_template, request

from engine.model.actors import Permission
from engine.service import integrity, system_trace
from web.auth import current_actor, requires
from web.commands import client
from web.db import unit_of_work

blueprint = Blueprint("system_trace", __name__)


@blueprint.get("/system-trace")
@requires(Permission.SYSTEM_TRACE_READ)
def show() -> str:
    """What belongs to no case, newest first; with ``only=looks`` who looked at what. Looking at it is traced."""
    looks = request.args.get("only") == "looks"
    with unit_of_work() as uow:
        page = system_trace.read(uow, current_actor(), client(), request.args.get("cursor"), only_looks=looks)
        alarms = integrity.open_alarms(uow)
    return render_template("pages/system_trace.html", page=page, looks=looks, alarms=alarms)
