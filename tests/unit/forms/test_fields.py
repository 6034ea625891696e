"""Each field type and rule means on the server what form-js viewer 2.0 makes of it in the browser."""

from decimal import Decimal

import pytest

from engine.model.errors import Invalid
from tests.unit.forms.builder import clean, faults, form_of

TEXT = {"type": "textfield", "key": "x", "label": "X"}


@pytest.mark.parametrize(
    ("validate", "value", "code"),
    [
        ({"required": True}, "", "required"),
        ({"required": True}, None, "required"),
        ({"required": True}, " ", "required"),
        ({"minLength": 2}, "", None),
        ({"minLength": 2}, " 好 ", "min_length"),
        ({"maxLength": 2}, " 好的 ", None),
        ({"maxLength": 1}, "𠮷", "max_length"),
        ({"maxLength": "=limit"}, "abcd", "max_length"),
        ({"pattern": "^1\\d{10}$"}, "13800000000", None),
        ({"pattern": "^1\\d{10}$"}, "1380000000", "pattern"),
        ({"pattern": "^a$"}, "", None),
        ({"pattern": "b"}, "abc", None),
        ({"validationType": "email"}, "a@b.cn", None),
        ({"validationType": "email"}, "a@", "email"),
        ({"validationType": "phone"}, "+8613800000000", None),
        ({"validationType": "phone"}, "13800000000", "phone"),
        ({}, 5, "type"),
        ({}, ["a"], "type"),
        ({}, True, "type"),
    ],
)
def test_text_rules(validate: dict[str, object], value: object, code: str | None) -> None:
    """Length counts trimmed UTF-16 units, patterns are searched, empty text only fails when required."""
    found = faults(form_of({**TEXT, "validate": validate}), {"x": value}, {"limit": 3})
    assert found == ({"x": code} if code else {})


def test_a_textfield_has_one_line() -> None:
    """Line breaks and tabs become spaces in a textfield and stay in a textarea."""
    assert clean(form_of(TEXT), {"x": "a\r\nb\tc"}) == {"x": "a  b c"}
    assert clean(form_of({**TEXT, "type": "textarea"}), {"x": "a\nb"}) == {"x": "a\nb"}


@pytest.mark.parametrize(
    ("extra", "value", "code"),
    [
        ({}, 1, None),
        ({}, "1", "type"),
        ({}, True, "type"),
        ({}, {"a": 1}, "type"),
        ({"validate": {"required": True}}, None, "required"),
        ({"validate": {"required": True}}, 0, None),
        ({"validate": {"min": 0}}, -1, "min"),
        ({"validate": {"min": 0}}, 0, None),
        ({"validate": {"max": "=limit * 2"}}, 7, "max"),
        ({"validate": {"max": "=nothing"}}, 7, None),
        ({"validate": {"max": '="a"'}}, 7, "expression"),
        ({"decimalDigits": 0}, Decimal("1.0"), None),
        ({"decimalDigits": 0}, Decimal("1.5"), "decimals"),
        ({"decimalDigits": 2}, Decimal("1.230"), None),
        ({"decimalDigits": 2}, Decimal("1.234"), "decimals"),
        ({"increment": "0.1"}, Decimal("0.3"), None),
        ({"increment": 0.1}, Decimal("0.35"), "increment"),
        ({"increment": 5}, -10, None),
    ],
)
def test_number_rules(extra: dict[str, object], value: object, code: str | None) -> None:
    """Numbers are judged exactly; null FEEL means no bound, FEEL that is no number is an error."""
    found = faults(form_of({"type": "number", "key": "x", **extra}), {"x": value}, {"limit": 3})
    assert found == ({"x": code} if code else {})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(0.1, Decimal("0.1")), (2.0, 2), (Decimal("3.00"), 3), (Decimal("3.10"), Decimal("3.1")), ("", None)],
)
def test_numbers_become_int_or_decimal(sent: object, kept: object) -> None:
    """No float is ever kept."""
    value = clean(form_of({"type": "number", "key": "x"}), {"x": sent})["x"]
    assert value == kept
    assert not isinstance(value, float)


def test_a_number_as_text_where_the_form_says_so() -> None:
    """serializeToString sends text; it is kept as a number."""
    form = form_of({"type": "number", "key": "x", "serializeToString": True})
    assert clean(form, {"x": "12.50"}) == {"x": Decimal("12.5")}
    assert faults(form, {"x": "1e5"}) == {"x": "type"}


