"""${message}

Revision ID: ${up_revision}
Stage: pre
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Write what changes."""
    op.execute("")
