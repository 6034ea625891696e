"""Generated expressions over generated rows: DuckDB gives what the closures give, null for null."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.sql import Dialect
from tests.rules import EDGE_ROWS, EDGES, KINDS, ROWS, compare, expressions
from tests.tables import compare_table, tables
from tests.unit.feel.sql.duck import duck

GENERATED = [kind for kind, one in KINDS.items() if one.shapes and kind not in {"seen", "i"}]


@pytest.mark.parametrize("kind", GENERATED)
def test_duckdb_gives_what_the_closures_give(kind: str) -> None:
    """Zero differences, and at least three in four of the generated texts are translated at all."""
    outcomes: list[bool] = []
    with duck() as fetch:

        @settings(max_examples=400 if kind == "b" else 120, deadline=None)
        @given(expressions(kind), st.lists(ROWS, min_size=1, max_size=4))
        def run(text: str, rows: list[dict[str, Any]]) -> None:
            outcomes.append(compare(text, rows, Dialect.DUCKDB, fetch))

        run()
    assert sum(outcomes) > 0.75 * len(outcomes)


def test_duckdb_gives_what_decision_tables_give() -> None:
    """All hit policies: values, rule and error; at least three in four of the generated tables are translated."""
    outcomes: list[bool] = []
    with duck() as fetch:

        @settings(max_examples=250, deadline=None)
        @given(tables(), st.lists(ROWS, min_size=1, max_size=6))
        def run(xml: bytes, rows: list[dict[str, Any]]) -> None:
            outcomes.append(compare_table(xml, rows, Dialect.DUCKDB, fetch))

        run()
    assert sum(outcomes) > 0.75 * len(outcomes)


def test_duckdb_gives_the_same_at_the_ends_of_the_calendar_and_for_ties() -> None:
    """Years before 1 and after 9999, leap days, halves."""
    with duck() as fetch:
        assert all(compare(text, EDGE_ROWS, Dialect.DUCKDB, fetch) for text in EDGES)
