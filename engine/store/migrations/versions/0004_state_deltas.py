"""The log of steps beside the snapshot of an instance's state.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table of deltas. What is stored already is a snapshot without any, and stays as it is."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0004_state_deltas.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
