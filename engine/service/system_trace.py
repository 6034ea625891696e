"""The system stream for the audit administrator: sign-ins, reads, deployments, people. Reading it is itself traced."""

from engine.model.actors import Actor, Client, Permission
from engine.model.trace_entries import SYSTEM_STREAM, EntryKind
from engine.model.views import Page, TimelineEntry
from engine.service import recording, rights, timeline
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from engine.store import cursors, entries

LIMIT = 50


def read(uow: Work, actor: Actor, client: Client, cursor: str | None = None) -> Page[TimelineEntry]:
    """A page of the system stream, newest first. Raises NotAllowed without the right."""
    rights.require(actor, Permission.SYSTEM_TRACE_READ)
    position = cursors.decode(cursor)
    found = entries.newest(uow, SYSTEM_STREAM, before_seq=position[1] if position else None, limit=LIMIT + 1)
    shown = found[:LIMIT]
    payload = {
        "first": shown[-1].seq if shown else None,
        "last": shown[0].seq if shown else None,
        "count": len(shown),
        "reason": None,
    }
    entry = recording.draft(uow, EntryKind.SYSTEM_TRACE_READ, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)
    return Page(
        rows=timeline.of_system(shown),
        next_cursor=cursors.encode(None, shown[-1].seq) if len(found) > LIMIT else None,
    )
