"""The first schema: organisation, definitions, cases, trace.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, the append-only triggers, and the grants of the serving role."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0001_house.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace(":app_role", role).replace("%", "%%"))
