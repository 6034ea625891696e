"""Deadlines, the working calendar, exemptions, sweeps, notices.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the tables and two indexes over what is due; nothing that exists changes."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0011_deadlines.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
