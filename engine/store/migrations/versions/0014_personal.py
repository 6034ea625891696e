"""What belongs to one person, and print-outs.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add choices, phrases, saved filters, what was looked at, whose notice it is, and print-outs."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0014_personal.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
