"""Types as they are written: ``number``, ``list<number>``, ``context<a: number>``, ``function<number> -> string``."""

from typing import TYPE_CHECKING

from . import tree
from .scanner import KEYWORD, NAME

if TYPE_CHECKING:
    from .parser import Parser


def parse(parser: "Parser") -> tree.Type:
    """A type; the depth of nesting counts like that of expressions."""
    parser.depth += 1
    if parser.depth > 40:
        raise parser.scanner.error("types are nested too deeply")
    try:
        return _parse(parser)
    finally:
        parser.depth -= 1


def _parse(parser: "Parser") -> tree.Type:
    name = parser.scanner.word
    if parser.scanner.kind not in {NAME, KEYWORD}:
        raise parser.unexpected("a type is expected")
    parser.scanner.advance()
    if parser.at_sign("<"):
        if name in {"list", "range"}:
            parser.scanner.advance()
            item = parse(parser)
            parser.expect_sign(">")
            return tree.ListType(item=item) if name == "list" else tree.RangeType(item=item)
        if name == "context":
            return _context(parser)
        if name == "function":
            return _function(parser)
    while parser.take_sign("."):
        name += "." + parser.scanner.word
        parser.scanner.advance()
    return tree.TypeName(name=name)


def _context(parser: "Parser") -> tree.Type:
    parser.expect_sign("<")
    entries: list[tuple[str, tree.Type]] = []
    while not parser.take_sign(">"):
        if entries:
            parser.expect_sign(",")
        name = parser.scanner.take_raw_name()
        parser.expect_sign(":")
        entries.append((name, parse(parser)))
    return tree.ContextType(entries=tuple(entries))


def _function(parser: "Parser") -> tree.Type:
    parser.expect_sign("<")
    parameters: list[tree.Type] = []
    while not parser.take_sign(">"):
        if parameters:
            parser.expect_sign(",")
        parameters.append(parse(parser))
    parser.expect_sign("->")
    return tree.FunctionType(parameters=tuple(parameters), result=parse(parser))