@pytest.mark.parametrize(
    ("subtype", "value", "right"),
    [
        ("date", "2026-02-28", True),
        ("date", "2026-02-30", False),
        ("date", "2026-2-1", False),
        ("date", "2026-02-28T10:00", False),
        ("time", "10:15", True),
        ("time", "10:15+08:00", True),
        ("time", "25:00", False),
        ("datetime", "2026-02-28T10:15", True),
        ("datetime", "2026-02-28T10:15Z", True),
        ("datetime", "2026-02-28", False),
        ("date", 20260228, False),
        ("date", "", True),
    ],
)
def test_moments(subtype: str, value: object, right: bool) -> None:
    """Moments are ISO text that names a real moment."""
    form = form_of({"type": "datetime", "key": "x", "subtype": subtype})
    assert faults(form, {"x": value}) == ({} if right else {"x": "type"})


def test_a_checkbox_is_true_or_false() -> None:
    """Required means ticked."""
    form = form_of({"type": "checkbox", "key": "x", "validate": {"required": True}})
    assert faults(form, {"x": False}) == {"x": "required"}
    assert faults(form, {"x": "true"}) == {"x": "type"}
    assert clean(form, {"x": True}) == {"x": True}


OPTIONS = [{"label": "一", "value": "one"}, {"label": "二", "value": 2}, "three"]


@pytest.mark.parametrize("kind", ["radio", "select"])
def test_a_choice_takes_one_of_its_options(kind: str) -> None:
    """Options are compared by value and type."""
    form = form_of({"type": kind, "key": "x", "values": OPTIONS})
    assert clean(form, {"x": 2}) == {"x": 2}
    assert clean(form, {"x": None}) == {"x": None}
    assert faults(form, {"x": "2"}) == {"x": "option"}
    assert faults(form, {"x": {"label": "一"}}) == {"x": "option"}


@pytest.mark.parametrize("kind", ["checklist", "taglist"])
def test_many_choices(kind: str) -> None:
    """A list of different options; required means at least one."""
    form = form_of({"type": kind, "key": "x", "values": OPTIONS, "validate": {"required": True}})
    assert clean(form, {"x": ["one", "three"]}) == {"x": ["one", "three"]}
    assert faults(form, {"x": []}) == {"x": "required"}
    assert faults(form, {"x": ["one", "one"]}) == {"x": "duplicate"}
    assert faults(form, {"x": ["four"]}) == {"x": "option"}
    assert faults(form, {"x": "one"}) == {"x": "type"}


def test_options_from_a_variable_and_from_feel() -> None:
    """valuesKey reads the case's variables, valuesExpression is evaluated."""
    keyed = form_of({"type": "select", "key": "x", "valuesKey": "streets"})
    assert faults(keyed, {"x": "柳荫"}, {"streets": ["柳荫", {"label": "松", "value": "松岭"}]}) == {}
    assert faults(keyed, {"x": "别处"}, {"streets": ["柳荫"]}) == {"x": "option"}
    assert faults(keyed, {"x": "柳荫"}) == {"x": "option"}
    computed = form_of({"type": "select", "key": "x", "valuesExpression": '=["a", base]'})
    assert faults(computed, {"x": "b"}, {"base": "b"}) == {}
    assert faults(computed, {"x": "c"}, {"base": "b"}) == {"x": "option"}


def test_details_carry_what_a_page_needs() -> None:
    """Code, label, the rule's value, and the author's own message."""
    form = form_of({**TEXT, "validate": {"maxLength": 1, "pattern": "^a$", "patternErrorMessage": "应为 a"}})
    with pytest.raises(Invalid) as caught:
        clean(form, {"x": "bc"})
    pattern, length = caught.value.details
    assert (pattern.code, pattern.message, pattern.params["message"]) == ("pattern", "应为 a", "应为 a")
    assert length.params == {"label": "X", "value": "1"}


@pytest.mark.parametrize(
    ("data", "place", "code"),
    [
        ({"x": "a" * 20_001}, "x", "too_long"),
        ({"x": "a\x00"}, "x", "character"),
        ({"x": "\ud800"}, "x", "character"),
        ({"x": ["a"] * 501}, "x", "too_many"),
        ({"x": float("nan")}, "x", "number"),
        ({"x": Decimal("1E+99")}, "x", "number"),
        ({"x": Decimal(10**28)}, "x", "number"),
        ({"x\x00": 1}, "", "name"),
        ({"x": b"bytes"}, "x", "number"),
    ],
)
def test_input_is_bounded(data: dict[str, object], place: str, code: str) -> None:
    """What is too large, too deep or not storable is refused before the form is asked."""
    assert faults(form_of(TEXT), data) == {place: code}


def test_nesting_is_bounded() -> None:
    """A thousand brackets do not reach the form."""
    nested: object = 1
    for _ in range(1000):
        nested = [nested]
    assert list(faults(form_of(TEXT), {"x": nested}).values()) == ["too_deep"]
