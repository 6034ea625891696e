"""/api/alerts: the unit's alerts by program: search, read, and take a step of their life."""

from typing import Any

from engine.model.actors import Permission
from engine.model.alerts import AlertFilter, AlertRow, AlertView
from engine.model.commands import HandleAlert
from engine.model.ids import AlertKey
from engine.service import alerts
from web.api.parsing import ApiBlueprint
from web.api.schemas.alerts import AlertPage, AlertResult, AlertSearch, AlertStepRequest
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_alerts", __name__, url_prefix="/api", description="Alerts")


@blueprint.on("POST", "/alerts/search")
@blueprint.takes(AlertSearch, required=False)
@blueprint.gives(200, AlertPage)
@requires(Permission.ALERT_READ)
def search(wanted: dict[str, Any]) -> dict[str, Any]:
    """Alerts of cases in reach, the newest first."""
    conditions, actor = AlertFilter(**wanted["filter"]), current_actor()
    with reading() as uow:
        page = alerts.search(uow, actor, wanted["after"], wanted["limit"], wanted=conditions)
        total = alerts.count(uow, actor, conditions)
    return {"items": page.rows, "total": total, "next_cursor": page.next_cursor}


@blueprint.on("GET", "/alerts/<key:key>")
@blueprint.gives(200, AlertResult)
@requires(Permission.ALERT_READ)
def show(key: int) -> dict[str, Any]:
    """One alert with its evidence, what was done about it, and what the reader may do now."""
    with reading() as uow:
        return _whole(alerts.view(uow, current_actor(), key))


@blueprint.on("POST", "/alerts/<key:key>/steps")
@blueprint.takes(AlertStepRequest)
@blueprint.gives(200, AlertResult)
@requires(Permission.ALERT_HANDLE)
def step(wanted: dict[str, Any], key: int) -> dict[str, Any]:
    """Take the alert one step on, traced in its case. The same Idempotency-Key again changes nothing."""
    command = HandleAlert(
        command_id=command_id(),
        key=AlertKey(key),
        step=wanted["step"],
        verdict=wanted["verdict"],
        text=wanted["opinion"],
        version=wanted["version"],
    )
    with unit_of_work() as uow:
        alerts.handle(uow, command, current_actor(), client())
        return _whole(alerts.view(uow, current_actor(), key))


def _whole(view: AlertView) -> dict[str, Any]:
    row = {name: getattr(view.row, name) for name in AlertRow.__slots__}
    return row | {name: getattr(view, name) for name in AlertView.__slots__ if name not in ("row", "why_not")}
