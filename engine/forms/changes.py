"""What a completion changed, field by field, for the trace."""

from collections.abc import Iterator, Mapping

from engine.forms.components import Component, ComponentType, FormSchema
from engine.forms.reader import strictest
from engine.forms.values import equal
from engine.forms.working import MISSING, get
from engine.model.classes import DataClass

Change = tuple[str, str, DataClass, object, object]
"""Path, label, data class, old value, new value; None where there was or is no value."""


def changes(form: FormSchema, old: Mapping[str, object], new: Mapping[str, object]) -> tuple[Change, ...]:
    """The fields whose value differs, in form order.

    old: the case's variables before. new: what `validate` gave back; a field that is not in it did not change.
    A dynamic list is one change under its own path, with the strictest class among the list and its children.
    Nothing and an empty text, list or unchecked box that was not stored before are no change.
    """
    return tuple(_differences(form.components, old, new))


def _differences(
    components: tuple[Component, ...], old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Change]:
    for component in components:
        after = get(new, component.segments)
        if after is MISSING:
            continue
        before = get(old, component.segments)
        if before is MISSING:
            before = None
        if not equal(before, after) and not (before is None and after in ("", [], False) and after != 0):
            yield component.path, component.label, _class(component), before, after


def _class(component: Component) -> DataClass:
    if component.type is not ComponentType.DYNAMICLIST:
        return component.data_class
    return strictest([component.data_class, *(_class(child) for child in component.children)])
