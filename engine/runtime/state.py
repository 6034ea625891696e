"""The stored state of an instance: variables once a scope, live tokens, and counters. Nothing of the past.

So its size depends on what is going on, not on what has happened: a case in its thousandth round is as small as in
its first. The past is the trace.

JSON object: ``format`` 4 · ``process`` id · ``definition`` digest of the BPMN file · ``variables`` of the root scope
(see `engine.runtime.values`) · ``counters`` element id → visits so far · ``serial`` number of the newest token ·
``tokens`` rows ``[element, instance or null, sequence flow or null, scope, number]`` in the order in which the tokens
were made; a row without instance waits before a join · ``scopes`` objects for the scopes inside (see
`engine.runtime.scopes`), outer ones first · ``waits`` objects for events that are waited for, oldest first, left out
where there are none. Format 1 had rows of three and no inner scopes, format 2 no numbers, format 3 no waits; all are
read for ever. Callers only keep the bytes, and those of the steps since: see `engine.runtime.delta`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.model.errors import Broken
from engine.runtime import values
from engine.runtime.scopes import Rounds
from engine.runtime.timers import Due

FORMAT = 4
_FORMATS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A live token: at its element when it has an instance, before a join when it has none. number: from 1."""

    number: int
    element: str
    instance: str | None
    flow: str | None
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRow:
    """An inner scope. `process`: id and digest, where a called process begins. Its owner has its id as instance."""

    id: str
    parent: str
    variables: Mapping[str, object]
    index: int | None = None
    process: tuple[str, str] | None = None
    rounds: Rounds | None = None
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRow:
    """An event that is waited for; see `engine.runtime.elements.events.waits`.

    token: the element instance that holds it, or None: then `scope` does, the root with an empty id.
    """

    id: str
    element: str
    token: str | None = None
    scope: str | None = None
    name: str = ""
    key: str = ""
    due: Due | None = None
    met: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a step starts from and what it leaves."""

    process_id: str
    digest: str
    variables: Mapping[str, object]
    counters: Mapping[str, int]
    serial: int
    tokens: tuple[TokenRow, ...]
    scopes: tuple[ScopeRow, ...] = ()
    waits: tuple[WaitRow, ...] = ()


def dump(state: State) -> bytes:
    """The bytes that a caller keeps."""
    stored: dict[str, object] = {
        "format": FORMAT,
        "process": state.process_id,
        "definition": state.digest,
        "variables": state.variables,
        "counters": state.counters,
        "serial": state.serial,
        "tokens": [pack_token(row) for row in state.tokens],
        "scopes": [pack_scope(row) for row in state.scopes],
    }
    if state.waits:
        stored["waits"] = [pack_wait(row) for row in state.waits]
    return values.dumps(stored)


def read(data: bytes) -> State:
    """A fresh state: nothing in it is shared with any other. Raises `Broken` ``runtime.state_damaged``."""
    try:
        raw: Any = values.loads(data)
        if raw["format"] not in _FORMATS:
            raise Broken("runtime.state_format", f"The state has the unknown format {raw['format']!r}.")
        return State(
            process_id=raw["process"],
            digest=raw["definition"],
            variables=raw["variables"],
            counters=raw["counters"],
            serial=raw.get("serial", len(raw["tokens"])),
            tokens=tuple(unpack_token(row, place) for place, row in enumerate(raw["tokens"], 1)),
            scopes=tuple(unpack_scope(one) for one in raw.get("scopes", ())),
            waits=tuple(unpack_wait(one) for one in raw.get("waits", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Broken("runtime.state_damaged", "The stored state of the instance cannot be read.") from error


def pack_token(row: TokenRow) -> list[object]:
    """A token as JSON."""
    return [row.element, row.instance, row.flow, row.scope, row.number]


def unpack_token(raw: Any, number: int) -> TokenRow:
    """The token of `pack_token`, with `number` if it was stored without one."""
    return TokenRow(
        element=raw[0],
        instance=raw[1],
        flow=raw[2],
        scope=raw[3] if len(raw) > 3 else "",
        number=raw[4] if len(raw) > 4 else number,
    )


def pack_scope(row: ScopeRow) -> dict[str, object]:
    """A scope as JSON."""
    stored: dict[str, object] = {"id": row.id, "parent": row.parent, "variables": row.variables}
    if row.index is not None:
        stored["index"] = row.index
    if row.process is not None:
        stored["process"] = row.process
    if row.written:
        stored["written"] = row.written
    if row.rounds is not None:
        r = row.rounds
        stored["rounds"] = [r.total, r.started, r.completed, r.terminated, r.stopped, r.items, r.last]
        if r.weights is not None:
            stored["votes"] = [r.weights, r.agreed, r.against]
    return stored


def unpack_scope(raw: Any) -> ScopeRow:
    """The scope of `pack_scope`."""
    process, numbers = raw.get("process"), raw.get("rounds")
    rounds = None
    if numbers is not None:
        total, started, completed, terminated, stopped, items, last = numbers
        rounds = Rounds(
            total=total,
            started=started,
            completed=completed,
            terminated=terminated,
            stopped=stopped,
            items=items,
            last=last,
        )
        if "votes" in raw:
            weights, agreed, against = raw["votes"]
            rounds.weights = [Decimal(one) for one in weights]
            rounds.agreed, rounds.against = Decimal(agreed), Decimal(against)
    return ScopeRow(
        id=raw["id"],
        parent=raw["parent"],
        variables=raw["variables"],
        index=raw.get("index"),
        process=(process[0], process[1]) if process is not None else None,
        rounds=rounds,
        written=tuple(raw.get("written", ())),
    )


def pack_wait(row: WaitRow) -> dict[str, object]:
    """A wait as JSON."""
    stored: dict[str, object] = {"id": row.id, "element": row.element}
    parts = {"token": row.token, "scope": row.scope, "name": row.name or None, "key": row.key or None}
    stored |= {key: part for key, part in parts.items() if part is not None}
    if row.met:
        stored["met"] = True
    if row.due is not None:
        due = row.due
        stored["due"] = (
            [due.at] if due.every is None else [due.at, due.left, due.every, due.anchor, due.turn, due.working]
        )
    return stored


def unpack_wait(raw: Any) -> WaitRow:
    """The wait of `pack_wait`."""
    due, stored = None, raw.get("due")
    if stored is not None:
        at, left, every, anchor, turn, working = stored if len(stored) > 1 else (*stored, 1, None, None, 0, False)
        due = Due(at=at, left=left, every=every, anchor=anchor, turn=turn, working=working)
    return WaitRow(
        id=raw["id"],
        element=raw["element"],
        token=raw.get("token"),
        scope=raw.get("scope"),
        name=raw.get("name", ""),
        key=raw.get("key", ""),
        due=due,
        met=raw.get("met", False),
    )
