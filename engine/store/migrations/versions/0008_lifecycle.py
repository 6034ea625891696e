"""Cases that are suspended.

Stage: pre
"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add when a case was suspended, and an index over cases that are not over, for the pages of operators."""
    op.execute("alter table process_instance add column suspended_at timestamptz")
    op.execute(
        "create index process_instance_open_idx on process_instance (definition_key, key) where ended_at is null"
    )
