"""/v2/incidents and what mends a case: operators see where cases cannot go on, and have them go on."""

from collections.abc import Callable
from typing import Any

from engine.model.actors import Permission
from engine.model.commands import ChangeVariables, ResolveIncident, RouteAround
from engine.model.ids import IncidentKey
from engine.model.incidents import IncidentRow
from engine.service import incidents, mending
from web.api.parsing import ApiBlueprint, json_body
from web.api.schemas.incidents import (
    IncidentResult,
    IncidentSearch,
    IncidentSearchResult,
    Resolution,
    RoutingAround,
    VariableChange,
    error_type,
)
from web.api.schemas.search import SearchResult
from web.api.searching import matcher, only_order, walk
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_incidents", __name__, url_prefix="/v2", description="Incidents")
own = ApiBlueprint("api_mending", __name__, url_prefix="/api", description="Mending cases")


@blueprint.on("GET", "/incidents/<key:key>")
@blueprint.gives(200, IncidentResult)
@requires(Permission.JOB_READ)
def show(key: int) -> IncidentRow:
    """One incident."""
    with reading() as uow:
        return incidents.one(uow, current_actor(), key)


@blueprint.on("POST", "/incidents/search")
@blueprint.takes(IncidentSearch, required=False)
@blueprint.gives(200, IncidentSearchResult)
@requires(Permission.JOB_READ)
def search(wanted: dict[str, Any]) -> SearchResult:
    """Incidents in reach, the newest first."""
    only_order(wanted["sort"], "incidentKey", "DESC")
    keep = _matcher(wanted["filter"])
    given = _in_sql()
    with reading() as uow:
        actor = current_actor()
        return walk(lambda cursor, limit: incidents.search(uow, actor, cursor, limit, **given), keep, wanted["page"])


@blueprint.on("POST", "/incidents/<key:key>/resolution")
@blueprint.takes(Resolution, required=False)
@blueprint.gives(204)
@requires(Permission.INCIDENT_RESOLVE)
def resolve(wanted: dict[str, Any], key: int) -> None:
    """Try again what could not be carried out; a job that failed is handed out again, once it has retries."""
    command = ResolveIncident(command_id=command_id(), key=IncidentKey(key), reason=wanted["reason"] or "")
    with unit_of_work() as uow:
        mending.resolve(uow, command, current_actor(), client())


@blueprint.on("PUT", "/element-instances/<key:key>/variables")
@blueprint.takes(VariableChange)
@blueprint.gives(204)
@requires(Permission.CASE_MEND)
def change_variables(wanted: dict[str, Any], key: int) -> None:
    """Set variables of a case, seen from a user task or job, or from the whole (key of the process instance)."""
    command = ChangeVariables(
        command_id=command_id(),
        key=key,
        variables=wanted["variables"],
        reason=wanted["reason"] or "",
        local=bool(wanted["local"]),
    )
    with unit_of_work() as uow:
        mending.change_variables(uow, command, current_actor(), client())


@own.on("POST", "/incidents/<key:key>/routing-around")
@own.takes(RoutingAround)
@own.gives(204)
@requires(Permission.CASE_MEND)
def route_around(wanted: dict[str, Any], key: int) -> None:
    """Complete the element of an incident in its place; the trace says who did, and why."""
    command = RouteAround(
        command_id=command_id(),
        key=IncidentKey(key),
        reason=wanted["reason"],
        variables=wanted["variables"] or {},
    )
    with unit_of_work() as uow:
        mending.route_around(uow, command, current_actor(), client())


def _matcher(conditions: dict[str, Any]) -> Callable[[IncidentRow], bool]:
    of_type = conditions.pop("error_type", None)
    keep = matcher(conditions)
    return lambda row: keep(row) and (of_type is None or of_type(error_type(row)))


def _in_sql() -> dict[str, Any]:
    """Conditions that the list itself can hold: plain values of these. The rest is filtered row by row."""
    given = (json_body() or {}).get("filter") or {}
    names = {"state": "state", "kind": "kind", "elementId": "element_id"}
    found: dict[str, Any] = {
        own_name: given[name] for name, own_name in names.items() if isinstance(given.get(name), str)
    }
    keys = {"processInstanceKey": "instance_key", "jobKey": "job_key", "incidentKey": "key"}
    for name, own_name in keys.items():
        key = given.get(name)
        if isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 19:
            found[own_name] = int(key)
    return found
