"""Field rights at a node: which access a path has, and the schema as the browser may have it.

The most specific rule wins (``members`` read, ``members[].verified_income`` write), except that nothing inside a
hidden path is ever seen. A path without a rule may be written. A masked field is read-only and shows a mask.
"""

from collections.abc import Callable, Iterator, Mapping

from engine.forms.components import Component, ComponentType, FormSchema
from engine.forms.masking import mask
from engine.model.definitions import FieldAccess


def effective(access: Mapping[str, FieldAccess], path: str) -> FieldAccess:
    """The access that the rules give to a path."""
    rules = [access[prefix] for prefix in _lineage(path) if prefix in access]
    if FieldAccess.HIDDEN in rules:
        return FieldAccess.HIDDEN
    return rules[0] if rules else FieldAccess.WRITE


def rows_free(component: Component, access: Mapping[str, FieldAccess]) -> bool:
    """Whether rows of a dynamic list may be added and removed: only who may write every field of a row may do so."""
    return effective(access, component.path) is FieldAccess.WRITE and all(
        rows_free(child, access)
        if child.type is ComponentType.DYNAMICLIST
        else effective(access, child.path) is FieldAccess.WRITE
        for child in component.children
    )


def unknown_paths(form: FormSchema, access: Mapping[str, FieldAccess]) -> tuple[str, ...]:
    """Paths of the rules that the form does not have (a mistake of the model)."""
    return tuple(path for path in access if path not in form.fields and path not in form.groups)


def project(form: FormSchema, access: Mapping[str, FieldAccess]) -> dict[str, object]:
    """The form-js schema for the browser: hidden fields removed, read-only ones marked (and no longer required).

    A masked field of any type becomes a read-only text field, because a mask is text.

    Plain JSON values; decimal numbers become floats here, because JSON for a browser has no others.
    Read-only expression fields are removed as well: the browser shows the stored value instead of computing one.
    """
    schema = {key: _thawed(value) for key, value in form.raw.items()}
    lists = {component.path: component for component in _lists(form.components)}
    schema["components"] = _projected(schema.get("components"), "", access, lists)
    return schema


def readable(form: FormSchema, access: Mapping[str, FieldAccess], values: Mapping[str, object]) -> dict[str, object]:
    """The values that may travel to the browser with the projected schema.

    Those are the form's own variables and those that its options, FEEL and templates mention; hidden fields are taken
    out and masked ones masked, also in the rows of lists. What rows hold of other forms stays on the server, too.
    """
    texts = tuple(_live_texts(form.raw))
    keys = frozenset(option_keys(form.components))
    result = {
        name: value
        for name, value in values.items()
        if name in form.variables or name in keys or any(name in text for text in texts)
    }
    for component in form.components:
        if component.type is ComponentType.DYNAMICLIST:
            result = _known(result, component, texts)
    closed = [(path, effective(access, path)) for path in dict.fromkeys((*form.fields, *form.groups, *access))]
    for path in (path for path, right in closed if right is FieldAccess.HIDDEN):
        result = _without(result, _segments(path))
    for path in (path for path, right in closed if right is FieldAccess.MASKED and not _holds_others(form, path)):
        result = _masked(result, _segments(path))
    return result


def writable(form: FormSchema, access: Mapping[str, FieldAccess], data: Mapping[str, object]) -> dict[str, object]:
    """What of unfinished work may be kept: values of fields that this node may write, whole lists with such fields.

    A draft is no way round the rights: what it may not write is dropped, and dropped again when it is read.
    """
    kept: dict[str, object] = {}
    for component in form.components:
        if not _opens(component, access):
            continue
        value = _at(data, component.segments)
        if value is not _NOTHING:
            _put(kept, component.segments, _rows_of(component, access, value))
    return kept


