"""The stored state of an instance: variables once, live tokens, and counters. Nothing of the past.

So its size depends on what is going on, not on what has happened: a case in its thousandth round is as small as in
its first. The past is the trace.

JSON object: ``format`` 1 · ``process`` id · ``definition`` digest of the BPMN file · ``variables`` (see
`engine.runtime.values`) · ``counters`` element id → visits so far · ``tokens`` rows ``[element, instance or null,
sequence flow or null]`` in the order in which the tokens were made; a row without instance waits before a join.
A later format adds what it needs (scopes, deltas) under a new number; callers only keep the bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.errors import Broken
from engine.runtime import values

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A live token: at its element when it has an instance, before a join when it has none."""

    element: str
    instance: str | None
    flow: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a step starts from and what it leaves."""

    process_id: str
    digest: str
    variables: Mapping[str, object]
    counters: Mapping[str, int]
    tokens: tuple[TokenRow, ...]


def dump(state: State) -> bytes:
    """The bytes that a caller keeps."""
    return values.dumps(
        {
            "format": FORMAT,
            "process": state.process_id,
            "definition": state.digest,
            "variables": state.variables,
            "counters": state.counters,
            "tokens": [[row.element, row.instance, row.flow] for row in state.tokens],
        }
    )


def read(data: bytes) -> State:
    """A fresh state: nothing in it is shared with any other. Raises `Broken` ``runtime.state_damaged``."""
    try:
        raw: Any = values.loads(data)
        if raw["format"] != FORMAT:
            raise Broken("runtime.state_format", f"The state has the unknown format {raw['format']!r}.")
        return State(
            process_id=raw["process"],
            digest=raw["definition"],
            variables=raw["variables"],
            counters=raw["counters"],
            tokens=tuple(TokenRow(element=e, instance=i, flow=f) for e, i, f in raw["tokens"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Broken("runtime.state_damaged", "The stored state of the instance cannot be read.") from error
