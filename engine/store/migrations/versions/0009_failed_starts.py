"""Why something that is due could not be done.

Stage: pre
"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Keep the parameters of the problem, so that a case that cannot begin says why."""
    op.execute("alter table due add column problem_params jsonb default '{}' not null")
