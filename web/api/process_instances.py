"""/v2/process-instances: start one, look at them, suspend, resume and cancel."""

from typing import Any

from engine.model.actors import Permission
from engine.model.commands import OperateInstance, StartInstance
from engine.model.ids import DefinitionKey, InstanceKey
from engine.model.views import CaseRow
from engine.service import instances, lifecycle, worklist
from web.api.parsing import ApiBlueprint
from web.api.schemas.process_instances import (
    ProcessInstanceCreated,
    ProcessInstanceCreation,
    ProcessInstanceOperation,
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


@blueprint.on("POST", "/process-instances/<key:key>/suspension")
@blueprint.takes(ProcessInstanceOperation, required=False)
@blueprint.gives(204)
@requires(Permission.CASE_OPERATE)
def suspend(wanted: dict[str, Any], key: int) -> None:
    """Stop a case for a while: nobody completes anything in it, jobs are not handed out, timers stand still."""
    with unit_of_work() as uow:
        lifecycle.suspend(uow, _order(wanted, key), current_actor(), client())


@blueprint.on("POST", "/process-instances/<key:key>/resumption")
@blueprint.takes(ProcessInstanceOperation, required=False)
@blueprint.gives(204)
@requires(Permission.CASE_OPERATE)
def resume(wanted: dict[str, Any], key: int) -> None:
    """Let a suspended case go on; its timers are due later by the pause, but for those that name a date."""
    with unit_of_work() as uow:
        lifecycle.resume(uow, _order(wanted, key), current_actor(), client())


@blueprint.on("POST", "/process-instances/<key:key>/cancellation")
@blueprint.takes(ProcessInstanceOperation, required=False)
@blueprint.gives(204)
@requires(Permission.CASE_OPERATE)
def cancel(wanted: dict[str, Any], key: int) -> None:
    """End a case where it stands."""
    with unit_of_work() as uow:
        lifecycle.cancel(uow, _order(wanted, key), current_actor(), client())


def _order(wanted: dict[str, Any], key: int) -> OperateInstance:
    return OperateInstance(
        command_id=command_id(),
        key=InstanceKey(key),
        reason=wanted["reason"] or "",
        reference=wanted["reference"],
    )


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
