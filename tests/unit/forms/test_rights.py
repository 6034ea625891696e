"""Field rights, the projected schema, the values that travel with it, and the changes for the trace."""

import json
from decimal import Decimal
from typing import Any

from engine.forms import rights, schema
from engine.forms.masking import mask
from engine.forms.schema import FormSchema
from engine.model.classes import DataClass
from engine.model.definitions import FieldAccess
from tests.unit.forms.builder import faults, form_of

READ, WRITE, HIDDEN = FieldAccess.READ, FieldAccess.WRITE, FieldAccess.HIDDEN


def test_the_most_specific_right_wins_but_nothing_inside_hidden_is_seen() -> None:
    """Order of the rules does not matter."""
    access = {"a": READ, "a[].b": WRITE, "c": HIDDEN, "c.d": WRITE}
    assert rights.effective(access, "a[].b") is WRITE
    assert rights.effective(access, "a[].x") is READ
    assert rights.effective(access, "c.d") is HIDDEN
    assert rights.effective(access, "cd") is WRITE


def test_unknown_paths_are_named(household: FormSchema) -> None:
    """A rule for a path that the form has not is a mistake of the model."""
    assert rights.unknown_paths(household, {"members.income": READ, "members[].income": READ}) == ("members.income",)


def test_project_marks_and_removes(household: FormSchema) -> None:
    """Read-only is marked and no longer required, hidden is gone, rows cannot be added where a column is closed."""
    access = {"applicant_name": READ, "members[].income": HIDDEN, "income_per_head": READ}
    projected: dict[str, Any] = rights.project(household, access)
    name, members, total = projected["components"]
    assert name["readonly"] is True
    assert "validate" not in name
    assert [child["key"] for child in members["components"]] == ["name"]
    assert (members["allowAddRemove"], members["defaultRepetitions"]) == (False, 0)
    assert total["key"] == "total_income"


def test_project_leaves_the_form_alone() -> None:
    """Without rules the browser gets the schema as written, numbers as JSON has them."""
    written = {"type": "number", "id": "c0", "key": "x", "increment": 0.1, "validate": {"min": 1.5}}
    form = form_of(written)
    rights.project(form, {"x": READ})
    projected = rights.project(form, {})
    assert json.loads(json.dumps(projected))["components"] == [written]


def test_readable_values(household: FormSchema) -> None:
    """Hidden fields and variables that the form does not mention stay on the server."""
    values = {
        "applicant_name": "甲",
        "members": [{"name": "甲", "income": 1}],
        "silent": "nothing to see",
        "total_income": 1,
    }
    access = {"members[].income": HIDDEN, "total_income": HIDDEN}
    assert rights.readable(household, access, values) == {"applicant_name": "甲", "members": [{"name": "甲"}]}
    assert values["members"] == [{"name": "甲", "income": 1}]


def test_readable_keeps_what_the_form_asks_for() -> None:
    """Variables in conditions, templates and option lists travel."""
    form = form_of(
        {"type": "text", "text": "限额 {{limit}}"},
        {"type": "select", "key": "x", "valuesKey": "streets", "conditional": {"hide": "=level > 1"}},
    )
    values = {"limit": 1, "streets": ["a"], "level": 1, "other": 2}
    assert rights.readable(form, {}, values) == {"limit": 1, "streets": ["a"], "level": 1}
    assert rights.readable(form, {"level": HIDDEN}, values) == {"limit": 1, "streets": ["a"]}


def test_changes_field_by_field(household: FormSchema) -> None:
    """A list is one change with the strictest class of its children; equal and empty are no change."""
    old = {"applicant_name": "甲", "members": [{"name": "甲", "income": 1}], "total_income": Decimal("1.0")}
    new = {"applicant_name": "乙", "members": [{"name": "甲", "income": 2}], "total_income": 1, "income_per_head": 2}
    assert schema.changes(household, old, new) == (
        ("applicant_name", "申请人", DataClass.PERSONAL, "甲", "乙"),
        ("members", "家庭成员", DataClass.PERSONAL, old["members"], new["members"]),
        ("income_per_head", "income_per_head", DataClass.INTERNAL, None, 2),
    )
    assert schema.changes(household, {}, {"applicant_name": "", "members": []}) == ()
    assert schema.changes(household, {"applicant_name": "甲"}, {"applicant_name": ""})[0][3:] == ("甲", "")
    assert schema.changes(household, {}, {"total_income": 0})[0][3:] == (None, 0)


def test_a_mask_tells_two_values_apart_and_no_more() -> None:
    """By length; lists and records inside; what is empty stays empty, for that is not what a mask hides."""
    assert [mask(text) for text in ("320102199001011234", "城东街道12号", "林晓", "林", "")] == [
        "320***********1234", "城*****号", "林*", "*", "",
    ]  # fmt: skip
    assert mask([{"a": 12, "b": None, "c": True}]) == [{"a": "***", "b": None, "c": "***"}]


def test_a_masked_field_is_a_closed_text_with_a_mask(household: FormSchema) -> None:
    """Whatever its type was; the stored number does not travel, and only the mask may come back."""
    access = {"members[].income": FieldAccess.MASKED}
    projected: dict[str, Any] = rights.project(household, access)
    income = projected["components"][1]["components"][1]
    assert income == {"type": "textfield", "id": "m2", "key": "income", "label": "月收入", "readonly": True,
                      "properties": {"class": "personal"}}  # fmt: skip
    case = {"applicant_name": "甲", "members": [{"name": "甲", "income": 4321}]}
    assert rights.readable(household, access, case)["members"] == [{"name": "甲", "income": "***"}]
    assert faults(household, {"members": [{"name": "甲", "income": "***"}]}, case, access) == {}
    assert faults(household, {"members": [{"name": "甲", "income": 4321}]}, case, access) == {
        "members[0].income": "read_only"
    }


def test_a_draft_keeps_only_what_may_be_written(household: FormSchema) -> None:
    """And is shown over the values of the case without taking the read-only columns away."""
    access = {"members[].name": READ, "applicant_name": READ}
    draft = rights.writable(
        household, access, {"applicant_name": "乙", "stranger": 1, "members": [{"name": "乙", "income": 2}]}
    )
    assert draft == {"members": [{"income": 2}]}
    shown = {"applicant_name": "甲", "members": [{"name": "甲", "income": 1}]}
    assert rights.overlaid(household, access, shown, draft) == {
        "applicant_name": "甲",
        "members": [{"name": "甲", "income": 2}],
    }
    assert rights.overlaid(household, {}, shown, {"members": []}) == {"applicant_name": "甲", "members": []}
    assert shown["members"] == [{"name": "甲", "income": 1}]
