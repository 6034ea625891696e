"""Bring a database to the newest schema. Runs as the owner role; `app` only ever gets what a migration grants."""

import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from engine.model.errors import Invalid

MIGRATION_LOCK = 7_210_190
"""Advisory lock that keeps two migrating processes apart."""

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def dialect_url(dsn: str) -> str:
    """SQLAlchemy's spelling of a ``postgresql://`` URL."""
    return dsn.replace("postgresql://", "postgresql+psycopg://", 1)


def upgrade(owner_dsn: str, *, app_role: str = "mingjing_app") -> str:
    """Apply what is missing, in one transaction, and return the revision reached.

    app_role: the role that serves; it must exist. Raises Invalid when its name is not a plain identifier.
    """
    if not _ROLE.fullmatch(app_role):
        raise Invalid("database.role_name", f"the role name {app_role!r} is not a plain lower-case identifier")
    engine = create_engine(dialect_url(owner_dsn), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            connection.execute(text("set local lock_timeout = '10s'; set local statement_timeout = '10min'"))
            command.upgrade(_config(connection, app_role), "head")
            return current_revision(connection) or ""
    finally:
        engine.dispose()


def current_revision(connection: Connection) -> str | None:
    """The revision that the database stands at; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The revision that this program expects."""
    return ScriptDirectory.from_config(_config(None, "mingjing_app")).get_current_head() or ""


def _config(connection: Connection | None, app_role: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    config.attributes["app_role"] = app_role
    return config