def overlaid(
    form: FormSchema, access: Mapping[str, FieldAccess], shown: Mapping[str, object], draft: Mapping[str, object]
) -> dict[str, object]:
    """Unfinished work laid over the values that are shown: row by row where rows are fixed, else whole lists."""
    result = dict(shown)
    for component in form.components:
        value = _at(draft, component.segments)
        if value is _NOTHING or not _opens(component, access):
            continue
        below = _at(shown, component.segments)
        if component.type is ComponentType.DYNAMICLIST and not rows_free(component, access):
            value = _merged(component, access, below, value)
        head = component.segments[0]
        if len(component.segments) > 1 and isinstance(result.get(head), Mapping):
            result[head] = _copied(result[head])
        _put(result, component.segments, value)
    return result


def _merged(component: Component, access: Mapping[str, FieldAccess], below: object, above: object) -> object:
    if not isinstance(below, list | tuple) or not isinstance(above, list | tuple) or len(below) != len(above):
        return below if isinstance(below, list | tuple) else above
    rows: list[object] = []
    for old, new in zip(below, above, strict=True):
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            rows.append(old)
            continue
        row = {**old, **new}
        for child in component.children:
            inner = _at(new, child.segments)
            if child.type is ComponentType.DYNAMICLIST and inner is not _NOTHING and not rows_free(child, access):
                _put(row, child.segments, _merged(child, access, _at(old, child.segments), inner))
        rows.append(row)
    return rows


def _copied(value: object) -> object:
    return {name: _copied(inner) for name, inner in value.items()} if isinstance(value, Mapping) else value


def _opens(component: Component, access: Mapping[str, FieldAccess]) -> bool:
    if component.type is ComponentType.DYNAMICLIST:
        return any(_opens(child, access) for child in component.children)
    return effective(access, component.path) is FieldAccess.WRITE


def _rows_of(component: Component, access: Mapping[str, FieldAccess], value: object) -> object:
    """The rows of a list with what may be written of them; any other value as it is."""
    if component.type is not ComponentType.DYNAMICLIST or not isinstance(value, list | tuple):
        return value
    return [_row_of(component, access, row) if isinstance(row, Mapping) else row for row in value]


def _row_of(component: Component, access: Mapping[str, FieldAccess], row: Mapping[str, object]) -> dict[str, object]:
    kept: dict[str, object] = {}
    for child in component.children:
        value = _at(row, child.segments)
        if value is not _NOTHING and _opens(child, access):
            _put(kept, child.segments, _rows_of(child, access, value))
    return kept


def _known(value: Mapping[str, object], component: Component, texts: tuple[str, ...]) -> dict[str, object]:
    """A copy in which the rows of a list hold only its own columns and what FEEL of the form mentions."""

    def prune(row: object) -> object:
        if not isinstance(row, Mapping):
            return row
        columns = {child.segments[0] for child in component.children}
        kept = {name: one for name, one in row.items() if name in columns or any(name in text for text in texts)}
        for child in component.children:
            if child.type is ComponentType.DYNAMICLIST:
                kept = _known(kept, child, texts)
        return kept

    def change(holder: dict[str, object], name: str) -> None:
        rows = holder[name]
        if isinstance(rows, list | tuple):
            holder[name] = [prune(row) for row in rows]

    return _changed(value, list(component.segments), change)


_NOTHING = object()


def _at(data: Mapping[str, object], segments: tuple[str, ...]) -> object:
    found: object = data
    for name in segments:
        if not isinstance(found, Mapping) or name not in found:
            return _NOTHING
        found = found[name]
    return found


def _put(target: dict[str, object], segments: tuple[str, ...], value: object) -> None:
    for name in segments[:-1]:
        inner = target.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        target = inner
    target[segments[-1]] = value


def _holds_others(form: FormSchema, path: str) -> bool:
    """A group or list that holds fields: these have rights of their own, so the whole is not masked at once."""
    return any(inner.startswith((f"{path}.", f"{path}[")) for inner in form.fields)


def _segments(path: str) -> list[str]:
    return path.replace("[]", ".[]").split(".")


