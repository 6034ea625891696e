"""Conditions, rights, groups, lists and computed fields of a submission."""

from decimal import Decimal

import pytest

from engine.forms.schema import FormSchema
from engine.model.definitions import FieldAccess
from engine.model.errors import Refused
from tests.unit.forms.builder import clean, faults, form_of

READ, WRITE, HIDDEN = FieldAccess.READ, FieldAccess.WRITE, FieldAccess.HIDDEN
MEMBERS = [{"name": "甲", "income": 100}, {"name": "乙", "income": 50}]


def test_expressions_are_computed_here(household: FormSchema) -> None:
    """What the client sends for an expression never counts, chained expressions settle."""
    data = {"applicant_name": "甲", "members": MEMBERS, "total_income": 1, "income_per_head": 1}
    assert clean(household, data) == {
        "applicant_name": "甲",
        "members": MEMBERS,
        "total_income": 150,
        "income_per_head": 75,
    }


def test_wrong_places_are_named_by_row(household: FormSchema) -> None:
    """Details name the row and the field."""
    data = {"members": [{"name": "甲", "income": "100"}, {"name": "", "income": Decimal("-0.001")}]}
    assert faults(household, data) == {
        "applicant_name": "required",
        "members[0].income": "type",
        "members[1].name": "required",
        "members[1].income": "min",
    }
    assert faults(household, {"applicant_name": "a", "members": {"name": "a"}}) == {"members": "type"}
    assert faults(household, {"applicant_name": "a", "members": ["a"]}) == {"members[0]": "type"}


def test_undeclared_fields_are_refused_by_name(household: FormSchema) -> None:
    """At the root and in rows, before anything else is judged."""
    data = {"is_admin": True, "members": [{"name": 5, "verified": True}]}
    with pytest.raises(Refused) as caught:
        clean(household, data)
    assert caught.value.code == "form.field_not_writable"
    assert {d.place: d.code for d in caught.value.details} == {
        "is_admin": "undeclared",
        "members[0].verified": "undeclared",
    }


def test_a_missing_field_keeps_its_value_and_is_judged_with_it(household: FormSchema) -> None:
    """A client may send only what changes."""
    written = clean(household, {}, {"applicant_name": "甲", "members": MEMBERS})
    assert written == {"total_income": 150, "income_per_head": 75}
    assert faults(household, {}) == {"applicant_name": "required"}


def test_a_default_is_kept_when_nothing_was_stored() -> None:
    """As the browser would have sent it."""
    form = form_of({"type": "textfield", "key": "x", "defaultValue": "d"})
    assert clean(form, {}) == {"x": "d"}
    assert clean(form, {}, {"x": "old"}) == {}
    assert clean(form, {"x": ""}) == {"x": ""}


CONDITIONAL = form_of(
    {"type": "radio", "key": "fire", "values": ["yes", "no"], "defaultValue": "no"},
    {
        "type": "textarea",
        "key": "note",
        "conditional": {"hide": '=fire != "yes"'},
        "validate": {"required": True},
    },
)


def test_hidden_by_condition_is_dropped_not_required() -> None:
    """Neither its value nor its faults count."""
    assert clean(CONDITIONAL, {"fire": "no", "note": "x"}) == {"fire": "no"}
    assert clean(CONDITIONAL, {"fire": "no", "note": 5}) == {"fire": "no"}
    assert faults(CONDITIONAL, {"fire": "yes"}) == {"note": "required"}
    assert clean(CONDITIONAL, {}) == {"fire": "no"}


@pytest.mark.parametrize(
    ("condition", "case", "hidden"),
    [
        ("=level > 3", {"level": 4}, True),
        ("=level > 3", {"level": 3}, False),
        ("=level > 3", {}, True),
        ("=level + 1", {}, True),
        ("=level + 1", {"level": 1}, False),
        ('=level != "yes"', {}, True),
        ("=not(level > 3)", {}, False),
        ("=not(level > 3)", {"level": 1}, True),
        ("=level in [1..6]", {}, False),
        ("=assert(false, level)", {}, False),
        ("=sum(for n in 1..10000000 return n) > 0", {}, False),
    ],
)
def test_a_condition_that_gives_null_hides(condition: str, case: dict[str, object], hidden: bool) -> None:
    """As the viewer, which runs it as a unary test of nothing; what cannot be evaluated at all is shown."""
    form = form_of({"type": "textfield", "key": "x", "conditional": {"hide": condition}})
    assert clean(form, {"x": "a"}, case) == ({} if hidden else {"x": "a"})


def test_a_hidden_value_no_longer_hides_others() -> None:
    """Two passes, as in the viewer: b is hidden by a; c asks for b and sees what the case has, which is nothing."""
    form = form_of(
        {"type": "checkbox", "key": "a"},
        {"type": "textfield", "key": "b", "conditional": {"hide": "=a"}},
        {"type": "textfield", "key": "c", "conditional": {"hide": '=b = "x"'}},
    )
    assert clean(form, {"a": False, "b": "x", "c": "y"}) == {"a": False, "b": "x"}
    assert clean(form, {"a": True, "b": "x", "c": "y"}) == {"a": True, "c": "y"}


