"""What one step changed of a stored state: a few hundred bytes, however large the state is.

JSON object, entries left out when there is nothing: ``delta`` 2 · ``serial`` as of the state · ``tokens`` rows as in
the state, those that were made or moved · ``gone`` numbers of tokens · ``opened`` scopes as in the state · ``closed``
ids of scopes · ``variables`` scope id → name → value · ``items`` rows ``[scope id, name, index, value]``: one entry of
a list in a variable · ``touched`` scopes without their variables; of a loop's list of items only whether there is
one · ``counters`` element id → visits so far · ``waits`` those that began or changed · ``deaf`` ids of waits that are
no more. Deltas are folded in their order. Format 1 knew no waits; it is read for ever.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.model.errors import Broken
from engine.runtime import values
from engine.runtime.scopes import Rounds
from engine.runtime.state import (
    ScopeRow,
    State,
    TokenRow,
    WaitRow,
    pack_scope,
    pack_token,
    pack_wait,
    unpack_scope,
    unpack_token,
    unpack_wait,
)

FORMAT = 2
_FORMATS = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """See the module's docstring."""

    serial: int
    tokens: tuple[TokenRow, ...] = ()
    gone: tuple[int, ...] = ()
    opened: tuple[ScopeRow, ...] = ()
    closed: tuple[str, ...] = ()
    variables: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    items: tuple[tuple[str, str, int, object], ...] = ()
    touched: tuple[ScopeRow, ...] = ()
    counters: Mapping[str, int] = field(default_factory=dict)
    waits: tuple[WaitRow, ...] = ()
    deaf: tuple[str, ...] = ()


def dump(delta: Delta) -> bytes:
    """The bytes that a caller appends to the state."""
    parts: dict[str, object] = {
        "tokens": [pack_token(row) for row in delta.tokens],
        "gone": delta.gone,
        "opened": [pack_scope(row) for row in delta.opened],
        "closed": delta.closed,
        "variables": delta.variables,
        "items": delta.items,
        "touched": [pack_scope(_without_items(row)) for row in delta.touched],
        "counters": delta.counters,
        "waits": [pack_wait(row) for row in delta.waits],
        "deaf": delta.deaf,
    }
    return values.dumps({"delta": FORMAT, "serial": delta.serial, **{key: part for key, part in parts.items() if part}})


def read(data: bytes) -> Delta:
    """A fresh delta. Raises `Broken` ``runtime.state_damaged``."""
    try:
        raw: Any = values.loads(data)
        if raw["delta"] not in _FORMATS:
            raise Broken("runtime.state_format", f"A step has the unknown format {raw['delta']!r}.")
        return Delta(
            serial=raw["serial"],
            tokens=tuple(unpack_token(row, 0) for row in raw.get("tokens", ())),
            gone=tuple(raw.get("gone", ())),
            opened=tuple(unpack_scope(row) for row in raw.get("opened", ())),
            closed=tuple(raw.get("closed", ())),
            variables=raw.get("variables", {}),
            items=tuple((scope, name, index, value) for scope, name, index, value in raw.get("items", ())),
            touched=tuple(unpack_scope(row) for row in raw.get("touched", ())),
            counters=raw.get("counters", {}),
            waits=tuple(unpack_wait(row) for row in raw.get("waits", ())),
            deaf=tuple(raw.get("deaf", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise _damaged() from error


def fold(state: State, deltas: Iterable[Delta]) -> State:
    """The state after the deltas. `state` is used up. Raises `Broken` when they do not fit."""
    tokens = {row.number: row for row in state.tokens}
    scopes = {row.id: row for row in state.scopes}
    waits = {row.id: row for row in state.waits}
    variables, counters, serial = dict(state.variables), dict(state.counters), state.serial
    try:
        for delta in deltas:
            serial = delta.serial
            counters |= delta.counters
            for number in delta.gone:
                del tokens[number]
            tokens |= {row.number: row for row in delta.tokens}
            for scope_id in delta.closed:
                del scopes[scope_id]
            scopes |= {row.id: row for row in delta.opened}
            for wait_id in delta.deaf:
                del waits[wait_id]
            waits |= {row.id: row for row in delta.waits}
            _set(variables, scopes, delta)
    except (KeyError, IndexError, TypeError) as error:
        raise _damaged() from error
    return replace(
        state,
        variables=variables,
        counters=counters,
        serial=serial,
        tokens=tuple(tokens.values()),
        scopes=tuple(scopes.values()),
        waits=tuple(waits.values()),
    )


def _set(root: dict[str, object], scopes: dict[str, ScopeRow], delta: Delta) -> None:
    def at(scope_id: str) -> Any:
        return scopes[scope_id].variables if scope_id else root

    for scope_id, named in delta.variables.items():
        at(scope_id).update(named)
    for scope_id, name, index, value in delta.items:
        at(scope_id)[name][index] = value
    for row in delta.touched:
        old = scopes[row.id]
        scopes[row.id] = replace(old, written=row.written, rounds=going_on(old.rounds, row.rounds))


def _without_items(row: ScopeRow) -> ScopeRow:
    if row.rounds is None or row.rounds.items is None:
        return row
    return replace(row, rounds=replace(row.rounds, items=[]))


def going_on(old: Rounds | None, new: Rounds | None) -> Rounds | None:
    """Where a loop stands by a delta, which does not repeat the items that are still to come."""
    if old is None or new is None or new.items is None:
        return new
    return replace(new, items=old.items)


def _damaged() -> Broken:
    return Broken("runtime.state_damaged", "The stored steps of the instance do not fit its state.")
