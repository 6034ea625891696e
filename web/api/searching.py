"""Walking a keyset-paginated list for a search: skip, filter, fill one page, say how to go on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from engine.model.errors import Detail, Invalid
from engine.model.views import Page
from web.api.parsing import invalid
from web.api.schemas.search import SearchResult, Test
from web.api.schemas.user_tasks import TENANT

T = TypeVar("T")

MAX_ROWS_LOOKED_AT = 5_000
"""A filter that fits almost nothing ends here for now; the answer's `endCursor` goes on from there."""

_BATCH = 100


def walk(
    fetch: Callable[[str | None, int], Page[T]], keep: Callable[[T], bool], wanted: Mapping[str, Any]
) -> SearchResult:
    """One page of the rows that `keep` accepts. `fetch(cursor, limit)` reads the list in its own order.

    wanted: the loaded `page` object: limit, after, offset. The walk reads no further than it must: a batch is never
    larger than what is still missing, so that the list's own cursor is exactly the cursor of the answer.
    """
    limit, skip = wanted["limit"], wanted["offset"] or 0
    cursor: str | None = wanted["after"]
    found: list[T] = []
    looked_at = 0
    more = True
    while len(found) < limit and looked_at < MAX_ROWS_LOOKED_AT:
        page = fetch(cursor, min(_BATCH, limit - len(found) + skip))
        looked_at += len(page.rows)
        for row in page.rows:
            if not keep(row):
                continue
            if skip:
                skip -= 1
            else:
                found.append(row)
        cursor, more = page.next_cursor, page.next_cursor is not None
        if not more:
            break
    return SearchResult(
        items=tuple(found),
        page={
            "total_items": (wanted["offset"] or 0) - skip + len(found),
            "has_more": more,
            "start_cursor": None,
            "end_cursor": cursor,
        },
    )


def by_key(rows_after: Callable[[int | None, int], Sequence[T]]) -> Callable[[str | None, int], Page[T]]:
    """A list whose rows have a `key`, newest first, with its keys as cursors: `rows_after(key, limit)` reads it."""

    def page(cursor: str | None, limit: int) -> Page[T]:
        if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise Invalid("list.cursor", "this page of the list does not exist; open the list again")
        rows = rows_after(int(cursor) if cursor else None, limit + 1)
        more = len(rows) > limit > 0
        return Page(rows=tuple(rows[:limit]), next_cursor=str(rows[limit - 1].key) if more else None)  # type: ignore[attr-defined]

    return page


def matcher(conditions: Mapping[str, Test]) -> Callable[[Any], bool]:
    """A test for rows from loaded filter conditions, named like the rows' attributes; all must hold."""
    return lambda row: all(test(_text(row, name)) for name, test in conditions.items())


def _text(row: Any, name: str) -> str | None:
    value = TENANT if name == "tenant" else getattr(row, name)
    return None if value is None else str(value)


def only_order(sort: list[Mapping[str, Any]], field: str, order: str) -> None:
    """Refuse to sort otherwise than the list is kept. Raises Invalid: a wrong order that looks right is worse."""
    for item in sort:
        if item["field"] != field or item["order"].upper() != order:
            raise invalid(Detail(place="sort", code="sort", message=f"this list is sorted by {field} {order} only"))
