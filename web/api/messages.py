"""/v2/messages and /v2/signals: programs outside tell cases that something has happened. What cases wait for."""

from typing import Any

from engine.model.actors import Permission
from engine.model.commands import BroadcastSignal, Correlated, CorrelateMessage, PublishMessage
from engine.model.waits import WaitRow
from engine.service import listening, messages
from web.api.parsing import ApiBlueprint, json_body
from web.api.schemas.messages import (
    MessageCorrelation,
    MessageCorrelationResult,
    MessagePublication,
    MessagePublicationResult,
    MessageSubscriptionSearch,
    MessageSubscriptionSearchResult,
    SignalBroadcast,
    SignalBroadcastResult,
    WaitsResult,
)
from web.api.schemas.search import SearchResult
from web.api.searching import matcher, only_order, walk
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_messages", __name__, description="Messages and signals")


@blueprint.on("POST", "/v2/messages/publication")
@blueprint.takes(MessagePublication)
@blueprint.gives(200, MessagePublicationResult)
@requires(Permission.MESSAGE_PUBLISH)
def publish(wanted: dict[str, Any]) -> Correlated:
    """Publish a message to exactly one: a case that waits for its name and key, now or within its time to live."""
    command = PublishMessage(
        command_id=command_id(),
        name=wanted["name"],
        correlation_key=wanted["correlation_key"] or "",
        time_to_live_ms=wanted["time_to_live"] or 0,
        message_id=wanted["message_id"] or "",
        variables=wanted["variables"] or {},
    )
    with unit_of_work() as uow:
        return messages.publish(uow, command, current_actor(), client())


@blueprint.on("POST", "/v2/messages/correlation")
@blueprint.takes(MessageCorrelation)
@blueprint.gives(200, MessageCorrelationResult)
@requires(Permission.MESSAGE_PUBLISH)
def correlate(wanted: dict[str, Any]) -> Correlated:
    """Let a message reach somebody now, and learn which case it was; 404 when nobody waits."""
    command = CorrelateMessage(
        command_id=command_id(),
        name=wanted["name"],
        correlation_key=wanted["correlation_key"] or "",
        variables=wanted["variables"] or {},
    )
    with unit_of_work() as uow:
        return messages.correlate(uow, command, current_actor(), client())


@blueprint.on("POST", "/v2/signals/broadcast")
@blueprint.takes(SignalBroadcast)
@blueprint.gives(200, SignalBroadcastResult)
@requires(Permission.SIGNAL_BROADCAST)
def broadcast(wanted: dict[str, Any]) -> dict[str, int]:
    """Let a signal reach every case in reach that waits for it, and every start event."""
    command = BroadcastSignal(command_id=command_id(), name=wanted["name"], variables=wanted["variables"] or {})
    with unit_of_work() as uow:
        return {"key": messages.broadcast(uow, command, current_actor(), client())}


@blueprint.on("POST", "/v2/message-subscriptions/search")
@blueprint.takes(MessageSubscriptionSearch, required=False)
@blueprint.gives(200, MessageSubscriptionSearchResult)
@requires(Permission.CASE_READ)
def search(wanted: dict[str, Any]) -> SearchResult:
    """Waits of cases in reach for messages, the newest first."""
    only_order(wanted["sort"], "messageSubscriptionKey", "DESC")
    state = wanted["filter"].pop("state", None)
    keep = matcher(wanted["filter"]) if state is None or state("CREATED") else lambda _: False
    instance = ((json_body() or {}).get("filter") or {}).get("processInstanceKey")
    key = int(instance) if isinstance(instance, str) and len(instance) < 19 else None
    with reading() as uow:
        actor = current_actor()
        return walk(
            lambda cursor, limit: listening.messages(uow, actor, cursor, limit, instance_key=key), keep, wanted["page"]
        )


@blueprint.on("GET", "/api/process-instances/<key:key>/waits")
@blueprint.gives(200, WaitsResult)
@requires(Permission.CASE_READ)
def waits(key: int) -> dict[str, tuple[WaitRow, ...]]:
    """What a case waits for: its timers, messages and signals."""
    with reading() as uow:
        return {"waits": listening.of_case(uow, current_actor(), key)}
