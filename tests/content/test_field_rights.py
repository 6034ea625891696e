"""Field rights of every shipped node, tried field by field: each right, and each way round it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.forms import rights, schema
from engine.forms.components import Component, ComponentType
from engine.forms.schema import FormSchema
from engine.identity.identifiers import FORMATS
from engine.model.definitions import ElementDefinition, FieldAccess
from engine.model.errors import Invalid, Refused
from tests.content.test_processes import inspect
from tests.unit.forms.builder import NOW

CLOSED = (FieldAccess.HIDDEN, FieldAccess.MASKED)


def leaves(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        yield from leaves(component.children) if component.children else (component,)


def canary(path: str) -> str:
    """A text that stands nowhere else."""
    return f"canary-{path}-secret"


def filled(form: FormSchema) -> dict[str, Any]:
    """A case in which every field holds its canary; lists have two rows, and a column of another form."""

    def values(components: tuple[Component, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for component in components:
            value: Any = canary(component.path)
            if component.type is ComponentType.DYNAMICLIST:
                value = [{**values(component.children), "of_another_form": "canary-other"} for _ in range(2)]
            rights._put(found, component.segments, value)
        return found

    return values(form.components)


def sent(form: FormSchema, path: str, value: object, rows: int = 2) -> dict[str, Any]:
    """A submission of one field alone; in a list all rows, with nothing else in them."""
    head, _, rest = path.partition("[].")
    return {head: [{rest: value} for _ in range(rows)]} if rest else {head: value}


def refused(form: FormSchema, data: Mapping[str, object], access: Mapping[str, FieldAccess]) -> bool:
    try:
        schema.validate(form, data, existing=filled(form), access=access, now=NOW, formats=FORMATS)
    except Refused:
        return True
    except Invalid:
        return False
    return False


def tries(process: Path, forms: dict[str, FormSchema]) -> Iterator[tuple[ElementDefinition, FormSchema]]:
    for definition in inspect(process, forms).processes:
        for element in definition.elements.values():
            if element.form_id in forms:
                yield element, forms[element.form_id]


def test_no_right_can_be_got_round(process: Path, forms: dict[str, FormSchema]) -> None:
    """Every node × field × right × way: to look, to write, to write a draft, to guess, to add and remove rows."""
    tried = 0
    for element, form in tries(process, forms):
        for field in leaves(form.components):
            for right in FieldAccess:
                access = {**element.field_access, field.path: right}
                holds = rights.effective(access, field.path)
                judge(form, field, access, holds)
                tried += 1
    assert tried > 100


def judge(form: FormSchema, field: Component, access: Mapping[str, FieldAccess], right: FieldAccess) -> None:
    case = filled(form)
    told = json.dumps([rights.readable(form, access, case), rights.project(form, access)], ensure_ascii=False)
    name = (field.path, right)
    assert (canary(field.path) in told) is (right not in CLOSED), name
    assert "canary-other" not in told, name
    computed = field.type is ComponentType.EXPRESSION
    if not computed:
        closed = right is not FieldAccess.WRITE or field.disabled or field.readonly is True
        assert refused(form, sent(form, field.path, "another value"), access) is closed, name
        draft = rights.writable(form, access, sent(form, field.path, "another value"))
        assert ("another value" in str(draft)) is (right is FieldAccess.WRITE), name
    if right in CLOSED and not computed:
        assert refused(form, sent(form, field.path, canary(field.path)), access), ("guessed", name)


def test_rows_are_added_and_removed_only_by_who_may_write_them_whole(
    process: Path, forms: dict[str, FormSchema]
) -> None:
    """One closed column fixes the rows of its list: a row added or removed would write that column."""
    tried = 0
    for element, form in tries(process, forms):
        for found in (one for one in form.components if one.type is ComponentType.DYNAMICLIST):
            for column in found.children:
                for right in FieldAccess:
                    access = {**element.field_access, column.path: right}
                    free = rights.rows_free(found, access)
                    if right is not FieldAccess.WRITE:
                        assert not free
                    for rows in (1, 3):
                        data: dict[str, Any] = {found.segments[0]: [{} for _ in range(rows)]}
                        # Removing is refused in any case where another form's column would go with the row.
                        assert refused(form, data, access) is (not free or rows == 1), (column.path, right, rows)
                    tried += 1
    assert tried >= 8
