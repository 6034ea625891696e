"""Trace entries as sealed, for whoever recomputes the chain themselves."""

from engine.model.actors import Actor, Permission
from engine.model.trace_entries import SealedEntry
from engine.service import rights
from engine.service.equipment import Work
from engine.store import entries


def of_case(uow: Work, actor: Actor, key: int) -> tuple[SealedEntry, ...]:
    """All entries of a case, oldest first, bytes as hashed. The caller shows the case too, which traces the look.

    Raises NotAllowed without the right to read traces, NotFound when the case is out of reach.
    """
    rights.require(actor, Permission.TRACE_READ)
    rights.readable_case(uow, actor, key)
    return tuple(entries.stream_entries(uow, key))
