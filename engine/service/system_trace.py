"""The system stream for the audit administrator: sign-ins, reads, deployments, people. Reading it is itself traced.

An entry about a case names it by its number and nothing else: the audit administrator sees no business data.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
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


LOOKS = frozenset(
    {
        EntryKind.CASE_READ.value,
        EntryKind.CASE_READ_REFUSED.value,
        EntryKind.FILE_READ.value,
        EntryKind.CASES_SEARCHED.value,
        EntryKind.CASES_EXPORTED.value,
        EntryKind.TRACE_VERIFIED.value,
        EntryKind.SYSTEM_TRACE_READ.value,
    }
)
"""Who looked at what, and who wanted to."""


def read(
    uow: Work, actor: Actor, client: Client, cursor: str | None = None, *, only_looks: bool = False
) -> Page[SystemEntry]:
    """A page of the system stream, newest first; `only_looks`: reads, searches, exports and refused attempts at them.

    Raises NotAllowed without the right.
    """
    rights.require(actor, Permission.SYSTEM_TRACE_READ)
    position, kinds = cursors.decode(cursor), LOOKS if only_looks else ()
    before = position[1] if position else None
    found = entries.newest(uow, SYSTEM_STREAM, before_seq=before, limit=LIMIT + 1, kinds=kinds)
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


def _about(kind: str, payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an entry is about, as code and value; `web.pages.labels` has the words for the codes."""
    tell = _TELLERS.get(kind)
    if tell is not None:
        yield from tell(payload)
    if isinstance(payload.get("reason"), str):
        yield "reason", payload["reason"]


def _sought(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in payload["criteria"]:
        yield f"search_{one['field']}", one.get("value") or f"#{one['digest'][:12]}"
    yield "cases", str(payload["count"])


def _verified(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if payload["streams"] > 1:
        yield "streams", str(payload["streams"])
    elif payload["stream"] == str(SYSTEM_STREAM):
        yield "stream", "system"
    yield "result", "ok" if payload["ok"] else "altered"


def _deployed(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "models", "、".join(found["id"] for name in ("processes", "decisions") for found in payload[name])


def _person(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if payload["person"]:
        yield "person", payload["person"]["name"]


def _pages(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if payload["count"]:
        yield "entries", f"{payload['first']}–{payload['last']}"


def _viewed(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "view", payload["view"]


_TELLERS: Mapping[str, Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]] = {
    EntryKind.CASE_READ: _viewed,
    EntryKind.CASE_READ_REFUSED: _viewed,
    EntryKind.FILE_READ: lambda payload: [("file", payload["sha256"][:12])],
    EntryKind.CASES_SEARCHED: _sought,
    EntryKind.CASES_EXPORTED: _sought,
    EntryKind.TRACE_VERIFIED: _verified,
    EntryKind.SYSTEM_TRACE_READ: _pages,
    EntryKind.DEPLOYMENT_CREATED: _deployed,
    EntryKind.PERSON_CREATED: _person,
    EntryKind.PERSON_CHANGED: _person,
    EntryKind.SESSION_SIGN_IN_FAILED: _person,
}
