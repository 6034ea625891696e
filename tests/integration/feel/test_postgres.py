"""Generated expressions over generated rows: PostgreSQL gives what the closures give, null for null."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.sql import Dialect
from engine.store.embedded import Dsns
from tests.conftest import fresh_database
from tests.rules import EDGE_ROWS, EDGES, KINDS, ROWS, SQL_TYPES, Fetch, compare, expressions, sql_value
from tests.tables import compare_table, tables

GENERATED = [kind for kind, one in KINDS.items() if one.shapes and kind not in {"seen", "i"}]


@pytest.fixture(scope="module")
def fetch(cluster: Dsns) -> Iterator[Fetch]:
    """Runs SELECT over rows in a temporary table, in their order."""
    for dsns in fresh_database(cluster, "template1"):
        with psycopg.connect(dsns.owner, autocommit=True) as connection:
            connection.execute("SET TimeZone = 'Asia/Shanghai'")  # a zone of the session must not matter
            columns = ", ".join(f'"{name}" {kind}' for name, kind in SQL_TYPES.items())
            connection.execute(f'CREATE TEMPORARY TABLE rows ("#" INTEGER, {columns})'.encode())
            yield _fetching(connection)


def _fetching(connection: psycopg.Connection) -> Fetch:
    marks = ", ".join(["%s", *(f"%s::{kind.removesuffix(' NOT NULL')}" for kind in SQL_TYPES.values())])

    def fetch(items: str, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        connection.execute("DELETE FROM rows")
        values = [
            one for place, row in enumerate(rows) for one in (place, *(sql_value(row[name]) for name in SQL_TYPES))
        ]
        connection.execute(f"INSERT INTO rows VALUES {', '.join(f'({marks})' for _ in rows)}".encode(), values)
        return connection.execute(f'SELECT {items} FROM rows ORDER BY "#"'.encode()).fetchall()

    return fetch


@pytest.mark.parametrize("kind", GENERATED)
def test_postgresql_gives_what_the_closures_give(fetch: Fetch, kind: str) -> None:
    """Zero differences, and at least three in four of the generated texts are translated at all."""
    outcomes: list[bool] = []

    @settings(max_examples=300 if kind == "b" else 80, deadline=None)
    @given(expressions(kind), st.lists(ROWS, min_size=1, max_size=4))
    def run(text: str, rows: list[dict[str, Any]]) -> None:
        outcomes.append(compare(text, rows, Dialect.POSTGRES, fetch))

    run()
    assert sum(outcomes) > 0.75 * len(outcomes)


def test_postgresql_gives_what_decision_tables_give(fetch: Fetch) -> None:
    """All hit policies: values, rule and error; at least three in four of the generated tables are translated."""
    outcomes: list[bool] = []

    @settings(max_examples=150, deadline=None)
    @given(tables(), st.lists(ROWS, min_size=1, max_size=6))
    def run(xml: bytes, rows: list[dict[str, Any]]) -> None:
        outcomes.append(compare_table(xml, rows, Dialect.POSTGRES, fetch))

    run()
    assert sum(outcomes) > 0.75 * len(outcomes)


def test_postgresql_gives_the_same_at_the_ends_of_the_calendar_and_for_ties(fetch: Fetch) -> None:
    """Years before 1 and after 9999, leap days, halves."""
    assert all(compare(text, EDGE_ROWS, Dialect.POSTGRES, fetch) for text in EDGES)
