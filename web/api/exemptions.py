"""/api/exemptions: what was exempted by whom and until when; granted and ended by supervisors of the unit."""

from typing import Any

from flask import request

from engine.model.actors import Permission
from engine.model.exemptions import EndExemption, ExemptionRow, GrantExemption
from engine.service import exemptions
from web.api.parsing import ApiBlueprint
from web.api.schemas.exemptions import ExemptionGrant, ExemptionItem, ExemptionList
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_exemptions", __name__, url_prefix="/api", description="Exemptions and suppressions")


@blueprint.on("GET", "/exemptions")
@blueprint.gives(200, ExemptionList)
@requires(Permission.ALERT_READ, Permission.DISCIPLINE_READ)
def index() -> dict[str, Any]:
    """Those of units in reach; `code` of one check, `open=true` only what holds today."""
    code, only_open = request.args.get("code", "")[:20], request.args.get("open") == "true"
    with reading() as uow:
        return {"exemptions": exemptions.search(uow, current_actor(), code=code, only_open=only_open)}


@blueprint.on("POST", "/exemptions")
@blueprint.takes(ExemptionGrant)
@blueprint.gives(201, ExemptionItem)
@requires(Permission.ALERT_HANDLE)
def grant(wanted: dict[str, Any]) -> ExemptionRow:
    """Grant one, with a reason and a last day."""
    with unit_of_work() as uow:
        return exemptions.grant(uow, GrantExemption(command_id=command_id(), **wanted), current_actor(), client())


@blueprint.on("POST", "/exemptions/<key:key>/end")
@blueprint.gives(200, ExemptionItem)
@requires(Permission.ALERT_HANDLE)
def end(key: int) -> ExemptionRow:
    """End one before its day."""
    with unit_of_work() as uow:
        return exemptions.end(uow, EndExemption(command_id=command_id(), key=key), current_actor(), client())
