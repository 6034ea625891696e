"""Tokens to tree: precedence climbing for operators, one function for each clause.

Ranks, weakest first: ``or``, ``and``, comparisons with ``between`` and ``in``, ``+ -``, ``* /``, ``**``,
negation, ``instance of``, then paths, filters and calls. Operators of one rank group to the left.
"""

import re
from collections.abc import Collection, Iterable

from . import tree
from .budget import MAX_CHAIN, MAX_NESTING, MAX_PARTS
from .decimals import negated
from .errors import FeelSyntaxError
from .scanner import END, KEYWORD, NAME, NUMBER, SIGN, STRING, Scanner, declared_words, extend_words
from .words import LANGUAGE_NAMES

_COLON = re.compile(r"\s*:")
COMPARISONS = frozenset(["=", "!=", "<", "<=", ">", ">="])
_RANKS = {"or": 1, "and": 2, "between": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_RANKS.update(dict.fromkeys(COMPARISONS, 3))
_ENDS_TEST = frozenset([",", ")"])
_NEGATION = 7
"""Above the ranks of all operators between two operands."""
_OPERATOR_KINDS = frozenset([SIGN, KEYWORD])
_TAILS = frozenset([".", "[", "(", "instance"])
_CLOSES_RANGE = frozenset([")", "]", "}", ",", "=", "!=", "<", "<=", ">", ">=", ".", ".."])
_CLOSES_RANGE_WORDS = frozenset(["and", "or", "then", "else", "return", "satisfies", "in", "between", "instance"])


class Parser:
    """One use for one text.

    names: every name that was read, with the offset of its first use. scoped: whether the text has anything that makes
    names of its own or calls functions, so that more has to be known than that.
    """

    def __init__(self, text: str, names: Collection[str] = ()) -> None:
        self.scanner = Scanner(text, declared_words(names, LANGUAGE_NAMES))
        self.depth = 0
        self.parts = 0
        self.uses_input = False
        self.names: dict[str, int] = {}
        self.scoped = False
        self.in_range_end = False

    # ---- tokens

    def at_sign(self, *signs: str) -> bool:
        return self.scanner.word in signs and self.scanner.kind is SIGN

    def at_word(self, word: str) -> bool:
        return self.scanner.word == word and self.scanner.kind is KEYWORD

    def at_end(self) -> bool:
        return self.scanner.kind is END

    def take_sign(self, sign: str) -> bool:
        """Step over the sign if it is there."""
        scanner = self.scanner
        if scanner.word == sign and scanner.kind is SIGN:
            scanner.move(scanner.end)
            return True
        return False

    def expect_sign(self, sign: str) -> None:
        if not self.take_sign(sign):
            raise self.unexpected(f"`{sign}` is expected")

    def expect_word(self, word: str) -> None:
        if not self.at_word(word):
            raise self.unexpected(f"`{word}` is expected")
        self.scanner.advance()

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        scanner = self.scanner
        found = "the end" if scanner.kind is END else f"`{scanner.text[scanner.start : scanner.end][:40]}`"
        return self.scanner.error(f"{wanted}, found {found}")

    def declare(self, names: Iterable[str]) -> None:
        """From the next token on these names are known."""
        self.scoped = True
        self.scanner.words = extend_words(self.scanner.words, names)

    # ---- operators

    def expression(self) -> tree.Node:
        """A whole expression."""
        return self.nested(1)

    def nested(self, lowest: int, *, in_range_end: bool = False) -> tree.Node:
        """`operators` one level further down, where a range end of the level above does not reach."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.scanner.error(f"more than {MAX_NESTING} levels inside each other")
        self.count_part()
        saved, self.in_range_end = self.in_range_end, in_range_end
        node = self.operators(lowest)
        self.depth -= 1  # an error ends the whole parse, so that it need not be put back
        self.in_range_end = saved
        return node

    def count_part(self) -> None:
        """A long text has not only few levels but also few parts."""
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise self.scanner.error(f"more than {MAX_PARTS} parts")

    def operators(self, lowest: int) -> tree.Node:
        """Operands joined by operators of at least this rank."""
        left = self.unary()
        scanner = self.scanner
        for _ in range(MAX_CHAIN):
            rank = _RANKS.get(scanner.word)
            if rank is None or rank < lowest or scanner.kind not in _OPERATOR_KINDS:
                return left
            left = self._join(left, scanner.word, rank)
        raise scanner.error(f"more than {MAX_CHAIN} operators in a row")

    def _join(self, left: tree.Node, word: str, rank: int) -> tree.Node:
        if rank <= 2:
            return self._chain(left, word, rank)
        start = self.scanner.start
        self.scanner.advance()
        if word == "between":
            low = self.operators(4)
            self.expect_word("and")
            return tree.Between(value=left, low=low, high=self.operators(4), at=start)
        if word == "in":
            return tree.In(value=left, tests=self._in_tests(), at=start)
        right = self.operators(rank + 1)
        kind = tree.Comparison if rank == 3 else tree.Arithmetic
        return kind(operator=word, left=left, right=right, at=start)

    def _chain(self, first: tree.Node, word: str, rank: int) -> tree.Node:
        """All operands of a row of `and` or of `or`: a long row is not a deep tree."""
        start = self.scanner.start
        terms = [first]
        while self.at_word(word):
            self.scanner.advance()
            terms.append(self.operators(rank + 1))
        return (tree.And if word == "and" else tree.Or)(terms=tuple(terms), at=start)

    def unary(self) -> tree.Node:
        """An operand with its minus signs and `instance of`."""
        scanner = self.scanner
        kind, word, start = scanner.kind, scanner.word, scanner.start
        value: tree.Node
        if kind is NAME:
            self.names.setdefault(word, start)
            if word == "?":
                self.uses_input = self.scoped = True
            scanner.move(scanner.end)
            value = tree.Name(name=word, at=start)
        elif kind is NUMBER or kind is STRING:
            value = self._literal()
        elif word == "-" and kind is SIGN:
            scanner.advance()
            operand = self.nested(_NEGATION, in_range_end=self.in_range_end)
            if isinstance(operand, tree.NumberLiteral):
                return tree.NumberLiteral(value=negated(operand.value), at=start)
            return tree.Negation(operand=operand, at=start)
        else:
            value = self._clause()
        if scanner.word not in _TAILS:
            return value
        value = self.postfix(value)
        while self.at_word("instance"):
            scanner.advance()
            self.expect_word("of")
            value = tree.InstanceOf(value=value, type=self.type(), at=start)
        return value

    def _literal(self) -> tree.NumberLiteral | tree.StringLiteral:
        scanner = self.scanner
        kind, word, start, number = scanner.kind, scanner.word, scanner.start, scanner.number
        scanner.move(scanner.end)
        if kind is NUMBER:
            return tree.NumberLiteral(value=number, at=start)
        return tree.StringLiteral(value=word, at=start)

    def _clause(self) -> tree.Node:
        """An operand that begins with a sign or a word of the language."""
        scanner = self.scanner
        clause = clauses.CLAUSES.get(scanner.word)
        if clause is None or scanner.kind is END:
            raise self.unexpected("an expression is expected")
        start = scanner.start
        scanner.move(scanner.end)
        return clause(self, start)

    def postfix(self, node: tree.Node) -> tree.Node:
        """A primary with its paths, filters and calls."""
        scanner = self.scanner
        for _ in range(MAX_CHAIN):
            word, start = scanner.word, scanner.start
            if word not in _TAILS or scanner.kind is not SIGN:
                return node
            if word == "(":
                node = self._call(node)
            elif word == ".":
                scanner.advance()
                node = tree.Path(source=node, name=self._member(), at=start)
            elif self.in_range_end and self._bracket_closes_range():
                return node
            else:
                scanner.advance()
                self.scoped = True
                condition = self.expression()
                self.expect_sign("]")
                node = tree.Filter(source=node, condition=condition, at=start)
        raise self.scanner.error(f"more than {MAX_CHAIN} steps in a row")

    def _member(self) -> str:
        kind, name = self.scanner.kind, self.scanner.word
        if kind is not NAME and kind is not KEYWORD:
            raise self.unexpected("a name is expected after `.`")
        self.scanner.advance()
        return name

    def _bracket_closes_range(self) -> bool:
        """In ``]1..x[`` the last bracket is no filter: nothing follows that could begin an expression."""
        kind, word = self.scanner.peek()
        if kind is SIGN:
            return word in _CLOSES_RANGE
        return kind is END or (kind is KEYWORD and word in _CLOSES_RANGE_WORDS)

    def _call(self, function: tree.Node) -> tree.Node:
        start = function.at
        self.scoped = True
        self.expect_sign("(")
        if self.take_sign(")"):
            return tree.Call(function=function, arguments=(), at=start)
        if self._at_named_argument():
            named = [self._named_argument()]
            while self.take_sign(","):
                named.append(self._named_argument())
            self.expect_sign(")")
            return tree.NamedCall(function=function, arguments=tuple(named), at=start)
        arguments = [self.expression()]
        while self.take_sign(","):
            arguments.append(self.expression())
        self.expect_sign(")")
        return tree.Call(function=function, arguments=tuple(arguments), at=start)

    def _at_named_argument(self) -> bool:
        scanner = self.scanner
        if scanner.kind is not NAME and scanner.kind is not KEYWORD:
            return False
        raw = scanner.raw_name()
        return raw is not None and _COLON.match(scanner.text, scanner.start + len(raw)) is not None

    def _named_argument(self) -> tuple[str, tree.Node]:
        name = self.scanner.take_raw_name()
        self.expect_sign(":")
        return name, self.expression()

    # ---- tests

    def _in_tests(self) -> tuple[tree.Test, ...]:
        """What stands right of `in`: one test, or several in brackets."""
        if not self.at_sign("("):
            return (self.test(inline=True),)
        start = self.scanner.start
        self.scanner.advance()
        tests = [self.test()]
        if not self.at_sign(".."):
            while self.take_sign(","):
                tests.append(self.test())
            self.expect_sign(")")
            if not self.at_sign(".", "[", "("):
                return tuple(tests)
        self.scanner.move(start)
        return (self.test(inline=True),)

    def test(self, *, inline: bool = False) -> tree.Test:
        """A positive unary test. inline: right of `in` without brackets, where `and` does not belong to it."""
        scanner = self.scanner
        sign, start = scanner.word, scanner.start
        if sign in COMPARISONS and scanner.kind is SIGN:
            scanner.advance()
            return tree.ComparisonTest(operator=sign, operand=self.operators(4), at=start)
        if scanner.kind is STRING or scanner.kind is NUMBER:
            self.count_part()
            literal = self._literal()
            if scanner.kind is END or (scanner.word in _ENDS_TEST and scanner.kind is SIGN):
                return tree.ExpressionTest(expression=literal, uses_input=False, at=start)
            scanner.move(start)
        saved, self.uses_input = self.uses_input, False
        expression = self.operators(4) if inline else self.expression()
        used = self.uses_input
        self.uses_input = saved or used
        return tree.ExpressionTest(expression=expression, uses_input=used, at=start)

    def unary_tests(self) -> tree.UnaryTestsNode:
        """A whole cell."""
        scanner = self.scanner
        if scanner.kind is END:
            return tree.UnaryTestsNode(negated=False, tests=())
        if self.at_sign("-") and scanner.peek()[0] is END:
            scanner.advance()
            return tree.UnaryTestsNode(negated=False, tests=())
        if scanner.word == "not" and scanner.kind is NAME and scanner.peek()[1] == "(":
            start = scanner.start
            scanner.advance()
            scanner.advance()
            tests = self._tests()
            if self.take_sign(")") and self.at_end():
                return tree.UnaryTestsNode(negated=True, tests=tests)
            scanner.move(start)
        return tree.UnaryTestsNode(negated=False, tests=self._tests())

    def _tests(self) -> tuple[tree.Test, ...]:
        tests = [self.test()]
        while self.take_sign(","):
            tests.append(self.test())
        return tuple(tests)

    # ---- the rest lives in clauses.py and type_names.py

    def type(self) -> tree.Type:
        """A type after `instance of` or after a parameter."""
        return type_names.parse(self)

    def finish(self) -> None:
        """Nothing may be left."""
        if not self.at_end():
            raise self.unexpected("the end is expected")


def parse_expression(text: str, names: Collection[str] = ()) -> tree.Node:
    """The tree of an expression; `names` are those declared names that hold spaces or signs (others do no harm)."""
    return parse_with_names(text, names)[0]


def parse_with_names(text: str, names: Collection[str] = ()) -> tuple[tree.Node, dict[str, int] | None]:
    """The tree, and all names in it with the offsets of their first use; None for the names when some are scoped."""
    parser = Parser(text, names)
    node = parser.expression()
    parser.finish()
    return node, None if parser.scoped else parser.names


def parse_unary_tests(text: str, names: Collection[str] = ()) -> tree.UnaryTestsNode:
    """The tree of a decision table cell."""
    parser = Parser(text, names)
    node = parser.unary_tests()
    parser.finish()
    return node


def parse_type(text: str, names: Collection[str] = ()) -> tree.Type:
    """The tree of a type reference such as ``list<number>``."""
    parser = Parser(text, names)
    node = parser.type()
    parser.finish()
    return node


from . import clauses, type_names  # noqa: E402  # they need Parser's type; the cycle is closed here, once
