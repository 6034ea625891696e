"""/api/discipline/reports: the desk of a discipline body by program. To everybody else there is nothing here."""

from flask import request

from engine.model.actors import Permission
from engine.model.discipline import DeskView, ReportView
from engine.service import discipline
from web.api.parsing import ApiBlueprint, loaded
from web.api.schemas.alerts import DeskQuery, DeskResult, ReportResult
from web.auth import current_actor, hidden
from web.db import unit_of_work

blueprint = ApiBlueprint("api_discipline", __name__, url_prefix="/api", description="The desk of a discipline body")


@blueprint.on("GET", "/discipline/reports")
@blueprint.gives(200, DeskResult)
@blueprint.says(parameters=[{"in": "query", "schema": DeskQuery}])
@hidden(Permission.DISCIPLINE_READ)
def index() -> DeskView:
    """What was reported to the reader's body, the newest first. Looking is noted in the desk's own trail."""
    wanted = loaded(DeskQuery(), request.args)
    with unit_of_work() as uow:
        return discipline.desk(uow, current_actor(), wanted["after"], wanted["limit"])


@blueprint.on("GET", "/discipline/reports/<key>")
@blueprint.gives(200, ReportResult)
@hidden(Permission.DISCIPLINE_READ)
def show(key: str) -> ReportView:
    """One report with its evidence. Looking is noted."""
    with unit_of_work() as uow:
        return discipline.one(uow, current_actor(), key)