def test_a_group_hides_its_fields_and_prefixes_their_path() -> None:
    """Group values are completed from what is stored; names the form does not know are carried over."""
    city = {"type": "textfield", "id": "city", "key": "city", "validate": {"required": True}}
    form = form_of(
        {"type": "group", "path": "address", "components": [city], "conditional": {"hide": "=homeless"}},
        {"type": "checkbox", "key": "homeless"},
    )
    assert clean(form, {"address": {"city": "沈阳"}, "homeless": False}, {"address": {"zip": "1"}}) == {
        "address": {"city": "沈阳", "zip": "1"},
        "homeless": False,
    }
    assert faults(form, {"homeless": False}) == {"address.city": "required"}
    assert faults(form, {"homeless": True}) == {}
    assert faults(form, {"address": {"zip": 2}}) == {"address.zip": "undeclared"}
    assert "address" in faults(form, {"address": "沈阳"})


def test_rows_have_conditions_of_their_own() -> None:
    """`this`, `parent` and `i` as in the viewer."""
    why = {"type": "textfield", "id": "w", "key": "why", "conditional": {"hide": "=this.n < parent.limit"}}
    first = {"type": "textfield", "id": "f", "key": "first", "conditional": {"hide": "=i[1] > 1"}}
    number = {"type": "number", "id": "n", "key": "n"}
    form = form_of(
        {"type": "number", "key": "limit"},
        {"type": "dynamiclist", "path": "rows", "components": [number, why, first]},
    )
    rows = [{"n": 1, "why": "a", "first": "b"}, {"n": 9, "why": "c", "first": "d"}]
    assert clean(form, {"limit": 5, "rows": rows})["rows"] == [{"n": 1, "first": "b"}, {"n": 9, "why": "c"}]


def test_lists_in_lists() -> None:
    """Nested rows keep their places and expressions."""
    inner = {
        "type": "dynamiclist",
        "id": "i",
        "path": "cars",
        "components": [{"type": "number", "id": "v", "key": "value", "validate": {"min": 1}}],
    }
    total = {"type": "expression", "id": "t", "key": "sum", "expression": "=sum(this.cars.value)"}
    form = form_of({"type": "dynamiclist", "path": "members", "components": [inner, total]})
    assert faults(form, {"members": [{"cars": [{"value": 2}, {"value": 0}]}]}) == {"members[0].cars[1].value": "min"}
    assert clean(form, {"members": [{"cars": [{"value": 2}, {"value": 3}]}]}) == {
        "members": [{"cars": [{"value": 2}, {"value": 3}], "sum": 5}]
    }


@pytest.mark.parametrize("lock", [{"readonly": True}, {"disabled": True}, {"readonly": "=true"}])
def test_a_read_only_value_may_come_back_but_not_change(lock: dict[str, object]) -> None:
    """form-js submits read-only fields too: equal is dropped, different is refused."""
    form = form_of({"type": "number", "key": "x", **lock}, {"type": "textfield", "key": "y"})
    assert clean(form, {"x": Decimal("5.0"), "y": "a"}, {"x": 5}) == {"y": "a"}
    assert faults(form, {"x": 6, "y": "a"}, {"x": 5}) == {"x": "read_only"}
    assert faults(form, {"x": None}, {"x": 5}) == {"x": "read_only"}
    assert clean(form, {"x": None, "y": "a"}) == {"y": "a"}


def test_the_empty_values_of_the_browser_are_no_change() -> None:
    """What the viewer's sanitising makes of nothing, and of an option that is gone, is tolerated."""
    form = form_of(
        {"type": "textfield", "key": "a", "readonly": True},
        {"type": "checkbox", "key": "b", "readonly": True},
        {"type": "taglist", "key": "c", "readonly": True, "values": ["x"]},
        {"type": "select", "key": "d", "readonly": True, "values": ["x"]},
        {"type": "textfield", "key": "e", "readonly": True, "defaultValue": "d"},
    )
    sent = {"a": "", "b": False, "c": ["x"], "d": None, "e": "d"}
    assert clean(form, sent, {"c": ["x", "gone"], "d": "gone"}) == {}
    assert faults(form, {**sent, "b": True, "c": ["y"]}, {"c": ["x"]}) == {"b": "read_only", "c": "read_only"}


def test_rights_of_the_node() -> None:
    """Read fields come back unchanged, hidden ones may not come at all, not even unchanged."""
    form = form_of(
        {"type": "textfield", "key": "a"}, {"type": "textfield", "key": "b"}, {"type": "textfield", "key": "c"}
    )
    access = {"a": READ, "b": HIDDEN}
    assert clean(form, {"a": "1", "c": "3"}, {"a": "1", "b": "2"}, access) == {"c": "3"}
    assert faults(form, {"a": "x", "b": "2", "c": 5}, {"a": "1", "b": "2"}, access) == {
        "a": "read_only",
        "b": "hidden",
    }


