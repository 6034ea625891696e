"""Incidents.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table of incidents; jobs that failed without retries left before get theirs."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0006_incidents.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
