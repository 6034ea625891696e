"""The operands: literals, brackets, lists, ranges, contexts, and the clauses that begin with a word."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import tree
from .scanner import STRING

if TYPE_CHECKING:
    from .parser import Parser

_RANGE_SIGNS = frozenset(["<", "<=", ">", ">=", "=", "!="])


def _true(_: "Parser", start: int) -> tree.Node:
    return tree.BooleanLiteral(value=True, at=start)


def _false(_: "Parser", start: int) -> tree.Node:
    return tree.BooleanLiteral(value=False, at=start)


def _null(_: "Parser", start: int) -> tree.Node:
    return tree.NullLiteral(at=start)


def _if(parser: "Parser", start: int) -> tree.Node:
    condition = parser.expression()
    parser.expect_word("then")
    then = parser.expression()
    parser.expect_word("else")
    return tree.If(condition=condition, then=then, otherwise=parser.expression(), at=start)


def _iterators(parser: "Parser", word: str, extra: tuple[str, ...] = ()) -> tuple[tree.Iterator, ...]:
    """The iterators up to a word; each may use the names of those before it."""
    result: list[tree.Iterator] = []
    while True:
        start = parser.scanner.start
        name = parser.scanner.take_iterator_name()
        parser.expect_word("in")
        source = parser.expression()
        end = parser.expression() if parser.take_sign("..") else None
        result.append(tree.Iterator(name=name, source=source, end=end, at=start))
        parser.declare([name, *extra])
        if not parser.take_sign(","):
            break
    parser.expect_word(word)
    return tuple(result)


def _for(parser: "Parser", start: int) -> tree.Node:
    words = parser.scanner.words
    iterators = _iterators(parser, "return", ("partial",))
    body = parser.expression()
    parser.scanner.words = words
    return tree.For(iterators=iterators, body=body, at=start)


def _quantified(parser: "Parser", start: int, *, every: bool) -> tree.Node:
    words = parser.scanner.words
    iterators = _iterators(parser, "satisfies")
    body = parser.expression()
    parser.scanner.words = words
    return tree.Quantified(every=every, iterators=iterators, body=body, at=start)


def _some(parser: "Parser", start: int) -> tree.Node:
    return _quantified(parser, start, every=False)


def _every(parser: "Parser", start: int) -> tree.Node:
    return _quantified(parser, start, every=True)


def _function(parser: "Parser", start: int) -> tree.Node:
    words = parser.scanner.words
    parser.expect_sign("(")
    parameters: list[tuple[str, tree.Type | None]] = []
    while not parser.at_sign(")"):
        if parameters:
            parser.expect_sign(",")
        name = parser.scanner.take_raw_name()
        parameters.append((name, parser.type() if parser.take_sign(":") else None))
    parser.declare(name for name, _ in parameters)
    parser.expect_sign(")")
    external = parser.at_word("external")
    if external:
        parser.scanner.advance()
    body = parser.expression()
    parser.scanner.words = words
    return tree.FunctionLiteral(parameters=tuple(parameters), body=body, external=external, at=start)


def _at(parser: "Parser", start: int) -> tree.Node:
    if parser.scanner.kind is not STRING:
        raise parser.unexpected("a string is expected after `@`")
    text = parser.scanner.word
    parser.scanner.advance()
    return tree.AtLiteral(text=text, at=start)


def _bracket(parser: "Parser", start: int) -> tree.Node:
    """``( … )``: a bracketed expression, a range with an open start, or a unary range."""
    if parser.at_sign(*_RANGE_SIGNS):
        node = _unary_range(parser)
        parser.expect_sign(")")
        return node
    inner = parser.expression()
    if parser.at_sign(".."):
        return _range_end(parser, inner, start, low_closed=False)
    parser.expect_sign(")")
    return inner


def _unary_range(parser: "Parser") -> tree.Node:
    sign, start = parser.scanner.word, parser.scanner.start
    parser.scanner.advance()
    return tree.UnaryRange(operator=sign, operand=parser.nested(4), at=start)


def _square(parser: "Parser", start: int) -> tree.Node:
    """``[ … ]``: a list, or a range with a closed start."""
    if parser.take_sign("]"):
        return tree.ListLiteral(items=(), at=start)
    items = [_list_item(parser)]
    if parser.at_sign(".."):
        return _range_end(parser, items[0], start, low_closed=True)
    while parser.take_sign(","):
        items.append(_list_item(parser))
    parser.expect_sign("]")
    return tree.ListLiteral(items=tuple(items), at=start)


def _list_item(parser: "Parser") -> tree.Node:
    return _unary_range(parser) if parser.at_sign(*_RANGE_SIGNS) else parser.expression()


def _open_square(parser: "Parser", start: int) -> tree.Node:
    """``]1 .. 5]``."""
    low = parser.nested(4)
    if not parser.at_sign(".."):
        raise parser.unexpected("`..` is expected")
    return _range_end(parser, low, start, low_closed=False)


def _range_end(parser: "Parser", low: tree.Node, start: int, *, low_closed: bool) -> tree.Node:
    parser.expect_sign("..")
    high = parser.nested(4, in_range_end=True)
    if not parser.at_sign(")", "[", "]"):
        raise parser.unexpected("the end of a range is expected")
    high_closed = parser.at_sign("]")
    parser.scanner.advance()
    return tree.RangeLiteral(low_closed=low_closed, low=low, high=high, high_closed=high_closed, at=start)


def _context(parser: "Parser", start: int) -> tree.Node:
    """Names of entries stay known after the context, for paths into it; more known names do no harm."""
    entries: list[tuple[str, tree.Node]] = []
    while not parser.at_sign("}"):
        if entries:
            parser.expect_sign(",")
        name = parser.scanner.take_raw_name()
        parser.expect_sign(":")
        entries.append((name, parser.expression()))
        parser.declare([name])
    parser.scanner.advance()
    return tree.ContextLiteral(entries=tuple(entries), at=start)


_Clause = Callable[["Parser", int], tree.Node]
CLAUSES: dict[str, _Clause] = {
    "(": _bracket,
    "[": _square,
    "]": _open_square,
    "{": _context,
    "@": _at,
    "true": _true,
    "false": _false,
    "null": _null,
    "if": _if,
    "for": _for,
    "some": _some,
    "every": _every,
    "function": _function,
}
"""By the sign or word that begins the clause."""
