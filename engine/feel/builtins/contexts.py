"""Context functions. Contexts are never changed, only copied."""

from ..values import CONTEXT_KIND, STRING, Value, kind, native
from .registry import builtin, define

Context = dict[str, Value]

for _first in ("m", "context"):
    define("get value", f"{_first}: context, key: string", lambda context, key: context.get(key))
    define(
        "get entries",
        f"{_first}: context",
        lambda context: [{"key": key, "value": value} for key, value in context.items()],
    )


@builtin("get value", "context: context, keys: list")
def get_nested(context: Context, keys: list[Value]) -> Value:
    """The value at the end of a path of keys."""
    value: Value = context
    for key in keys:
        if kind(value) is not CONTEXT_KIND or kind(key) is not STRING:
            return None
        value = native(value).get(key)
    return value if keys else None


@builtin("context", "entries: list")
def context_of(entries: list[Value]) -> Context | None:
    result: Context = {}
    for entry in entries:
        if kind(entry) is not CONTEXT_KIND or "value" not in entry or kind(entry.get("key")) is not STRING:
            return None
        if entry["key"] in result:
            return None
        result[entry["key"]] = entry["value"]
    return result


define("context put", "context: context, key: string, value: any!", lambda context, key, value: {**context, key: value})


@builtin("context put", "context: context, keys: list, value: any!")
def put_nested(context: Context, keys: list[Value], value: Value) -> Context | None:
    """A copy with the value at the end of a path of keys; missing contexts on the way are made."""
    if not keys or any(kind(key) is not STRING for key in keys):
        return None
    first, rest = keys[0], keys[1:]
    if not rest:
        return {**context, first: value}
    inner = context.get(first)
    if first in context and kind(inner) is not CONTEXT_KIND:
        return None
    changed = put_nested(native(inner) if inner is not None else {}, rest, value)
    return None if changed is None else {**context, first: changed}


@builtin("context merge", "contexts: list")
def merge(contexts: list[Value]) -> Context | None:
    """One context from many; later ones win."""
    result: Context = {}
    for context in contexts:
        if kind(context) is not CONTEXT_KIND:
            return None
        result.update(context)
    return result
