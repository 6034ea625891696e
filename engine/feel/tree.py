"""The syntax tree of FEEL. Two trees are equal when they mean the same text; offsets (`at`) do not count."""

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import TypeAlias, TypeVar, dataclass_transform

ClassT = TypeVar("ClassT")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def node(cls: type[ClassT]) -> type[ClassT]:
    """A frozen dataclass to the type checker. Not at run time: that would double the cost of parsing."""
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(cls)


@node
class Node:
    """at: offset of the first character in the text."""

    at: int = field(default=0, compare=False, repr=False)


@node
class NumberLiteral(Node):
    value: int | Decimal


@node
class StringLiteral(Node):
    value: str


@node
class BooleanLiteral(Node):
    value: bool


@node
class NullLiteral(Node):
    pass


@node
class AtLiteral(Node):
    """``@"2026-01-05"``: a date, time, date and time or duration; null when the text is none of them."""

    text: str


@node
class Name(Node):
    name: str


@node
class Path(Node):
    source: Node
    name: str


@node
class Filter(Node):
    source: Node
    condition: Node


@node
class And(Node):
    terms: tuple[Node, ...]


@node
class Or(Node):
    terms: tuple[Node, ...]


@node
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@node
class Between(Node):
    value: Node
    low: Node
    high: Node


@node
class In(Node):
    value: Node
    tests: "tuple[Test, ...]"


@node
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@node
class Negation(Node):
    operand: Node


@node
class InstanceOf(Node):
    value: Node
    type: "Type"


@node
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@node
class Iterator(Node):
    """``name in source`` or ``name in source..end``."""

    name: str
    source: Node
    end: Node | None = None


@node
class For(Node):
    iterators: tuple[Iterator, ...]
    body: Node


@node
class Quantified(Node):
    """every: whether the word was `every` and not `some`."""

    every: bool
    iterators: tuple[Iterator, ...]
    body: Node


@node
class ListLiteral(Node):
    items: tuple[Node, ...]


@node
class ContextLiteral(Node):
    entries: tuple[tuple[str, Node], ...]


@node
class FunctionLiteral(Node):
    parameters: "tuple[tuple[str, Type | None], ...]"
    body: Node
    external: bool = False


@node
class Call(Node):
    function: Node
    arguments: tuple[Node, ...]


@node
class NamedCall(Node):
    function: Node
    arguments: tuple[tuple[str, Node], ...]


@node
class RangeLiteral(Node):
    low_closed: bool
    low: Node
    high: Node
    high_closed: bool


@node
class UnaryRange(Node):
    """``(< 5)`` as a value."""

    operator: str
    operand: Node


@node
class ComparisonTest(Node):
    """``< 5`` in a cell or after `in`."""

    operator: str
    operand: Node


@node
class ExpressionTest(Node):
    """An expression in a cell or after `in`. uses_input: whether ``?`` occurs in it."""

    expression: Node
    uses_input: bool


Test: TypeAlias = ComparisonTest | ExpressionTest


@node
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


def children(node: Node) -> list[Node]:
    """The nodes directly inside a node."""
    cls = node.__class__
    if cls not in _INNER:
        _INNER[cls] = tuple(one.name for one in fields(cls) if one.type not in _PLAIN)
    found: list[Node] = []
    for name in _INNER[cls]:
        value = getattr(node, name)
        if value.__class__ is tuple:
            _add_nodes(value, found)
        elif isinstance(value, Node):
            found.append(value)
    return found


_PLAIN: frozenset[object] = frozenset([int, str, bool])
_INNER: dict[type[Node], tuple[str, ...]] = {}
"""The fields of each class that may hold nodes, found out when they are first asked for."""


def _add_nodes(items: tuple[object, ...], found: list[Node]) -> None:
    """The nodes of a tuple, also those in pairs with a name."""
    for item in items:
        if isinstance(item, Node):
            found.append(item)
        elif isinstance(item, tuple):
            _add_nodes(item, found)
