"""The supervision dashboard: figures of the unit's alerts, each of which opens the list that it counts."""

from flask import Blueprint, render_template, request

from engine.model.actors import Permission
from engine.service import alert_board, exemptions
from web.auth import current_actor, requires
from web.db import reading

blueprint = Blueprint("supervision", __name__)


@blueprint.get("/supervision")
@requires(Permission.ALERT_READ)
def show() -> str:
    """Open alerts by level and light, unit and business; trend, checks and time to clear of the months chosen."""
    months = request.args.get("months", alert_board.PERIODS[-1], type=int)
    with reading() as uow:
        board = alert_board.board(uow, current_actor(), months)
        exempted = exemptions.counts(uow, current_actor()).total()
    return render_template("pages/supervision.html", board=board, exempted=exempted, periods=alert_board.PERIODS)
