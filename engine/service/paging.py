"""Pages of lists, newest first: one row more is read than is shown, and says whether there is more."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from engine.model.views import Page
from engine.store import cursors

T = TypeVar("T")

MAX_LIMIT = 100
"""Rows of one page at most."""


def after(cursor: str | None) -> int | None:
    """The key after which a page begins; None for the first. Raises Invalid for text that is no cursor of ours."""
    position = cursors.decode(cursor)
    return position[1] if position else None


def by_key(row: Any) -> str:
    """The cursor after a row of a list that is ordered by key alone."""
    return cursors.encode(None, row.key)


def page(found: Sequence[Any], limit: int, show: Callable[[Any], T], cursor: Callable[[Any], str] = by_key) -> Page[T]:
    """`found` holds up to `limit` + 1 rows; the one too many is not shown."""
    shown = found[:limit]
    return Page(rows=tuple(show(row) for row in shown), next_cursor=cursor(shown[-1]) if len(found) > limit else None)
