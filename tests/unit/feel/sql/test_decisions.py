"""Decision tables in SQL: shapes, conflicts, declared types, what is refused and where."""

from collections.abc import Sequence

import duckdb
import pytest

from engine.feel.dmn import load
from engine.feel.sql import DecisionTranslation, Dialect, NotTranslatable, columns_of, translate_decision
from tests.conftest import ROOT
from tests.unit.feel.dmn_builder import decision, definitions, input_data, literal, requires, table

COLUMNS = columns_of({"income": "number(9,2)", "type": "string", "name": "string"})
Rules = Sequence[tuple[Sequence[str], Sequence[str]]]


def _translate(*parts: str, decision_id: str = "out", dialect: Dialect = Dialect.DUCKDB) -> DecisionTranslation:
    return translate_decision(load(definitions(*parts)), decision_id, COLUMNS, dialect)


def test_rules_that_never_match_together_need_no_counting() -> None:
    """UNIQUE is one CASE then, and there can be no error."""
    rules: Rules = [(["[0..500)", '"a"'], ["1"]), (["[0..500)", '"b", "c"'], ["2"]), ([">= 500", "-"], ["3"])]
    made = _translate(decision("out", table(["income", "type"], rules)))
    assert made.sql() == (
        'CASE WHEN "income" >= 0 AND "income" < 500 AND "type" = \'a\' THEN 1'
        ' WHEN "income" >= 0 AND "income" < 500 AND "type" IN (\'b\', \'c\') THEN 2'
        ' WHEN "income" >= 500 THEN 3 ELSE NULL END'
    )
    assert made.error is None


def test_rules_that_may_match_together_are_counted() -> None:
    """And the conflict is told."""
    rules: Rules = [(["< 500"], ['"a"']), (["> 400"], ['"b"'])]
    made = _translate(decision("out", table(["income"], rules)))
    assert made.sql().startswith('CASE (CASE WHEN "income" < 500 THEN 100001 ELSE 0 END + ')
    assert made.error is not None
    assert "rules contradict each other (UNIQUE)" in made.error.sql()


def test_a_query_has_outputs_rule_and_error_beside_the_columns() -> None:
    """With a prefix where names would clash."""
    rules: Rules = [(["< 500"], ["1", '"x"']), ([">= 500"], ["2", '"y"'])]
    made = _translate(decision("out", table(["income"], rules, outputs=("income", "kind"), input_values="< 1000")))
    query = made.query("applications", with_rule=True, prefix="d_")
    assert [one.alias_or_name for one in query.selects] == ["*", "d_income", "d_kind", "d_rule", "d_error"]


def test_a_required_decision_takes_the_place_of_its_name() -> None:
    """Its table is written where its value is read."""
    first = decision("band", table(["income"], [(["< 500"], ['"low"']), ([">= 500"], ['"high"'])]))
    logic = table(["band"], [(['"low"'], ["1"]), (['"high"'], ["2"])])
    second = decision("out", logic, requirements=requires("band", kind="requiredDecision"))
    made = _translate(first, second)
    assert "WHEN CASE WHEN \"income\" < 500 THEN 'low'" in made.sql()


def test_a_literal_decision_is_its_expression() -> None:
    """With declared input data."""
    made = _translate(
        input_data("income", "number"), decision("out", literal("income * 2"), requirements=requires("income"))
    )
    assert made.values.keys() == {"out"}
    assert made.sql() == '"income" * 2'


@pytest.mark.parametrize(
    ("logic", "construct", "place"),
    [
        (table(["income"], [(["< 5"], ["1"]), (['matches(?, "a")'], ["2"])]), "matches()", "rule 2, input 1"),
        (table(["income"], [(["< 5"], ["upper case(name)"])]), "upper case()", "rule 1, output 1"),
        (table(["lower case(type)"], [(["-"], ["1"])]), "lower case()", "input 1"),
        (table(["income"], [(["-"], ["name"])], policy="PRIORITY", output_values='"a"'), "output", "rule 1, output 1"),
        (table(["income"], [(["-"], ["name"]), (["-"], ["1"])], policy="ANY"), "hit policy ANY", "out"),
        (table(["income"], [(["< 5"], ["1"]), (["-"], ['"a"'])], policy="FIRST"), "branches", "out"),
        (
            table(["income"], [(["-"], ["1", "2"])], policy="COLLECT", outputs=("a", "b")),
            "hit policy RULE ORDER",
            "out",
        ),
        ("<list/>", "boxed expression", "out"),
    ],
)
def test_a_refusal_names_rule_and_column(logic: str, construct: str, place: str) -> None:
    """Of the table that it stands in."""
    with pytest.raises(NotTranslatable) as caught:
        _translate(decision("out", logic))
    assert (caught.value.refusal.construct, caught.value.refusal.place) == (construct, place)


def test_input_data_of_another_kind_is_refused() -> None:
    """It would be an error for every row."""
    parts = (input_data("type", "number"), decision("out", literal("type"), requirements=requires("type")))
    with pytest.raises(NotTranslatable, match="a number is declared, and this is a string"):
        _translate(*parts)


def test_a_document_with_problems_is_refused() -> None:
    """Its decisions give errors, not values."""
    with pytest.raises(NotTranslatable, match="it has problems"):
        _translate(decision("out", table(["income"], [(["< "], ["1"])])))


@pytest.mark.parametrize("dialect", list(Dialect))
def test_lists_are_arrays_in_every_dialect(dialect: Dialect) -> None:
    """RULE ORDER over literals."""
    rules: Rules = [(["< 500"], ['"a"']), (["> 400"], ['"b"'])]
    made = _translate(decision("out", table(["income"], rules, policy="RULE ORDER")), dialect=dialect)
    assert "'a'" in made.sql()
    assert made.kinds == {"out": "list"}


def test_the_items_of_a_list_have_a_type_that_holds_all_outputs() -> None:
    """Also when the first rule always matches: a shorter one would round the others."""
    rules: Rules = [(["-"], ["1"]), (["< 5"], ["-3.5"])]
    made = _translate(decision("out", table(["income"], rules, policy="RULE ORDER")))
    assert made.sql().count("DECIMAL(2, 1)") == 3


def test_the_decision_that_ships_gives_the_same_in_sql() -> None:
    """The limits of the allowance process: outputs, rule and error, also for what is missing or unknown."""
    model = load((ROOT / "processes/dibao/dibao-limits.dmn").read_bytes())
    made = translate_decision(model, "dibao_limits", columns_of({"household_type": "string"}), Dialect.DUCKDB)
    given = ["urban", "rural", None, "nomad"]
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE cases AS SELECT unnest(?::TEXT[]) AS household_type", [given])
        found = connection.execute(made.query("cases", with_rule=True).sql("duckdb")).fetchall()
    results = [model.evaluate("dibao_limits", {"household_type": one}) for one in given]
    assert [row[1:4] for row in found] == [tuple((one.value or dict.fromkeys(made.values)).values()) for one in results]
    assert [row[4] for row in found] == [1, 2, None, None]
    assert [row[5] is not None for row in found] == [bool(one.errors) for one in results]
