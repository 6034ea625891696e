"""Values as people read them: the labels of options and columns instead of what is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.forms.components import Component, ComponentType, FormSchema


def displayed(form: FormSchema, path: str, value: object) -> object:
    """The value of a field in the words of the form: option labels, numbers with their unit, rows keyed by the labels
    of their columns in the order of the form.

    What the form does not know stays as it is; a path the form lacks gives the value unchanged.
    """
    words = Words(labels=dict(_option_labels(form.raw)), units=dict(_units(form.raw)))
    for component in form.components:
        if component.path == path:
            return _shown(component, value, words)
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a schema says about values, by component id: labels of options, and what stands behind a number."""

    labels: Mapping[str, Mapping[object, str]]
    units: Mapping[str, str]


def _shown(component: Component, value: object, words: Words) -> object:
    if component.type is ComponentType.DYNAMICLIST and isinstance(value, list | tuple):
        return [_row(component, row, words) for row in value]
    unit = words.units.get(component.id, "")
    if unit and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:f} {unit}" if isinstance(value, Decimal) else f"{value} {unit}"
    own = words.labels.get(component.id, {})
    if isinstance(value, list | tuple):
        return [_label(own, one) for one in value]
    return _label(own, value)


def _row(component: Component, row: object, words: Words) -> object:
    if not isinstance(row, Mapping):
        return row
    columns = {child.segments[0]: child for child in component.children if len(child.segments) == 1}
    known = {columns[name].label or name: _shown(columns[name], row[name], words) for name in columns if name in row}
    return known | {name: value for name, value in row.items() if name not in columns}


def _label(labels: Mapping[object, str], value: object) -> object:
    return labels.get(value, value) if isinstance(value, str | int | bool) else value


def _option_labels(component: Mapping[str, object]) -> Iterator[tuple[str, Mapping[object, str]]]:
    """Option labels by component id, anywhere in a schema."""
    options, children = component.get("values"), component.get("components")
    if isinstance(options, list | tuple):
        found = {o.get("value"): str(o["label"]) for o in options if isinstance(o, Mapping) and o.get("label")}
        yield str(component.get("id", "")), found
    if isinstance(children, list | tuple):
        for child in children:
            if isinstance(child, Mapping):
                yield from _option_labels(child)


def _units(component: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The text behind the number fields, by component id, anywhere in a schema; FEEL there is left out."""
    appearance, children = component.get("appearance"), component.get("components")
    suffix = appearance.get("suffixAdorner") if isinstance(appearance, Mapping) else None
    if component.get("type") == ComponentType.NUMBER and isinstance(suffix, str) and not suffix.startswith("="):
        yield str(component.get("id", "")), suffix
    if isinstance(children, list | tuple):
        for child in children:
            if isinstance(child, Mapping):
                yield from _units(child)
