"""The syntax tree of FEEL. Two trees are equal when they mean the same text; offsets (`at`) do not count."""

from collections.abc import Iterator as Iterates
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """at: offset of the first character in the text."""

    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLiteral(Node):
    value: int | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StringLiteral(Node):
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BooleanLiteral(Node):
    value: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NullLiteral(Node):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLiteral(Node):
    """``@"2026-01-05"``: a date, time, date and time or duration; null when the text is none of them."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(Node):
    source: Node
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Node):
    source: Node
    condition: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class And(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class In(Node):
    value: Node
    tests: "tuple[Test, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation(Node):
    operand: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceOf(Node):
    value: Node
    type: "Type"


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterator(Node):
    """``name in source`` or ``name in source..end``."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class For(Node):
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantified(Node):
    """every: whether the word was `every` and not `some`."""

    every: bool
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLiteral(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextLiteral(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionLiteral(Node):
    parameters: "tuple[tuple[str, Type | None], ...]"
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    function: Node
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCall(Node):
    function: Node
    arguments: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeLiteral(Node):
    low_closed: bool
    low: Node
    high: Node
    high_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryRange(Node):
    """``(< 5)`` as a value."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonTest(Node):
    """``< 5`` in a cell or after `in`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionTest(Node):
    """An expression in a cell or after `in`. uses_input: whether ``?`` occurs in it."""

    expression: Node
    uses_input: bool


Test: TypeAlias = ComparisonTest | ExpressionTest


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryTestsNode(Node):
    """A cell. No tests at all: ``-``, which everything passes."""

    negated: bool
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeName:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListType:
    item: "Type"


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeType:
    item: "Type"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextType:
    entries: "tuple[tuple[str, Type], ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionType:
    parameters: "tuple[Type, ...]"
    result: "Type"


Type: TypeAlias = TypeName | ListType | RangeType | ContextType | FunctionType


LEAVES: frozenset[type[Node]] = frozenset([NumberLiteral, StringLiteral, BooleanLiteral, NullLiteral, AtLiteral, Name])


def children(node: Node) -> Iterates[Node]:
    """The nodes directly inside a node."""
    cls = node.__class__
    if cls not in _INNER:
        _INNER[cls] = tuple(one.name for one in fields(cls) if one.type not in _PLAIN)
    for name in _INNER[cls]:
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from _nodes(value)


_PLAIN: frozenset[object] = frozenset([int, str, bool])
_INNER: dict[type[Node], tuple[str, ...]] = {}
"""The fields of each class that may hold nodes, found out when they are first asked for."""


def _nodes(items: tuple[object, ...]) -> Iterates[Node]:
    """The nodes of a tuple, also those in pairs with a name."""
    for item in items:
        if isinstance(item, Node):
            yield item
        elif isinstance(item, tuple):
            yield from _nodes(item)
