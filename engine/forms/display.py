"""Values as people read them: the labels of options and columns instead of what is stored."""

from collections.abc import Iterator, Mapping

from engine.forms.components import Component, ComponentType, FormSchema


def displayed(form: FormSchema, path: str, value: object) -> object:
    """The value of a field in the words of the form: option labels, and rows keyed by the labels of their columns.

    What the form does not know stays as it is; a path the form lacks gives the value unchanged.
    """
    labels = dict(_option_labels(form.raw))
    for component in form.components:
        if component.path == path:
            return _shown(component, value, labels)
    return value


def _shown(component: Component, value: object, labels: Mapping[str, Mapping[object, str]]) -> object:
    if component.type is ComponentType.DYNAMICLIST and isinstance(value, list | tuple):
        return [_row(component, row, labels) for row in value]
    own = labels.get(component.id, {})
    if isinstance(value, list | tuple):
        return [_label(own, one) for one in value]
    return _label(own, value)


def _row(component: Component, row: object, labels: Mapping[str, Mapping[object, str]]) -> object:
    if not isinstance(row, Mapping):
        return row
    columns = {child.segments[0]: child for child in component.children if len(child.segments) == 1}
    return {
        (columns[name].label or name) if name in columns else name: (
            _shown(columns[name], value, labels) if name in columns else value
        )
        for name, value in row.items()
    }


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
