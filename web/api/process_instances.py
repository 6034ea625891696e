"""/v2/process-instances: start one, look at them."""

from typing import Any

from engine.model.actors import Permission
from engine.model.commands import StartInstance
from engine.model.ids import DefinitionKey, InstanceKey
from engine.model.views import CaseRow
from engine.service import instances, worklist
from web.api.parsing import ApiBlueprint
from web.api.schemas.process_instances import (
    ProcessInstanceCreated,
    ProcessInstanceCreation,
    ProcessInstanceResult,
    ProcessInstanceSearch,
    ProcessInstanceSearchResult,
)
from web.api.schemas.search import SearchResult
from web.api.searching import matcher, only_order, walk
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_process_instances", __name__, url_prefix="/v2", description="Process instances")


@blueprint.on("POST", "/process-instances")
@blueprint.takes(ProcessInstanceCreation)
@blueprint.gives(200, ProcessInstanceCreated)
@requires(Permission.CASE_START)
def create(wanted: dict[str, Any]) -> CaseRow:
    """Start a process instance in the unit of the person asking."""
    key = wanted["definition_key"]
    command = StartInstance(
        command_id=command_id(),
        process_id=wanted["process_id"],
        definition_key=None if key is None else DefinitionKey(key),
        variables=wanted["variables"],
    )
    with unit_of_work() as uow:
        return instances.start(uow, command, current_actor(), client())


@blueprint.on("GET", "/process-instances/<key:key>")
@blueprint.gives(200, ProcessInstanceResult)
@requires(Permission.CASE_READ)
def show(key: int) -> CaseRow:
    """One process instance. An inspector's look is itself traced."""
    with unit_of_work() as uow:
        return instances.case_view(uow, current_actor(), client(), InstanceKey(key)).case


@blueprint.on("POST", "/process-instances/search")
@blueprint.takes(ProcessInstanceSearch, required=False)
@blueprint.gives(200, ProcessInstanceSearchResult)
@requires(Permission.CASE_READ)
def search(wanted: dict[str, Any]) -> SearchResult:
    """Process instances in reach, the newest first."""
    only_order(wanted["sort"], "startDate", "DESC")
    keep = matcher(wanted["filter"])
    with reading() as uow:
        actor = current_actor()
        return walk(lambda cursor, limit: worklist.cases(uow, actor, cursor, limit), keep, wanted["page"])
