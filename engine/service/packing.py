"""Values of a case as bytes that are to be encrypted, and back: decimals and dates survive, as in trace entries."""

from collections.abc import Mapping
from typing import Any

from engine.model.errors import Broken
from engine.trace import canonical
from engine.trace.values import close, keep_values, open_value


def packed(value: Mapping[str, object]) -> bytes:
    """Canonical bytes; an instant becomes text."""
    return canonical.encode_plain(close(value, keep_values))


def unpacked(data: bytes) -> dict[str, Any]:
    """What `packed` was given."""
    return {key: open_value(item, _nothing_inside, f"/{key}") for key, item in canonical.decode(data).items()}


def _nothing_inside(_value: Mapping[str, Any], pointer: str) -> object:
    raise Broken("trace.unreadable", f"an encrypted value where none may be: {pointer}")
