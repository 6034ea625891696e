"""The database fixtures themselves."""

import psycopg
import pytest

from engine.store.embedded import Dsns


@pytest.mark.parametrize("_round", [1, 2])
def test_every_test_gets_a_fresh_migrated_database(database: Dsns, _round: int) -> None:
    """What one test commits, the next does not see."""
    with psycopg.connect(database.owner) as connection:
        found = connection.execute("select to_regclass('trace_of_a_test'), to_regclass('process_instance')").fetchone()
        assert found == (None, "process_instance")
        connection.execute("create table trace_of_a_test (x int)")


def test_the_serving_role_owns_nothing(database: Dsns) -> None:
    """The app role can connect and cannot change the schema."""
    with psycopg.connect(database.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("create table mischief (x int)")
