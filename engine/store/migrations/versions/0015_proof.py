"""The log over all entries, signed heads of it, rounds of verification, alarms, erasures.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the tables, and a small index over the time of entries; nothing that exists changes."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0015_proof.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
