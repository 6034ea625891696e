"""What the caller asks: an expression or a cell, columns and a dialect; what it gets: sqlglot trees."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlglot import exp

from ..expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from ..values import Kind
from . import arithmetic, comparisons, functions, logic, membership, temporal  # noqa: F401  # they register their rules
from .dialects import Dialect
from .fragment import Fragment
from .membership import cell
from .numbers import plain_number
from .refusal import NotTranslatable, refuse
from .schema import Columns
from .translator import Translator

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A text in SQL.

    value: the tree with exactly the values of the closure; a days and time duration is a number of `unit`s, a years
    and months duration a number of months. truth: for conditions, a tree that is true exactly where the closure is,
    and false or null elsewhere: for WHERE. kind: of the value where it is not null.
    """

    dialect: Dialect
    kind: Kind
    value: exp.Expr
    truth: exp.Expr
    unit: str = ""

    @property
    def is_condition(self) -> bool:
        """Whether `truth` says anything."""
        return self.kind is Kind.BOOLEAN

    def sql(self) -> str:
        """The value, in the dialect."""
        return render(self.value, self.dialect)

    def where(self) -> str:
        """The condition for WHERE, in the dialect."""
        return render(self.truth, self.dialect)


def render(sql: exp.Expr, dialect: Dialect) -> str:
    """The text of a tree."""
    try:
        return sql.sql(dialect=dialect.value)
    except RecursionError:
        raise refuse("nesting", "the SQL would be nested too deeply") from None


def translate_expression(
    text: str | Expression, columns: Columns, dialect: Dialect, *, now: datetime | None = None
) -> Translation:
    """An expression in SQL. now: what `now()` and `today()` stand for; they become literals.

    Raises FeelSyntaxError for a text that is wrong, NotTranslatable for one that has no certain SQL.
    """
    source = compile_expression(text, names=names_of(columns)) if isinstance(text, str) else text

    def build() -> Translation:
        translator = Translator(dialect, columns, now=now)
        value = plain_number(translator, translator.value(source.tree), at=source.tree.at)
        truth = translator.truth(source.tree)
        return _made(dialect, value, truth)

    return located(source.text, build)


def translate_unary_tests(
    text: str | UnaryTests, value: str, columns: Columns, dialect: Dialect, *, now: datetime | None = None
) -> Translation:
    """A cell about the value of an expression (mostly a column), in SQL. Raises as `translate_expression`."""
    tests = compile_unary_tests(text, names=names_of(columns)) if isinstance(text, str) else text
    tested = compile_expression(value, names=names_of(columns))
    translator = Translator(dialect, columns, now=now)
    fragment = located(value, lambda: translator.value(tested.tree))

    def build() -> Translation:
        exact = cell(translator, fragment, tests.tree, truth=False)
        return _made(dialect, exact, cell(translator, fragment, tests.tree, truth=True).expr())

    return located(tests.text, build)


def names_of(columns: Columns) -> frozenset[str]:
    """The names that a text may use. Entries of contexts count, so that their names may hold spaces."""
    return columns.roots | {part for name in columns for part in name.split(".")}


def _made(dialect: Dialect, value: Fragment, truth: exp.Expr) -> Translation:
    unit = value.unit if value.kind is Kind.DAYS else "month" if value.kind is Kind.MONTHS else ""
    return Translation(dialect=dialect, kind=value.kind, value=value.expr(), truth=truth, unit=unit)


def located(text: str, build: Callable[[], ResultT]) -> ResultT:
    """Run, and say in which text the refused construct stands."""
    try:
        return build()
    except NotTranslatable as error:
        if error.refusal.text:
            raise
        raise NotTranslatable(replace(error.refusal, text=text)) from None
    except RecursionError:
        raise refuse("nesting", "the SQL would be nested too deeply") from None
