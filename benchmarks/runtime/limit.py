"""(d) The limit: exactly the statements of (b) with their parameters, prepared, on a bare psycopg connection.

They are replayed on a copy of the database from before (b), so they do the same work; what remains of the difference
is what our Python costs.
"""

import time
from typing import Any

import psycopg

from benchmarks.runtime.house import House
from benchmarks.runtime.service_layer import COMMIT, Statement, Taken


def replay(house: House, before: str, statements: list[list[Statement]]) -> Taken:
    """Each completion's statements, measured."""
    taken = Taken()
    with psycopg.connect(house.app(before), options="-c TimeZone=UTC") as connection:
        cursor: psycopg.Cursor[Any] = connection.cursor()
        for completion in statements:
            began, cpu = time.perf_counter(), time.process_time()
            for query, parameters in completion:
                if query == COMMIT:
                    connection.commit()
                    continue
                cursor.execute(query, parameters, prepare=True)
                if cursor.description is not None:
                    cursor.fetchall()
            taken.wall.append(time.perf_counter() - began)
            taken.cpu.append(time.process_time() - cpu)
    return taken
