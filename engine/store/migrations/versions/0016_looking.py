"""Reasons for looking at cases, and the index that search goes by.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the tables; nothing that exists changes. The index fills itself when somebody searches, and by the clock."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0016_looking.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
