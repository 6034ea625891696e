"""/api/indicators: the indicator library; a version is proposed by one person and published by another."""

from datetime import date
from typing import Any

from flask import request

from engine.model.actors import Permission
from engine.model.commands import DecideIndicator, ProposeIndicator
from engine.model.errors import Detail
from engine.model.indicators import Indicator, IndicatorVersion
from engine.service import indicators
from engine.supervision import indicator_values
from web.api.parsing import ApiBlueprint, invalid
from web.api.schemas import indicators as shapes
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_indicators", __name__, url_prefix="/api", description="The indicator library")


@blueprint.on("GET", "/indicators")
@blueprint.gives(200, shapes.IndicatorList)
@requires(Permission.INDICATOR_READ)
def index() -> dict[str, Any]:
    """All indicators with the city's values of today."""
    with reading() as uow:
        return {"indicators": indicators.search(uow, current_actor())}


@blueprint.on("GET", "/indicators/<key>")
@blueprint.gives(200, shapes.IndicatorResult)
@requires(Permission.INDICATOR_READ)
def show(key: str) -> Indicator:
    """The version that holds on a `day` (today), in a `district` (its code), for a `businessType`."""
    scope = {"business_type": request.args.get("businessType", ""), "district": request.args.get("district", "")}
    with reading() as uow:
        return indicators.of_day(uow, current_actor(), key, _day(), **scope)


@blueprint.on("GET", "/indicators/<key>/versions")
@blueprint.gives(200, shapes.IndicatorVersions)
@requires(Permission.INDICATOR_READ)
def versions(key: str) -> dict[str, Any]:
    """All versions of all scopes, newest first, those that are only proposed too."""
    with reading() as uow:
        return {"versions": indicators.view(uow, current_actor(), key).versions}


@blueprint.on("POST", "/indicators")
@blueprint.takes(shapes.IndicatorProposal)
@blueprint.gives(201, shapes.IndicatorVersionResult)
@requires(Permission.INDICATOR_KEEP)
def propose(wanted: dict[str, Any]) -> IndicatorVersion:
    """Propose a version."""
    reason, limits = wanted.pop("reason"), wanted.pop("district_limits")
    value = indicator_values.read(wanted["value_type"], wanted.pop("value"))
    held = None if limits is None else indicator_values.read_interval(limits)
    indicator = Indicator(**wanted, value=value, district_limits=held, version=0)
    command = ProposeIndicator(command_id=command_id(), indicator=indicator, reason=reason)
    with unit_of_work() as uow:
        return indicators.propose(uow, command, current_actor(), client())


@blueprint.on("POST", "/indicator-versions/<key:key>/decision")
@blueprint.takes(shapes.IndicatorDecision)
@blueprint.gives(200, shapes.IndicatorVersionResult)
@requires(Permission.INDICATOR_KEEP)
def decide(wanted: dict[str, Any], key: int) -> IndicatorVersion:
    """Publish a proposed version, or turn it down; whoever proposed it may not."""
    command = DecideIndicator(command_id=command_id(), key=key, publish=wanted["publish"], reason=wanted["reason"])
    with unit_of_work() as uow:
        return indicators.decide(uow, command, current_actor(), client())


def _day() -> date | None:
    text = request.args.get("day", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise invalid(Detail(place="day", code="type", message="a day like 2026-07-01 is needed")) from error
