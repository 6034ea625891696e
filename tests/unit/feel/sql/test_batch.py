"""The path in Python: batches give what single calls give; plans choose."""

from datetime import date, datetime, timedelta, timezone

import pytest

from engine.feel import compile_expression, compile_unary_tests
from engine.feel.dmn import load
from engine.feel.sql import (
    BatchError,
    DecisionBatch,
    Dialect,
    ExpressionBatch,
    UnaryTestsBatch,
    columns_of,
    plan_decision,
    plan_expression,
    plan_unary_tests,
)
from tests.unit.feel.dmn_builder import decision, definitions, table

COLUMNS = columns_of({"name": "string", "income": "number(9,2)", "applicant": {"age": "integer"}})


def test_a_batch_gives_what_single_calls_give() -> None:
    """Repeated rows included; more rows than are looked at to decide about remembering."""
    expression = compile_expression("a * 2 + b")
    batch: dict[str, list[int | None]] = {
        "a": [i % 7 for i in range(3000)],
        "b": [None if i % 5 == 0 else i for i in range(3000)],
        "c": [0] * 3000,
    }
    rows = [{"a": a, "b": b} for a, b in zip(batch["a"], batch["b"], strict=True)]
    assert ExpressionBatch(expression)(batch) == [expression(row) for row in rows]


def test_equal_instants_of_different_zones_are_not_mixed_up() -> None:
    """They have different texts."""
    shanghai = timezone(timedelta(hours=8))
    moments = [datetime(2026, 1, 5, 1, tzinfo=timezone.utc), datetime(2026, 1, 5, 9, tzinfo=shanghai)]  # noqa: UP017
    assert ExpressionBatch(compile_expression("string(at)"))({"at": moments}) == [
        "2026-01-05T01:00:00Z",
        "2026-01-05T09:00:00+08:00",
    ]
    assert ExpressionBatch(compile_expression("x = true"))({"x": [True, 1]}) == [True, None]


def test_entries_of_contexts_are_columns_with_dots() -> None:
    """As in the schema."""
    run = plan_expression('applicant.age >= 18 and matches(name, "^A")', COLUMNS, Dialect.DUCKDB).batch
    assert run({"applicant.age": [20, 10, None], "name": ["Ann", "Ann", "Ann"]}) == [True, False, None]


def test_lists_may_be_values_of_a_batch() -> None:
    """They are never remembered."""
    assert ExpressionBatch(compile_expression("count(x)"))({"x": [[1], [1, 2]]}) == [1, 2]


def test_cells_and_decisions_have_batches() -> None:
    """With the rule that matched."""
    assert UnaryTestsBatch(compile_unary_tests("< limit"), "n")({"n": [1, 5], "limit": [3, 3]}) == [True, False]
    model = load(definitions(decision("out", table(["n"], [(["< 3"], ['"a"']), ([">= 3"], ['"b"'])]))))
    results = DecisionBatch(model, "out")({"n": [1, 5]})
    assert [(one.value, one.matched) for one in results] == [("a", (1,)), ("b", (2,))]


def test_a_plan_has_sql_or_a_reason_and_always_a_batch() -> None:
    """For expressions, cells and decisions."""
    good, bad = (plan_expression(text, COLUMNS, Dialect.POSTGRES) for text in ("income < 5", "trim(name) = name"))
    assert (good.translation is None, good.refusal) == (False, None)
    assert bad.translation is None
    assert bad.refusal is not None
    assert bad.refusal.construct == "trim()"
    assert bad.batch({"name": [" a", "a"]}) == [False, True]
    cell = plan_unary_tests('matches(?, "^a")', "name", COLUMNS, Dialect.DUCKDB)
    assert (cell.translation, cell.batch({"name": ["a", "b"]})) == (None, [True, False])
    model = load(definitions(decision("out", table(["trim(name)"], [(['"a"'], ["1"])]))))
    decided = plan_decision(model, "out", COLUMNS, Dialect.DUCKDB)
    assert decided.translation is None
    assert [one.value for one in decided.batch({"name": [" a", "b"]})] == [1, None]


def test_a_wrong_batch_says_what_is_wrong() -> None:
    """Columns of different lengths."""
    with pytest.raises(BatchError, match="different lengths: 1, 2"):
        ExpressionBatch(compile_expression("a + b"))({"a": [1], "b": [1, 2]})
    assert ExpressionBatch(compile_expression("1 + 1"))({"a": [date(2026, 1, 5)] * 2}) == [2, 2]
