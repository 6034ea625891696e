"""Decision tables: hit policies, aggregators, conflicts, inputs outside of what is allowed."""

from decimal import Decimal

import pytest

from engine.feel.dmn import DecisionResult, load
from tests.unit.feel.dmn_builder import decision, definitions, table

OVERLAPPING = [(("< 10",), ('"low"',)), (("[5..20]",), ('"middle"',)), (("> 15",), ('"high"',))]
NUMBERS = [(("< 10",), ("1",)), (("[5..20]",), ("2.5",)), (("-",), ("4",))]


def run(logic: str, **context: object) -> DecisionResult:
    return load(definitions(decision("d", logic))).evaluate("d", context)


def test_unique_gives_the_rule_that_matches() -> None:
    """The value, the number of the rule and the inputs are told."""
    result = run(table(["age"], OVERLAPPING), age=3)
    assert (result.value, result.matched, result.errors) == ("low", (1,), ())
    assert result.inputs == {"age": 3}
    assert [hit.owner for hit in result.tables] == ["d"]


def test_two_rules_of_a_unique_table_are_a_conflict() -> None:
    """The value is None and the error names both rules."""
    result = run(table(["age"], OVERLAPPING), age=7)
    assert (result.value, result.matched) == (None, (1, 2))
    assert result.errors == ("d: the rules 1, 2 all match, but the hit policy is UNIQUE",)


def test_different_outputs_of_an_any_table_are_a_conflict() -> None:
    """Equal outputs are no conflict; different ones name the rules."""
    rules = [(("< 10",), ('"x"',)), (("< 20",), ('"x"',)), (("> 8",), ('"y"',))]
    assert run(table(["age"], rules, policy="ANY"), age=3).value == "x"
    result = run(table(["age"], rules, policy="ANY"), age=9)
    assert result.value is None
    assert result.errors == ("d: the rules 1, 3 have different outputs, but the hit policy is ANY",)


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("FIRST", "", 1),
        ("RULE ORDER", "", [1, Decimal("2.5"), 4]),
        ("COLLECT", "", [1, Decimal("2.5"), 4]),
        ("COLLECT", "SUM", Decimal("7.5")),
        ("COLLECT", "MIN", 1),
        ("COLLECT", "MAX", 4),
        ("COLLECT", "COUNT", 3),
    ],
)
def test_policies_with_several_hits(policy: str, aggregation: str, expected: object) -> None:
    """Each policy and aggregator over three matching rules."""
    result = run(table(["age"], NUMBERS, policy=policy, aggregation=aggregation), age=7)
    assert (result.value, result.errors) == (expected, ())
    assert result.matched == ((1,) if policy == "FIRST" else (1, 2, 3))


def test_priority_and_output_order_follow_the_output_values() -> None:
    """The order of the allowed values decides, not that of the rules."""
    order = '"high", "middle", "low"'
    assert run(table(["age"], OVERLAPPING, policy="PRIORITY", output_values=order), age=7).value == "middle"
    result = run(table(["age"], OVERLAPPING, policy="OUTPUT ORDER", output_values=order), age=17)
    assert result.value == ["high", "middle"]


def test_an_order_has_to_be_given() -> None:
    """PRIORITY and OUTPUT ORDER without output values are a problem of the model."""
    for policy in ("PRIORITY", "OUTPUT ORDER"):
        model = load(definitions(decision("d", table(["age"], OVERLAPPING, policy=policy))))
        assert model.problems == (f"d: the hit policy {policy} needs output values: they are its order",)


def test_no_matching_rule_gives_the_default_or_null() -> None:
    """Neither is an error; a count of nothing is 0."""
    rules = [(("< 10",), ('"low"',))]
    assert run(table(["age"], rules), age=50).value is None
    assert run(table(["age"], rules), age=50).errors == ()
    assert run(table(["age"], rules, default='"none"'), age=50).value == "none"
    assert run(table(["age"], rules, policy="COLLECT", aggregation="COUNT"), age=50).value == 0


def test_several_outputs_are_a_context() -> None:
    """One entry for each output, by its name."""
    logic = table(["age"], [(("-",), ("1", "age + 1"))], outputs=("a", "b"))
    assert run(logic, age=1).value == {"a": 1, "b": 2}


def test_an_input_outside_of_its_allowed_values_is_an_error() -> None:
    """The error shows the expression and the value."""
    result = run(table(["kind"], [(("-",), ("1",))], input_values='"A", "B"'), kind="C")
    assert result.value is None
    assert result.errors == ('d: input `kind` is outside of its allowed values: "C"',)


def test_an_output_outside_of_its_allowed_values_is_an_error() -> None:
    """The error names the rule and shows the value."""
    result = run(table(["x"], [(("-",), ('"D"',))], output_values='"A", "B"'), x=1)
    assert result.value is None
    assert result.errors == ('d, rule 1: the output is outside of its allowed values: "D"',)


def test_a_missing_input_is_an_error() -> None:
    """A variable that nobody gave is told by name; one that is null is not missing."""
    logic = table(["age", "kind"], [(("-", "-"), ("1",))])
    result = run(logic, age=1)
    assert result.value is None
    assert result.errors[0].startswith("d: missing input `kind`")
    assert run(logic, age=1, kind=None).value == 1


def test_a_wrong_cell_is_a_problem_and_an_error() -> None:
    """The model says it when it is loaded, with the rule; an evaluation that comes to it fails."""
    model = load(definitions(decision("d", table(["age"], [(("< (",), ("1",)), (("-",), ("foo(1)",))]))))
    assert model.problems[0].startswith("d, rule 1: an expression is expected")
    assert "there is no function `foo`" in model.problems[1]
    result = model.evaluate("d", {"age": 1})
    assert result.value is None
    assert result.errors


def test_a_policy_that_does_not_exist_gives_nothing() -> None:
    """The first rule of a table whose policy nobody knows is no answer."""
    for policy, aggregation in (("BOGUS", ""), ("COLLECT", "AVG")):
        result = run(table(["age"], NUMBERS, policy=policy, aggregation=aggregation), age=7)
        assert (result.value, result.errors) == (None, ("d: its hit policy or aggregation does not exist",))
