"""/api/process-instances/{key}/trace and /verification: what happened, and whether anything was altered."""

from typing import Any

from engine.model.actors import Permission
from engine.model.ids import InstanceKey
from engine.model.trace_entries import SealedEntry
from engine.model.views import TimelineEntry, VerificationView
from engine.service import instances, sealed_trace, verification
from web.api.parsing import ApiBlueprint
from web.api.schemas.own import TraceResult, VerificationResult
from web.auth import current_actor, requires
from web.commands import client
from web.db import unit_of_work

blueprint = ApiBlueprint("api_traces", __name__, url_prefix="/api", description="The trace of a process instance")


@blueprint.on("GET", "/process-instances/<key:key>/trace")
@blueprint.gives(200, TraceResult)
@requires(Permission.TRACE_READ)
def show(key: int) -> dict[str, Any]:
    """Every entry in order, readable and as sealed. Reading it is itself traced."""
    with unit_of_work() as uow:
        view = instances.case_view(uow, current_actor(), client(), InstanceKey(key))
        sealed = sealed_trace.of_case(uow, current_actor(), key)
    # A timer may have fired between the two reads: then one entry more is sealed than is told.
    entries = [_entry(entry, seal) for entry, seal in zip(view.timeline, sealed, strict=False)]
    return {"instance_key": view.case.key, "number": view.case.number, "entries": entries}


def _entry(entry: TimelineEntry, sealed: SealedEntry) -> dict[str, Any]:
    readable = {name: getattr(entry, name) for name in TimelineEntry.__slots__}
    return readable | {
        "body": sealed.body.decode(),
        "algorithm": sealed.algorithm,
        "hash": sealed.hash.hex(),
        "previous_hash": sealed.previous_hash.hex(),
    }


@blueprint.on("GET", "/process-instances/<key:key>/verification")
@blueprint.gives(200, VerificationResult)
@requires(Permission.TRACE_VERIFY)
def verify(key: int) -> VerificationView:
    """Verify the chain and the files now. Traced."""
    with unit_of_work() as uow:
        return verification.verify(uow, current_actor(), client(), InstanceKey(key))


@blueprint.on("POST", "/process-instances/<key:key>/verification")
@blueprint.gives(200, VerificationResult)
@requires(Permission.TRACE_VERIFY)
def verify_now(key: int) -> VerificationView:
    """The same, for those who rather ask for it than look at it."""
    with unit_of_work() as uow:
        return verification.verify(uow, current_actor(), client(), InstanceKey(key))