def test_one_column_of_a_list_may_be_written(household: FormSchema) -> None:
    """The most specific right wins; rows stay; what the node may not see is kept."""
    access = {"applicant_name": READ, "members": READ, "members[].income": WRITE}
    stored = {"applicant_name": "甲", "members": [{"name": "甲", "income": 1, "id_number": "s"}]}
    assert clean(household, {"members": [{"name": "甲", "income": 7}]}, stored, access) == {
        "members": [{"name": "甲", "income": 7, "id_number": "s"}],
        "total_income": 7,
        "income_per_head": 7,
    }
    assert faults(household, {"members": [{"name": "乙", "income": 7}]}, stored, access) == {
        "members[0].name": "read_only"
    }
    assert faults(household, {"members": []}, stored, access) == {"members": "rows_fixed"}
    assert faults(household, {"members": [{}, {}]}, stored, access) == {"members": "rows_fixed"}


def test_a_read_only_list(household: FormSchema) -> None:
    """Equal rows are dropped; the blank row that form-js makes of an empty list is none."""
    access = {"members": READ}
    written = clean(household, {"applicant_name": "a", "members": MEMBERS}, {"members": MEMBERS}, access)
    assert written == {"applicant_name": "a", "total_income": 150, "income_per_head": 75}
    blank = {"applicant_name": "a", "members": [{"name": "", "income": None}]}
    assert clean(household, blank, {}, access)["applicant_name"] == "a"
    full = {"applicant_name": "a", "members": [{"name": "x", "income": None}]}
    assert faults(household, full, {}, access) == {"members": "rows_fixed"}


def test_rows_with_values_of_others_are_not_removed(household: FormSchema) -> None:
    """A row that holds what this form may not write can change and gain neighbours, but not go."""
    stored = {"applicant_name": "a", "members": [{"name": "甲", "verified": True}, {"name": "乙"}]}
    assert faults(household, {"members": [{"name": "乙"}]}, stored) == {"members": "rows_fixed"}
    more = clean(household, {"members": [{"name": "丙"}, {"name": "乙"}, {"name": "丁"}]}, stored)
    assert more["members"] == [
        {"name": "丙", "income": None, "verified": True},
        {"name": "乙", "income": None},
        {"name": "丁", "income": None},
    ]
    free = {"applicant_name": "a", "members": MEMBERS}
    assert clean(household, {"members": MEMBERS[1:]}, free)["members"] == MEMBERS[1:]


def test_an_expression_that_may_only_be_read_is_left_alone(household: FormSchema) -> None:
    """It is neither computed nor refused."""
    access = {"income_per_head": READ}
    stored = {"applicant_name": "a", "members": MEMBERS, "income_per_head": 1}
    assert clean(household, {"income_per_head": 75}, stored, access) == {"total_income": 150}


def test_required_by_feel() -> None:
    """required may be FEEL on the server; what cannot be evaluated is not required."""
    form = form_of(
        {"type": "textfield", "key": "x", "validate": {"required": "=kind = 1"}}, {"type": "number", "key": "kind"}
    )
    assert faults(form, {"x": "", "kind": 1}) == {"x": "required"}
    assert faults(form, {"x": "", "kind": 2}) == {}


def test_the_input_is_not_changed(household: FormSchema) -> None:
    """Neither what was sent nor what is stored is touched."""
    stored = {"applicant_name": "a", "members": [{"name": "甲", "income": 1, "verified": True}]}
    sent = {"members": [{"name": "乙", "income": 1.5}]}
    clean(household, sent, stored)
    assert stored == {"applicant_name": "a", "members": [{"name": "甲", "income": 1, "verified": True}]}
    assert sent == {"members": [{"name": "乙", "income": 1.5}]}


def test_a_long_decimal_survives_the_browser(household: FormSchema) -> None:
    """Computed thirds keep FEEL's precision; a read-only one that comes back as a double is no change."""
    thirds = [{"name": "甲", "income": 1000}, {"name": "乙", "income": 0}, {"name": "丙", "income": 0}]
    share = clean(household, {"applicant_name": "a", "members": thirds})["income_per_head"]
    assert isinstance(share, Decimal)
    assert len(share.as_tuple().digits) > 28
    shown = form_of({"type": "number", "key": "share"}, {"type": "textfield", "key": "x"})
    assert clean(shown, {"share": float(share), "x": "a"}, {"share": share}, {"share": READ}) == {"x": "a"}
    assert faults(shown, {"share": 333.34}, {"share": share}, {"share": READ}) == {"share": "read_only"}
    assert clean(shown, {"x": "a"}, {"share": share}) == {"x": "a"}
