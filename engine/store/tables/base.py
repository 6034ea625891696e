"""Column types that all tables share."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary, Sequence, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

KEY_SEQUENCE = Sequence("key_seq")
"""One bigint sequence makes all keys."""

Key = Annotated[int, mapped_column(BigInteger, primary_key=True, server_default=KEY_SEQUENCE.next_value())]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]


class Base(DeclarativeBase):
    """Base of all tables; plain `int` is bigint, `str` is text, `bytes` is bytea, `datetime` is timestamptz."""

    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads this attribute as it stands
        int: BigInteger,
        str: Text,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
    }


def reference(target: str) -> ForeignKey:
    """A foreign key that never cascades: history is never deleted along with its parent."""
    return ForeignKey(target, ondelete="RESTRICT")
