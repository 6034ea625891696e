"""DuckDB in memory, for one module of tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from tests.rules import SQL_TYPES, Fetch, sql_value


@contextmanager
def duck() -> Iterator[Fetch]:
    """Runs SELECT over rows in a table, in their order. Loads no extension from outside."""
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "threads": "1"}) as connection:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")  # a zone of the session must not matter
        columns = ", ".join(f'"{name}" {kind}' for name, kind in SQL_TYPES.items())
        connection.execute(f'CREATE TABLE rows ("#" INTEGER, {columns})')

        def fetch(items: str, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
            connection.execute("DELETE FROM rows")
            marks = ", ".join("(" + ", ".join("?" * (len(SQL_TYPES) + 1)) + ")" for _ in rows)
            values = [
                one for place, row in enumerate(rows) for one in (place, *(sql_value(row[name]) for name in SQL_TYPES))
            ]
            connection.execute(f"INSERT INTO rows VALUES {marks}", values)
            return connection.execute(f'SELECT {items} FROM rows ORDER BY "#"').fetchall()

        yield fetch
