"""Alembic migrations: forward only, each marked `pre` or `post` deployment."""
