"""The indicator library.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the tables; nothing that exists changes."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0010_indicators.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
