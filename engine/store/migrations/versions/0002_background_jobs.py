"""The tables of procrastinate 3.10, which runs background jobs inside PostgreSQL.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply procrastinate's own schema (MIT licence, pinned copy beside this file) and let the serving role use it."""
    role = context.config.attributes["app_role"]
    here = Path(__file__)
    for name in ("0002_procrastinate_3_10.sql", "0002_grants.sql"):
        script = here.with_name(name).read_text(encoding="utf-8").replace(":app_role", role)
        op.get_bind().exec_driver_sql(script.replace("%", "%%"))
