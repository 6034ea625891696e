"""Verbs of approval: added signers, ways straight back, copies, urging.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0013"
down_revision = "0011"


def upgrade() -> None:
    """Add the tables; nothing that exists changes."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0013_approval.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
