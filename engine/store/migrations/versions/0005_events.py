"""What cases wait for: timers, messages, signals, and what was published.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add three tables; a case that an event began has nobody who started it."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0005_events.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
