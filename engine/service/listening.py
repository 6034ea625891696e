"""What cases wait for: of one case, and all waits for messages."""

from typing import Any

from engine.model.actors import Actor, Permission
from engine.model.ids import DefinitionKey, ElementId, ElementInstanceId, InstanceKey
from engine.model.views import Page
from engine.model.waits import WaitRow
from engine.service import lookups, paging, rights
from engine.service.equipment import Work
from engine.store import listening
from engine.store.definitions import called


def of_case(uow: Work, actor: Actor, key: int) -> tuple[WaitRow, ...]:
    """Timers of a case, the next one first, then messages and signals that it waits for.

    Raises NotFound when there is no such case or it is out of reach.
    """
    rights.readable_case(uow, actor, key)
    timers = [_row(uow, row, due_at=row.due_at, remaining=row.remaining) for row in listening.timers(uow, key)]
    return (*timers, *(_subscription(uow, row) for row in listening.subscriptions(uow, key)))


def messages(
    uow: Work, actor: Actor, cursor: str | None = None, limit: int = 50, *, instance_key: int | None = None
) -> Page[WaitRow]:
    """Waits for messages of cases in the actor's reach, newest first. Raises NotAllowed without the right."""
    rights.require(actor, Permission.CASE_READ)
    limit = min(limit, paging.MAX_LIMIT)
    found = listening.messages(
        uow,
        rights.reach(actor),
        before_key=paging.after(cursor),
        limit=limit + 1,
        instance_key=instance_key,
    )
    return paging.page(found, limit, lambda row: _subscription(uow, row))


def _subscription(uow: Work, row: Any) -> WaitRow:
    return _row(uow, row, name=row.name, began_at=row.created_at)


def _row(uow: Work, row: Any, **more: Any) -> WaitRow:
    belongs = called(row)
    process_id, digest = (belongs.id, belongs.digest) if belongs else (row.process_id, row.digest)
    element = lookups.executable(uow, digest, process_id).definition.elements[row.element_id]
    return WaitRow(
        key=row.key,
        kind=row.kind,
        instance_key=InstanceKey(row.instance_key),
        number=row.number,
        process_id=process_id,
        process_name=belongs.name if belongs else row.process_name,
        definition_key=belongs.key if belongs else DefinitionKey(row.case_definition_key),
        definition_version=belongs.version if belongs else row.definition_version,
        element_id=ElementId(row.element_id),
        element_instance=ElementInstanceId(row.element_instance),
        element_name=element.name or element.id,
        **more,
    )
