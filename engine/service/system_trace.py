"""The system stream for the audit administrator: sign-ins, reads, deployments, people. Reading it is itself traced.

An entry about a case names it by its number and nothing else: the audit administrator sees no business data.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.model.actors import Actor, Client, Permission
from engine.model.ids import InstanceKey
from engine.model.trace_entries import SYSTEM_STREAM, EntryKind, SealedEntry
from engine.model.views import Page, SystemEntry
from engine.service import recording, rights, timeline
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from engine.store import cursors, entries, worklists
from engine.trace import chain

LIMIT = 50


def read(uow: Work, actor: Actor, client: Client, cursor: str | None = None) -> Page[SystemEntry]:
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
        rows=tuple(_entries(uow, shown)),
        next_cursor=cursors.encode(None, shown[-1].seq) if len(found) > LIMIT else None,
    )


def _entries(uow: Work, sealed: list[SealedEntry]) -> Iterator[SystemEntry]:
    """The entries with what each is about; the numbers of all their cases are looked up at once."""
    payloads = [chain.read_body(entry)["payload"] for entry in sealed]
    keys = [_case_key(payload) for payload in payloads]
    numbers = worklists.numbers(uow, {key for key in keys if key is not None})
    for entry, payload, key in zip(timeline.of_system(sealed), payloads, keys, strict=True):
        yield SystemEntry(
            entry=entry,
            case_key=InstanceKey(key) if key in numbers else None,
            case_number=numbers.get(key, "") if key is not None else "",
            about=tuple(_about(entry.kind, payload)),
        )


def _case_key(payload: Mapping[str, Any]) -> int | None:
    """The case that an entry is about: it was read, a file of it was read, or it was verified."""
    found = payload.get("instance") or payload.get("stream")
    return int(found) if isinstance(found, str) and found.isdigit() and int(found) != SYSTEM_STREAM else None


def _about(kind: str, payload: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What an entry is about, as code and value; `web.pages.labels` has the words for the codes."""
    match kind:
        case EntryKind.CASE_READ:
            yield "view", payload["view"]
        case EntryKind.FILE_READ:
            yield "file", payload["sha256"][:12]
        case EntryKind.TRACE_VERIFIED:
            if payload["streams"] > 1:
                yield "streams", str(payload["streams"])
            elif payload["stream"] == str(SYSTEM_STREAM):
                yield "stream", "system"
            yield "result", "ok" if payload["ok"] else "altered"
        case EntryKind.SYSTEM_TRACE_READ if payload["count"]:
            yield "entries", f"{payload['first']}–{payload['last']}"
        case EntryKind.DEPLOYMENT_CREATED:
            yield "models", "、".join(found["id"] for name in ("processes", "decisions") for found in payload[name])
        case EntryKind.PERSON_CREATED | EntryKind.PERSON_CHANGED | EntryKind.SESSION_SIGN_IN_FAILED:
            if payload["person"]:
                yield "person", payload["person"]["name"]
