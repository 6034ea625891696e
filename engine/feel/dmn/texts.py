"""The FEEL texts of a document, compiled. A text that is wrong does not stop the rest: it is a problem of the
model, and an error of each evaluation that comes to it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from .. import tree
from ..builtins import BUILTINS
from ..compile_tests import TestClosure, compile_unary_tests
from ..compiler import Closure, Compiler
from ..errors import FeelSyntaxError
from ..lint import examine
from ..parser import parse_expression, parse_type, parse_unary_tests
from ..scanner import is_plain, normalize_name
from ..types import Resolver, no_types
from ..values import Value
from .columns import Literals, literals_of
from .run import report

_LITERALS = (tree.NumberLiteral, tree.StringLiteral, tree.BooleanLiteral)


class Compiled(NamedTuple):
    """names: those it reads. constant: its value in a tuple when the text is a literal."""

    closure: Closure
    names: frozenset[str]
    constant: tuple[Value] | None


class Texts:
    """Compiles with the names of the document. problems: what the designer should be told."""

    def __init__(self, names: frozenset[str], functions: frozenset[str]) -> None:
        self.names = names
        self.functions = functions
        self.types: Resolver = no_types
        self.instances: Resolver = no_types
        self.problems: list[str] = []
        self._types: dict[str, tree.Type | None] = {}

    def expression(self, text: str, owner: str) -> Compiled:
        """An expression; an empty text is null."""
        if not text:
            return Compiled((lambda _: None), frozenset(), (None,))
        try:
            node = parse_expression(text, self.names)
            free = self._examine(node, text, owner)
            constant = (node.value,) if isinstance(node, _LITERALS) else None
            return Compiled(self._compiler().compile_node(node), free, constant)
        except (FeelSyntaxError, RecursionError) as error:
            return Compiled(self._broken(text, owner, error), frozenset(), None)

    def tests(self, text: str, owner: str) -> TestClosure:
        """The closure of a cell."""
        return self.cell(text, owner)[0]

    def variable(self, text: str) -> str | None:
        """The name when the text is that of a variable and nothing else."""
        name = normalize_name(text)
        if name in self.names:
            return name if name not in BUILTINS and "." not in name else None
        return name if is_plain(name) and name not in BUILTINS else None

    def cell(self, text: str, owner: str) -> tuple[TestClosure, Literals | None]:
        """The closure of a cell, and the literals it compares with when it does nothing else."""
        try:
            node = parse_unary_tests(text, self.names)
            self._examine(node, text, owner)
            return compile_unary_tests(self._compiler(), node), literals_of(node)
        except (FeelSyntaxError, RecursionError) as error:
            broken = self._broken(text, owner, error)
            return (lambda _value, scope: broken(scope)), None

    def values(self, text: str, owner: str) -> tuple[Closure, ...]:
        """The closures of a list of values written as unary tests."""
        try:
            node = parse_unary_tests(text, self.names)
            compiler = self._compiler()
            return tuple(
                compiler.compile_node(test.expression) for test in node.tests if isinstance(test, tree.ExpressionTest)
            )
        except (FeelSyntaxError, RecursionError) as error:
            self._broken(text, owner, error)
            return ()

    def type(self, reference: str, owner: str) -> tree.Type | None:
        """A type reference; None for none, or for one that cannot be read. Parsed once."""
        if reference not in self._types:
            self._types[reference] = self._type(reference, owner)
        return self._types[reference]

    def _type(self, reference: str, owner: str) -> tree.Type | None:
        if ":" in reference and "<" not in reference:
            reference = reference.rpartition(":")[2]
        if not reference:
            return None
        try:
            return parse_type(reference, self.names)
        except FeelSyntaxError:
            self.problems.append(f"{owner}: the type `{reference}` cannot be read")
            return None

    def _compiler(self) -> Compiler:
        return Compiler(functions=self.functions, types=self.types, instances=self.instances)

    def _examine(self, node: tree.Node, text: str, owner: str) -> frozenset[str]:
        def note(message: str, _at: int) -> None:
            self.problems.append(f"{owner}: {message}, in `{text[:80]}`")

        return frozenset(examine(node, note, self.names))

    def _broken(self, text: str, owner: str, error: Exception) -> Callable[[object], Value]:
        reason = str(error) if isinstance(error, FeelSyntaxError) else "nested too deeply"
        message = f"{owner}: {reason}, in `{text[:80]}`"
        self.problems.append(message)

        def fail(_scope: object) -> None:
            report(message)

        return fail


def context_names(texts: Iterable[str], names: frozenset[str]) -> frozenset[str]:
    """Names with spaces that contexts in the texts define: paths in other texts may use them."""
    found: set[str] = set()
    for text in texts:
        if "{" in text:
            try:
                _collect(parse_expression(text, names), found)
            except (FeelSyntaxError, RecursionError):
                continue
    return frozenset(found)


def _collect(node: tree.Node, found: set[str]) -> None:
    if isinstance(node, tree.ContextLiteral):
        for name, value in node.entries:
            if not is_plain(name):
                found.add(name)
            _collect(value, found)
        return
    for child in tree.children(node):
        _collect(child, found)
