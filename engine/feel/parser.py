"""Tokens to tree: precedence climbing for operators, one function for each clause.

Ranks, weakest first: ``or``, ``and``, comparisons with ``between`` and ``in``, ``+ -``, ``* /``, ``**``,
negation, ``instance of``, then paths, filters and calls. Operators of one rank group to the left.
"""

from collections.abc import Callable, Collection, Iterable

from . import tree
from .budget import MAX_CHAIN, MAX_NESTING
from .decimals import negated
from .errors import FeelSyntaxError
from .scanner import Scanner, Token, TokenKind, declared_words, extend_words
from .words import LANGUAGE_NAMES

SIGN, NAME, KEYWORD, END = TokenKind.SIGN, TokenKind.NAME, TokenKind.KEYWORD, TokenKind.END
COMPARISONS = frozenset(["=", "!=", "<", "<=", ">", ">="])
_RANKS = {"or": 1, "and": 2, "between": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_RANKS.update(dict.fromkeys(COMPARISONS, 3))
_TAILS = frozenset([".", "[", "("])
_CLOSES_RANGE = frozenset([")", "]", "}", ",", "=", "!=", "<", "<=", ">", ">=", ".", ".."])
_CLOSES_RANGE_WORDS = frozenset(["and", "or", "then", "else", "return", "satisfies", "in", "between", "instance"])


class Parser:
    """One use for one text."""

    def __init__(self, text: str, names: Collection[str] = ()) -> None:
        self.scanner = Scanner(text, declared_words(names, LANGUAGE_NAMES))
        self.depth = 0
        self.uses_input = False
        self.in_range_end = False

    # ---- tokens

    @property
    def token(self) -> Token:
        return self.scanner.token

    def at_sign(self, *signs: str) -> bool:
        token = self.scanner.token
        return token.kind is SIGN and token.text in signs

    def at_word(self, word: str) -> bool:
        token = self.scanner.token
        return token.kind is KEYWORD and token.text == word

    def take_sign(self, sign: str) -> bool:
        """Step over the sign if it is there."""
        if self.at_sign(sign):
            self.scanner.advance()
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
        token = self.scanner.token
        found = "the end" if token.kind is END else f"`{self.scanner.text[token.start : token.end][:40]}`"
        return self.scanner.error(f"{wanted}, found {found}")

    def declare(self, names: Iterable[str]) -> None:
        """From the next token on these names are known."""
        self.scanner.words = extend_words(self.scanner.words, names)

    # ---- operators

    def expression(self) -> tree.Node:
        """A whole expression."""
        return self.nested(lambda: self.operators(1))

    def nested(self, parse: Callable[[], tree.Node], *, in_range_end: bool = False) -> tree.Node:
        """Parse one level further down, where a range end of the level above does not reach."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.scanner.error(f"more than {MAX_NESTING} levels inside each other")
        saved, self.in_range_end = self.in_range_end, in_range_end
        try:
            return parse()
        finally:
            self.depth -= 1
            self.in_range_end = saved

    def operators(self, lowest: int) -> tree.Node:
        """Operands joined by operators of at least this rank."""
        left = self.unary()
        for _ in range(MAX_CHAIN):
            token = self.scanner.token
            rank = _RANKS.get(token.text, 0) if token.kind is SIGN or token.kind is KEYWORD else 0
            if rank < lowest or not rank:
                return left
            left = self._join(left, token, rank)
        raise self.scanner.error(f"more than {MAX_CHAIN} operators in a row")

    def _join(self, left: tree.Node, token: Token, rank: int) -> tree.Node:
        word = token.text
        if rank <= 2:
            return self._chain(left, word, rank)
        self.scanner.advance()
        if word == "between":
            low = self.operators(4)
            self.expect_word("and")
            return tree.Between(value=left, low=low, high=self.operators(4), at=token.start)
        if word == "in":
            return tree.In(value=left, tests=self._in_tests(), at=token.start)
        right = self.operators(rank + 1)
        kind = tree.Comparison if rank == 3 else tree.Arithmetic
        return kind(operator=word, left=left, right=right, at=token.start)

    def _chain(self, first: tree.Node, word: str, rank: int) -> tree.Node:
        """All operands of a row of `and` or of `or`: a long row is not a deep tree."""
        start = self.token.start
        terms = [first]
        while self.at_word(word):
            self.scanner.advance()
            terms.append(self.operators(rank + 1))
        return (tree.And if word == "and" else tree.Or)(terms=tuple(terms), at=start)

    def unary(self) -> tree.Node:
        """An operand with its minus signs and `instance of`."""
        token = self.scanner.token
        start = token.start
        if token.kind is SIGN and token.text == "-":
            self.scanner.advance()
            operand = self.nested(self.unary, in_range_end=self.in_range_end)
            if isinstance(operand, tree.NumberLiteral):
                return tree.NumberLiteral(value=negated(operand.value), at=start)
            return tree.Negation(operand=operand, at=start)
        value = self.postfix()
        while self.at_word("instance"):
            self.scanner.advance()
            self.expect_word("of")
            value = tree.InstanceOf(value=value, type=self.type(), at=start)
        return value

    def postfix(self) -> tree.Node:
        """A primary with paths, filters and calls."""
        node = self.primary()
        for _ in range(MAX_CHAIN):
            token = self.scanner.token
            if token.kind is not SIGN or token.text not in _TAILS:
                return node
            if token.text == "(":
                node = self._call(node)
            elif token.text == ".":
                self.scanner.advance()
                node = tree.Path(source=node, name=self._member(), at=token.start)
            elif self.in_range_end and self._bracket_closes_range():
                return node
            else:
                self.scanner.advance()
                condition = self.expression()
                self.expect_sign("]")
                node = tree.Filter(source=node, condition=condition, at=token.start)
        raise self.scanner.error(f"more than {MAX_CHAIN} steps in a row")

    def _member(self) -> str:
        token = self.token
        if token.kind is not NAME and token.kind is not KEYWORD:
            raise self.unexpected("a name is expected after `.`")
        self.scanner.advance()
        return token.text

    def _bracket_closes_range(self) -> bool:
        """In ``]1..x[`` the last bracket is no filter: nothing follows that could begin an expression."""
        after = self.scanner.peek()
        if after.kind is SIGN:
            return after.text in _CLOSES_RANGE
        return after.kind is END or (after.kind is KEYWORD and after.text in _CLOSES_RANGE_WORDS)

    def _call(self, function: tree.Node) -> tree.Node:
        start = function.at
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
        if self.token.kind not in {NAME, KEYWORD}:
            return False
        raw = self.scanner.raw_name()
        return raw is not None and self.scanner.text[self.token.start + len(raw) :].lstrip()[:1] == ":"

    def _named_argument(self) -> tuple[str, tree.Node]:
        name = self.scanner.take_raw_name()
        self.expect_sign(":")
        return name, self.expression()

    # ---- tests

    def _in_tests(self) -> tuple[tree.Test, ...]:
        """What stands right of `in`: one test, or several in brackets."""
        if not self.at_sign("("):
            return (self.test(inline=True),)
        start = self.token
        self.scanner.advance()
        tests = [self.test()]
        if not self.at_sign(".."):
            while self.take_sign(","):
                tests.append(self.test())
            self.expect_sign(")")
            if not self.at_sign(".", "[", "("):
                return tuple(tests)
        self.scanner.token = start
        return (self.test(inline=True),)

    def test(self, *, inline: bool = False) -> tree.Test:
        """A positive unary test. inline: right of `in` without brackets, where `and` does not belong to it."""
        token = self.token
        if token.kind is SIGN and token.text in COMPARISONS:
            self.scanner.advance()
            return tree.ComparisonTest(operator=token.text, operand=self.operators(4), at=token.start)
        saved, self.uses_input = self.uses_input, False
        expression = self.operators(4) if inline else self.expression()
        used = self.uses_input
        self.uses_input = saved or used
        return tree.ExpressionTest(expression=expression, uses_input=used, at=token.start)

    def unary_tests(self) -> tree.UnaryTestsNode:
        """A whole cell."""
        if self.token.kind is END:
            return tree.UnaryTestsNode(negated=False, tests=())
        if self.at_sign("-") and self.scanner.peek().kind is END:
            self.scanner.advance()
            return tree.UnaryTestsNode(negated=False, tests=())
        if self.token.kind is NAME and self.token.text == "not" and self.scanner.peek().text == "(":
            start = self.token
            self.scanner.advance()
            self.scanner.advance()
            tests = self._tests()
            if self.take_sign(")") and self.token.kind is END:
                return tree.UnaryTestsNode(negated=True, tests=tests)
            self.scanner.token = start
        return tree.UnaryTestsNode(negated=False, tests=self._tests())

    def _tests(self) -> tuple[tree.Test, ...]:
        tests = [self.test()]
        while self.take_sign(","):
            tests.append(self.test())
        return tuple(tests)

    # ---- the rest lives in clauses.py and type_names.py

    def primary(self) -> tree.Node:
        """An operand without its tail."""
        return clauses.primary(self)

    def type(self) -> tree.Type:
        """A type after `instance of` or after a parameter."""
        return type_names.parse(self)

    def finish(self) -> None:
        """Nothing may be left."""
        if self.token.kind is not END:
            raise self.unexpected("the end is expected")


def parse_expression(text: str, names: Collection[str] = ()) -> tree.Node:
    """The tree of an expression; `names` are those declared names that hold spaces or signs (others do no harm)."""
    parser = Parser(text, names)
    node = parser.expression()
    parser.finish()
    return node


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
