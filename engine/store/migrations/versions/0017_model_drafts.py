"""Drafts of models and their versions.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the tables of drafts and of their versions."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0017_model_drafts.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
