"""Reading a form: what is in it, and everything that is wrong with it."""

import json

import pytest

from engine.forms import schema
from engine.forms.schema import FormSchema
from engine.model.classes import DataClass
from engine.model.definitions import Severity
from engine.model.errors import Invalid
from tests.unit.forms.builder import form_of, raw_form

FIELD = {"type": "textfield", "key": "x"}


def test_fields_in_form_order_with_their_classes(household: FormSchema) -> None:
    """Children of a list have `[]` in their path and inherit its class."""
    assert [(f.path, f.label, f.type, f.data_class) for f in household.fields.values()] == [
        ("applicant_name", "申请人", "textfield", DataClass.PERSONAL),
        ("members", "家庭成员", "dynamiclist", DataClass.INTERNAL),
        ("members[].name", "name", "textfield", DataClass.INTERNAL),
        ("members[].income", "月收入", "number", DataClass.PERSONAL),
        ("total_income", "total_income", "expression", DataClass.INTERNAL),
        ("income_per_head", "income_per_head", "expression", DataClass.INTERNAL),
    ]
    assert household.variables["members"] is DataClass.PERSONAL
    assert household.form_id == "form"


def test_groups_pass_their_class_on() -> None:
    """A child may still name its own."""
    form = form_of(
        {
            "type": "group",
            "path": "a.b",
            "properties": {"class": "secret"},
            "components": [{**FIELD, "id": "x"}, {**FIELD, "id": "y", "key": "y", "properties": {"class": "public"}}],
        }
    )
    assert {p: f.data_class for p, f in form.fields.items()} == {"a.b.x": DataClass.SECRET, "a.b.y": DataClass.PUBLIC}
    assert form.variables == {"a": DataClass.SECRET}
    assert form.groups == {"a.b"}


def test_display_components_hold_no_data() -> None:
    """Text, tables, buttons and the like are accepted and ignored."""
    form = form_of({"type": "text", "text": "# x"}, {"type": "table", "dataSource": "=x"}, {"type": "button"}, FIELD)
    assert list(form.fields) == ["x"]


@pytest.mark.parametrize(
    ("components", "rule"),
    [
        ([{"type": "carousel"}], "form.type_unknown"),
        ([{"type": "filepicker", "key": "f"}], "form.type_unknown"),
        ([FIELD, FIELD], "form.key_doubled"),
        ([FIELD, {"type": "number", "key": "x.y"}], "form.key_doubled"),
        ([FIELD, {"type": "group", "components": [{**FIELD, "id": "in"}]}], "form.key_doubled"),
        ([{"type": "textfield"}], "form.key_missing"),
        ([{"type": "dynamiclist", "components": []}], "form.path_missing"),
        ([{**FIELD, "key": "a.0.b"}], "form.key_invalid"),
        ([{**FIELD, "key": "__proto__"}], "form.key_invalid"),
        ([{**FIELD, "id": "c1"}, {**FIELD, "key": "y"}], "form.id_doubled"),
        ([{**FIELD, "id": "form"}], "form.id_doubled"),
        ([{**FIELD, "id": None}], "form.id_missing"),
        ([{**FIELD, "validate": {"pattern": "(?=a)"}}], "form.pattern"),
        ([{**FIELD, "validate": {"maxLength": "=1 +"}}], "form.feel"),
        ([{**FIELD, "validate": {"maxLength": "many"}}], "form.number"),
        ([{**FIELD, "conditional": {"hide": "=a ="}}], "form.feel"),
        ([{**FIELD, "validate": {"validationType": "iban"}}], "form.validation_type"),
        ([{**FIELD, "properties": {"class": "top"}}], "form.class_unknown"),
        ([{"type": "expression", "key": "e", "expression": "1"}], "form.expression_missing"),
        ([{"type": "select", "key": "s"}], "form.options_missing"),
        ([{"type": "datetime", "key": "d", "subtype": "week"}], "form.subtype"),
        ([{"type": "number", "key": "n", "increment": 0}], "form.number"),
        (["text"], "form.malformed"),
    ],
)
def test_lint_refuses(components: list[object], rule: str) -> None:
    """Each mistake is an error finding with its component, and parse refuses the form."""
    numbered = [{"id": f"c{n}", **c} if isinstance(c, dict) else c for n, c in enumerate(components)]
    raw = json.dumps({"id": "form", "schemaVersion": 19, "components": numbered}).encode()
    errors = [f for f in schema.lint(raw, "f.form") if f.severity is Severity.ERROR]
    assert rule in {finding.rule for finding in errors}
    assert all(finding.message and finding.cure and finding.resource == "f.form" for finding in errors)
    with pytest.raises(Invalid) as caught:
        schema.parse(raw, resource="f.form")
    assert rule in {detail.code for detail in caught.value.details}


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"{", "form.malformed"),
        (b"[]", "form.malformed"),
        (b"\xff", "form.malformed"),
        (b'{"id": "f", "schemaVersion": NaN}', "form.malformed"),
        (b"[" * 100_000, "form.malformed"),
        (b'{"schemaVersion": 19}', "form.id"),
        (b'{"id": "f"}', "form.schema_version"),
        (b'{"id": "f", "schemaVersion": 20}', "form.schema_version"),
        (b" " * 2_000_001, "form.too_large"),
    ],
)
def test_lint_of_what_is_no_form(raw: bytes, rule: str) -> None:
    """Never an exception, always a finding."""
    assert rule in {finding.rule for finding in schema.lint(raw, "f.form")}


@pytest.mark.parametrize(
    ("extra", "rule"),
    [
        ({"validate": {"required": "=a"}}, "form.required_feel"),
        ({"conditional": {"hide": "true"}}, "form.hide_not_feel"),
        ({"disallowPassedDates": True}, "form.passed_dates"),
    ],
)
def test_lint_warns(extra: dict[str, object], rule: str) -> None:
    """What browser and server read differently is said, but not refused."""
    raw = raw_form({**FIELD, **extra})
    assert [(f.rule, f.severity) for f in schema.lint(raw, "f.form")] == [(rule, Severity.WARNING)]
    assert schema.parse(raw, resource="f.form").form_id == "form"


def test_deep_nesting_is_refused() -> None:
    """Groups inside groups end somewhere."""
    component: dict[str, object] = {**FIELD, "id": "x"}
    for n in range(20):
        component = {"type": "group", "id": f"g{n}", "components": [component]}
    assert "form.nesting" in {finding.rule for finding in schema.lint(raw_form(component), "f.form")}
