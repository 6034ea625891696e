"""Field rights at a node: which access a path has, and the schema as the browser may have it.

The most specific rule wins (``members`` read, ``members[].verified_income`` write), except that nothing inside a
hidden path is ever seen. A path without a rule may be written.
"""

from collections.abc import Iterator, Mapping

from engine.forms.components import Component, ComponentType, FormSchema
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
    out, also from the rows of lists.
    """
    texts = tuple(_live_texts(form.raw))
    keys = frozenset(option_keys(form.components))
    result = {
        name: value
        for name, value in values.items()
        if name in form.variables or name in keys or any(name in text for text in texts)
    }
    paths = (*form.fields, *form.groups, *access)
    for path in (path for path in paths if effective(access, path) is FieldAccess.HIDDEN):
        head, _, rest = path.replace("[]", ".[]").partition(".")
        if head in result:
            if rest:
                result[head] = _without(result[head], rest.split("."))
            else:
                del result[head]
    return result


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
        elif right is FieldAccess.READ and name:
            if kind == ComponentType.EXPRESSION:
                continue
            component["readonly"] = True
            component.pop("validate", None)
        result.append(component)
    return result


def _without(value: object, segments: list[str]) -> object:
    head, rest = segments[0], segments[1:]
    if head == "[]":
        return [_without(row, rest) for row in value] if isinstance(value, list | tuple) else value
    if not isinstance(value, Mapping) or head not in value:
        return value
    copy = dict(value)
    if rest:
        copy[head] = _without(copy[head], rest)
    else:
        del copy[head]
    return copy


def _thawed(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _thawed(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_thawed(item) for item in value]
    # The decimal was written in JSON by hand or editor; its shortest float writes the same digits again.
    return value if value is None or isinstance(value, str | bool | int) else float(str(value))
