"""Keyset cursors: opaque text for the position after which a list goes on."""

import base64
import json
from datetime import datetime

from engine.model.errors import Invalid


def encode(at: datetime | None, key: int) -> str:
    """The cursor after a row, by its instant (where the list is ordered by time) and key."""
    raw = json.dumps([at.isoformat() if at else None, key])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode(cursor: str | None) -> tuple[datetime | None, int] | None:
    """The position that a cursor names; None for the first page. Raises Invalid for text we did not make."""
    if not cursor:
        return None
    try:
        at, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return (datetime.fromisoformat(at) if at else None), int(key)
    except (ValueError, TypeError) as error:
        raise no_page() from error


def no_page() -> Invalid:
    """The error for a cursor that no list of ours gave."""
    return Invalid("list.cursor", "this page of the list does not exist; open the list again")
