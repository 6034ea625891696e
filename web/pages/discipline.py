"""The desk of the discipline body, apart from everything of the unit: reports that were sealed for it."""

from flask import Blueprint, render_template, request

from engine.model.actors import Permission
from engine.service import discipline, exemptions, proof_log
from web.auth import current_actor, requires
from web.db import unit_of_work

blueprint = Blueprint("discipline", __name__, url_prefix="/discipline")


@blueprint.get("")
@requires(Permission.DISCIPLINE_READ)
def index() -> str:
    """What was reported, newest first, page by page. Looking is noted in the desk's own trail."""
    with unit_of_work() as uow:
        desk = discipline.desk(uow, current_actor(), request.args.get("cursor"))
        exempted = exemptions.search(uow, current_actor(), only_open=True)
        heads = proof_log.heads(uow, limit=5, newest_first=True)
    return render_template("pages/discipline.html", desk=desk, heads=heads, exempted=exempted)


@blueprint.get("/<key>")
@requires(Permission.DISCIPLINE_READ)
def show(key: str) -> str:
    """One report with its evidence."""
    with unit_of_work() as uow:
        report = discipline.one(uow, current_actor(), key)
    return render_template("pages/discipline_report.html", report=report)
