"""Jobs, user tasks of called processes and loops, version tags.

Stage: pre
"""

from pathlib import Path

from alembic import context, op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table of jobs, and columns that a program of before may leave alone."""
    role = context.config.attributes["app_role"]
    script = Path(__file__).with_name("0003_jobs.sql").read_text(encoding="utf-8").replace(":app_role", role)
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
