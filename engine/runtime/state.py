"""The stored state of an instance: variables once a scope, live tokens, and counters. Nothing of the past.

So its size depends on what is going on, not on what has happened: a case in its thousandth round is as small as in
its first. The past is the trace.

JSON object: ``format`` 2 · ``process`` id · ``definition`` digest of the BPMN file · ``variables`` of the root scope
(see `engine.runtime.values`) · ``counters`` element id → visits so far · ``tokens`` rows ``[element, instance or null,
sequence flow or null, scope]`` in the order in which the tokens were made; a row without instance waits before a join
· ``scopes`` objects for the scopes inside (see `engine.runtime.scopes`), outer ones first. Format 1 had rows of three
and no inner scopes; it is read for ever. Callers only keep the bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.errors import Broken
from engine.runtime import values
from engine.runtime.scopes import Rounds

FORMAT = 2
_FORMATS = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A live token: at its element when it has an instance, before a join when it has none."""

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
class State:
    """What a step starts from and what it leaves."""

    process_id: str
    digest: str
    variables: Mapping[str, object]
    counters: Mapping[str, int]
    tokens: tuple[TokenRow, ...]
    scopes: tuple[ScopeRow, ...] = ()


def dump(state: State) -> bytes:
    """The bytes that a caller keeps."""
    return values.dumps(
        {
            "format": FORMAT,
            "process": state.process_id,
            "definition": state.digest,
            "variables": state.variables,
            "counters": state.counters,
            "tokens": [[row.element, row.instance, row.flow, row.scope] for row in state.tokens],
            "scopes": [_scope(row) for row in state.scopes],
        }
    )


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
            tokens=tuple(
                TokenRow(element=row[0], instance=row[1], flow=row[2], scope=row[3] if len(row) > 3 else "")
                for row in raw["tokens"]
            ),
            scopes=tuple(_read_scope(one) for one in raw.get("scopes", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Broken("runtime.state_damaged", "The stored state of the instance cannot be read.") from error


def _scope(row: ScopeRow) -> dict[str, object]:
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
    return stored


def _read_scope(raw: Any) -> ScopeRow:
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
    return ScopeRow(
        id=raw["id"],
        parent=raw["parent"],
        variables=raw["variables"],
        index=raw.get("index"),
        process=(process[0], process[1]) if process is not None else None,
        rounds=rounds,
        written=tuple(raw.get("written", ())),
    )
