"""Searches in Camunda's shape: filter, sort, page; answered with items and page."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate

from web.api.schemas.base import Camunda, Text

MAX_LIMIT = 1000
DEFAULT_LIMIT = 100
MAX_FROM = 10_000


class PageRequest(Camunda):
    """`after` takes the `endCursor` of the page before; `from` skips rows and is slower the larger it is."""

    limit = fields.Integer(load_default=DEFAULT_LIMIT, strict=True, validate=validate.Range(0, MAX_LIMIT))
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))
    offset = fields.Integer(
        data_key="from", load_default=0, strict=True, allow_none=True, validate=validate.Range(0, MAX_FROM)
    )


class PageResponse(Camunda):
    """`totalItems` counts what was seen; `hasMoreTotalItems` says that there is more."""

    total_items = fields.Integer(data_key="totalItems")
    has_more = fields.Boolean(data_key="hasMoreTotalItems")
    start_cursor = Text(data_key="startCursor", allow_none=True)
    end_cursor = Text(data_key="endCursor", allow_none=True)


class SortItem(Camunda):
    """One field to sort by."""

    field = fields.String(required=True)
    order = fields.String(load_default="ASC", validate=validate.OneOf(["ASC", "DESC", "asc", "desc"]))


Test = Callable[[str | None], bool]


class Match(fields.Field[Any]):
    """A value, or an object of ``$eq``, ``$neq``, ``$in``, ``$notIn``, ``$exists``, ``$like`` (``*``, ``?``).

    Loads to a function from the text of a value (None when absent) to whether it matches.
    known: the values that there are; another one is a mistake, not an empty answer. `key`: values are keys.
    """

    def __init__(self, *, known: Collection[str] | None = None, key: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._known = known
        self._is_key = key

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Test:  # noqa: ARG002
        for operand in _operands(value):
            if self._known is not None and operand not in self._known:
                raise ValidationError(f"{operand!r} is none of {', '.join(sorted(self._known))}.")
            if self._is_key and not operand.isdecimal():
                raise ValidationError(f"{operand!r} is not a key.")
        if not isinstance(value, Mapping):
            return _equal(value)
        tests = [_operator(name, operand) for name, operand in value.items()]
        return lambda found: all(test(found) for test in tests)


def _operands(value: Any) -> Iterator[str]:
    """The values that a condition compares with; patterns are none."""
    if isinstance(value, Mapping):
        for name, operand in value.items():
            if name in ("$eq", "$neq", "$in", "$notIn"):
                yield from (str(item) for item in (operand if isinstance(operand, list) else [operand]))
    elif isinstance(value, str | int):
        yield str(value)


def _equal(operand: Any) -> Test:
    if isinstance(operand, list | dict) or operand is None:
        raise ValidationError("A text or a number is needed.")
    wanted = str(operand)
    return lambda found: found == wanted


def _operator(name: str, operand: Any) -> Test:
    match name:
        case "$eq":
            return _equal(operand)
        case "$neq":
            test = _equal(operand)
            return lambda found: not test(found)
        case "$in" | "$notIn" if isinstance(operand, list):
            wanted = {str(item) for item in operand}
            return lambda found: (found in wanted) is (name == "$in")
        case "$exists" if isinstance(operand, bool):
            return lambda found: (found is not None) is operand
        case "$like" if isinstance(operand, str) and len(operand) <= 200:
            return lambda found: found is not None and like(operand, found)
    raise ValidationError(f"The operator {name} is not offered for this value.")


def like(pattern: str, text: str) -> bool:
    """Whether `text` matches `pattern`: ``*`` any characters, ``?`` one, ``\\`` takes the next as it is.

    Two positions walked once (no regular expression, so that no pattern is expensive).
    """
    tokens = _tokens(pattern)
    at = start = 0
    star: int | None = None
    position = 0
    while position < len(text):
        if at < len(tokens) and tokens[at] in (("any", ""), ("one", text[position])):
            at, position = at + 1, position + 1
        elif at < len(tokens) and tokens[at][0] == "many":
            star, start, at = at, position, at + 1
        elif star is not None:
            start += 1
            at, position = star + 1, start
        else:
            return False
    return all(kind == "many" for kind, _ in tokens[at:])


def _tokens(pattern: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            found.append(("many", ""))
        elif character == "?":
            found.append(("any", ""))
        else:
            found.append(("one", next(characters, "\\") if character == "\\" else character))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What a search found, as the response shapes read it."""

    items: tuple[Any, ...]
    page: Mapping[str, Any]
