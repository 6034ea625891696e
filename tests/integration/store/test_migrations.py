"""The schema: an upgraded database equals the typed tables, and the serving role cannot rewrite history."""

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from engine.store import migrate
from engine.store.embedded import Dsns
from engine.store.tables import Base

NOT_OURS = ("procrastinate", "trace_entry_")
"""Tables of procrastinate, and the month partitions, which the typed tables do not name."""


def test_an_upgraded_database_equals_the_typed_tables(database: Dsns) -> None:
    """Columns, types, defaults, indexes and keys agree, so that nothing works only in one of the two."""
    engine = create_engine(migrate.dialect_url(database.owner))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = [str(difference) for difference in compare_metadata(context, Base.metadata)]
    engine.dispose()
    assert [text for text in found if not any(name in text for name in NOT_OURS)] == []


def test_upgrading_twice_changes_nothing(database: Dsns) -> None:
    """The second start finds the newest revision."""
    assert migrate.upgrade(database.owner) == migrate.newest_revision()


@pytest.mark.parametrize(
    "statement",
    [
        "update trace_entry set kind = 'x'",
        "delete from trace_entry",
        "truncate trace_entry",
        "update resource set body = ''",
        "delete from process_definition",
        "update deployment set person_key = 1",
        "drop table trace_entry",
        "alter table trace_entry disable trigger all",
    ],
)
def test_the_serving_role_cannot_rewrite_history(database: Dsns, statement: str) -> None:
    """What is append-only stays so for the role that serves."""
    with (
        psycopg.connect(database.app) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement", ["update resource set body = ''", "delete from resource", "truncate resource cascade"]
)
def test_triggers_stop_the_owners_mistakes(database: Dsns, statement: str) -> None:
    """Even the owner has to disable a trigger on purpose before history changes."""
    with psycopg.connect(database.owner) as connection:
        connection.execute("insert into resource values ('d', 'b')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
