"""Rules of offices: identifiers with their check digits, at least one row, no row twice, exactly one applicant."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.forms import schema
from engine.identity import identifiers
from engine.model.errors import Invalid
from tests.unit.forms.builder import form_of, raw_form

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def form(**changes: str) -> bytes:
    properties = {"minRows": "1", "uniqueBy": "id_number", "exactlyOne": "relation=self"} | changes
    columns = [
        {"type": "textfield", "id": "N", "key": "id_number", "label": "号码", "properties": {"format": "id-number"}},
        {"type": "textfield", "id": "R", "key": "relation", "label": "关系"},
    ]
    name = {"type": "textfield", "id": "A", "key": "name", "label": "姓名", "validate": {"required": True}}
    rows = {"type": "dynamiclist", "id": "M", "path": "members", "label": "成员", "components": columns}
    document = {
        "type": "default",
        "id": "f",
        "schemaVersion": 19,
        "components": [name, rows | {"properties": properties}],
    }
    return json.dumps(document).encode()


FORM = schema.parse(form(), resource="f.form")


def faults(name: str, *members: tuple[str, str]) -> list[tuple[str, str]]:
    data = {"name": name, "members": [{"id_number": number, "relation": relation} for number, relation in members]}
    try:
        schema.validate(FORM, data, existing={}, access={}, now=NOW, formats=identifiers.FORMATS)
    except Invalid as error:
        return [(detail.place, detail.code) for detail in error.details]
    return []


def valid(first_seventeen: str) -> str:
    return first_seventeen + identifiers.check_digit(first_seventeen)


A, B = valid("21019019900101123"), valid("21019019920202124")


def test_a_right_household_passes() -> None:
    """One applicant, everybody once, valid numbers."""
    assert faults("王", (A, "self"), (B, "spouse")) == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ((), [("members", "min_rows")]),
        (((A, "self"), (f" {A.lower()}", "child")), [("members[1].id_number", "row_doubled")]),
        (((A, "spouse"),), [("members", "exactly_one")]),
        (((A, "self"), (B, "self")), [("members", "exactly_one")]),
        ((("1" * 18, "self"),), [("members[0].id_number", "format_id_number")]),
    ],
)
def test_a_wrong_household_is_named(members: tuple[tuple[str, str], ...], expected: list[tuple[str, str]]) -> None:
    """No row, the same person twice, no or two applicants, and an impossible number, each at its place."""
    assert faults("王", *members) == expected


def test_a_list_that_was_never_sent_has_no_rows_either() -> None:
    """A client that leaves the list out is told the same."""
    with pytest.raises(Invalid) as caught:
        schema.validate(FORM, {"name": "王"}, existing={}, access={}, now=NOW, formats=identifiers.FORMATS)
    assert [detail.code for detail in caught.value.details] == ["min_rows"]


@pytest.mark.parametrize("name", ["\u3000 ", "\u200b\u202e", "\t"])
def test_a_name_that_shows_nothing_is_no_name(name: str) -> None:
    """Spaces and invisible characters do not fill a required field."""
    assert faults(name, (A, "self")) == [("name", "required")]


def test_what_cannot_be_a_rule_is_found_before_deployment() -> None:
    """A misspelt format or number of rows is an error of the form."""
    rules = {finding.rule for finding in schema.lint(form(minRows="one"), "f.form")}
    assert rules == {"form.property_invalid"}
    broken = form().replace(b"id-number", b"id-numbr")
    assert {finding.rule for finding in schema.lint(broken, "f.form")} == {"form.format_unknown"}


VALID_IF = form_of(
    {
        "type": "checkbox",
        "key": "complete",
        "properties": {"validIf": '=outcome != "accept" or complete', "validMessage": "受理须勾选"},
    },
    {
        "type": "datetime",
        "subtype": "date",
        "key": "visited",
        "properties": {"validIf": "=visited = null or date(visited) <= today()", "validMessage": "不能晚于今天"},
    },
)


@pytest.mark.parametrize(
    ("outcome", "complete", "right"),
    [("accept", True, True), ("accept", False, False), ("correct", False, True), ("", False, True)],
)
def test_a_rule_may_depend_on_the_outcome(outcome: str, complete: bool, right: bool) -> None:
    """Accepting asks for the tick; other outcomes do not. The form's own sentence is the message."""

    def judged() -> list[tuple[str, str, str]]:
        try:
            schema.validate(VALID_IF, {"complete": complete}, existing={}, access={}, now=NOW, outcome=outcome)
        except Invalid as error:
            return [(one.place, one.code, one.message) for one in error.details]
        return []

    assert judged() == ([] if right else [("complete", "rule", "受理须勾选")])


def test_today_is_the_day_of_the_zone_of_the_clock() -> None:
    """At half past one in Beijing it is still yesterday in UTC; a visit of today is right there, of tomorrow wrong."""
    now = datetime(2026, 3, 2, 1, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    for day, right in (("2026-03-02", True), ("2026-03-03", False)):
        data = {"visited": day, "complete": True}
        if right:
            schema.validate(VALID_IF, data, existing={}, access={}, now=now)
        else:
            with pytest.raises(Invalid):
                schema.validate(VALID_IF, data, existing={}, access={}, now=now)


@pytest.mark.parametrize(
    "properties",
    [{"validIf": "=complete"}, {"validIf": "complete", "validMessage": "x"}, {"validIf": "=1 +", "validMessage": "x"}],
)
def test_a_rule_without_message_or_feel_is_found(properties: dict[str, str]) -> None:
    """Deployment refuses it."""
    raw = raw_form({"type": "checkbox", "key": "complete", "properties": properties})
    assert "form.property_invalid" in {finding.rule for finding in schema.lint(raw, "f.form")}