def option_keys(components: tuple[Component, ...]) -> Iterator[str]:
    """The variables that offer options to choices of the form."""
    for component in components:
        if component.options is not None and component.options.key is not None:
            yield component.options.key
        yield from option_keys(component.children)


def _live_texts(value: object) -> Iterator[str]:
    """The texts of a schema that the browser evaluates: FEEL and templates."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _live_texts(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _live_texts(item)
    elif isinstance(value, str) and (value.startswith("=") or "{{" in value):
        yield value


def _lineage(path: str) -> Iterator[str]:
    """The path itself and those around it, inside out: ``a.b[].c``, ``a.b[]``, ``a.b``, ``a``."""
    yield path
    while path:
        path = path[:-2] if path.endswith("[]") else path.rpartition(".")[0]
        if path:
            yield path


def _lists(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        if component.type is ComponentType.DYNAMICLIST:
            yield component
            yield from _lists(component.children)


def _projected(
    components: object, prefix: str, access: Mapping[str, FieldAccess], lists: Mapping[str, Component]
) -> list[object]:
    result: list[object] = []
    for component in components if isinstance(components, list) else []:
        kind = component["type"]
        name = component.get("path" if kind in ("group", "dynamiclist") else "key")
        path = ".".join(filter(None, (prefix, name))) if isinstance(name, str) else prefix
        right = effective(access, path) if name else FieldAccess.WRITE
        if right is FieldAccess.HIDDEN:
            continue
        if kind == "group":
            component["components"] = _projected(component.get("components"), path, access, lists)
        elif kind == "dynamiclist":
            component["components"] = _projected(component.get("components"), f"{path}[]", access, lists)
            if not rows_free(lists[path], access):
                component |= {"allowAddRemove": False, "defaultRepetitions": 0}
        elif right is not FieldAccess.WRITE and name:
            if kind == ComponentType.EXPRESSION:
                continue
            result.append(_closed(component) if right is FieldAccess.MASKED else _read_only(component))
            continue
        result.append(component)
    return result


def _read_only(component: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in component.items() if name != "validate"} | {"readonly": True}


_OF_ANY_FIELD = ("id", "key", "label", "layout", "conditional", "description", "properties")


def _closed(component: dict[str, object]) -> dict[str, object]:
    """A masked field: what all fields have, as a read-only text field."""
    kept = {name: component[name] for name in _OF_ANY_FIELD if name in component}
    return {"type": ComponentType.TEXTFIELD.value, **kept, "readonly": True}


def _without(value: Mapping[str, object], segments: list[str]) -> dict[str, object]:
    """A copy without what stands at a path; ``[]`` is every row of a list."""
    return _changed(value, segments, lambda holder, name: holder.pop(name))


def _masked(value: Mapping[str, object], segments: list[str]) -> dict[str, object]:
    """A copy with a mask for what stands at a path."""
    return _changed(value, segments, lambda holder, name: holder.update({name: mask(holder[name])}))


def _changed(
    value: Mapping[str, object], segments: list[str], change: Callable[[dict[str, object], str], object]
) -> dict[str, object]:
    copy = dict(value)
    head, rest = segments[0], segments[1:]
    if head not in copy:
        return copy
    inner = copy[head]
    if not rest:
        change(copy, head)
    elif rest[0] == "[]":
        if isinstance(inner, list | tuple):
            copy[head] = [_in_row(row, rest[1:], change) for row in inner]
    elif isinstance(inner, Mapping):
        copy[head] = _changed(inner, rest, change)
    return copy


def _in_row(row: object, rest: list[str], change: Callable[[dict[str, object], str], object]) -> object:
    return _changed(row, rest, change) if rest and isinstance(row, Mapping) else row


def _thawed(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _thawed(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_thawed(item) for item in value]
    # The decimal was written in JSON by hand or editor; its shortest float writes the same digits again.
    return value if value is None or isinstance(value, str | bool | int) else float(str(value))
