"""What the SQL looks like, what is refused and where, and that every dialect can read what is written for it."""

from datetime import UTC, datetime

import pytest
import sqlglot
from sqlglot import exp

from engine.commandline.modelling import SQL_DIALECTS
from engine.feel import FeelSyntaxError, compile_expression
from engine.feel.builtins import BUILTINS
from engine.feel.sql import (
    Dialect,
    NotTranslatable,
    SchemaError,
    Translation,
    columns_of,
    translate_expression,
    translate_unary_tests,
)
from engine.feel.sql.functions import translated_functions
from scripts import sql_reference

COLUMNS = columns_of(
    {
        "income": "number(12,2)",
        "limit": "number(12,2)!",
        "members": "integer(2)",
        "unknown digits": "number",
        "household type": {"type": "string", "column": "household_type"},
        "born": "date",
        "applicant": {"age": "integer(3)", "home": {"city": "string"}},
    }
)


def _duck(text: str) -> Translation:
    return translate_expression(text, COLUMNS, Dialect.DUCKDB)


@pytest.mark.parametrize(
    ("text", "sql", "where"),
    [
        ("income <= limit", '"income" <= "limit"', '"income" <= "limit"'),
        ("limit = 5", '"limit" = 5', '"limit" = 5'),
        ('household type = "urban"', "COALESCE(\"household_type\" = 'urban', FALSE)", "\"household_type\" = 'urban'"),
        ("income != members", '"income" IS DISTINCT FROM "members"', '"income" IS DISTINCT FROM "members"'),
        ("members in (1, 2)", 'COALESCE("members" IN (1, 2), FALSE)', '"members" IN (1, 2)'),
        ("members in [1..3]", '"members" BETWEEN 1 AND 3', '"members" BETWEEN 1 AND 3'),
        ("applicant.age >= 18", '"applicant_age" >= 18', '"applicant_age" >= 18'),
        ("applicant.home.city = null", '"applicant_home_city" IS NULL', '"applicant_home_city" IS NULL'),
        ("income / 4 <= limit", '("income" * 0.25) <= "limit"', '("income" * 0.25) <= "limit"'),
        ("2 + 3 < members", '5 < "members"', '5 < "members"'),
    ],
)
def test_simple_rules_become_simple_sql(text: str, sql: str, where: str) -> None:
    """What an index can serve, a person can read."""
    made = _duck(text)
    assert (made.sql(), made.where()) == (sql, where)


@pytest.mark.parametrize(
    ("text", "construct", "line", "column"),
    [
        ('limit > 5 and matches(household type, "^A")', "matches()", 1, 15),
        ("limit > 5 and\n  income / members + 1 > 2", "division", 2, 20),
        ("[1, 2][item > limit]", "filter", 1, 7),
        ("for x in [1, 2] return x", "for", 1, 1),
        ("unknown digits * 2 > 3", "arithmetic", 1, 16),
        ("income * income * income > 1", "arithmetic", 1, 17),
        ('born + @"P1D" > today()', "clock", 1, 17),
        ("applicant", "context", 1, 1),
        ('if limit > 1 then 1 else "a"', "branches", 1, 1),
        ("{a: limit}", "context", 1, 1),
        ('contains(string: household type, match: "a")', "call with named arguments", 1, 1),
    ],
)
def test_a_refusal_names_the_construct_and_its_place(text: str, construct: str, line: int, column: int) -> None:
    """The message ends with both."""
    with pytest.raises(NotTranslatable) as caught:
        _duck(text)
    refusal = caught.value.refusal
    assert (refusal.construct, refusal.line, refusal.column) == (construct, line, column)
    assert str(caught.value).endswith(f"(line {line}, column {column})")


def test_a_name_that_is_no_column_is_refused() -> None:
    """With the schema's names it is a syntax error; of a compiled text a refusal."""
    with pytest.raises(FeelSyntaxError):
        _duck("wealth > 1")
    with pytest.raises(NotTranslatable, match="the column `wealth` is not declared"):
        translate_expression(compile_expression("wealth > 1"), COLUMNS, Dialect.DUCKDB)


def test_the_clock_becomes_a_literal() -> None:
    """The same day for all rows."""
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    made = translate_expression("born < today()", COLUMNS, Dialect.POSTGRES, now=now)
    assert made.sql() == "\"born\" < CAST('2026-01-05' AS DATE)"


def test_a_long_quotient_is_refused() -> None:
    """Two quotients that differ could be equal at 34 digits."""
    columns = columns_of({"a": "number(20,2)", "b": "number(20,2)", "c": "number(20,2)"})
    with pytest.raises(NotTranslatable, match=r"may be rounded differently|up to 34 are certain"):
        translate_expression("a / b = c", columns, Dialect.POSTGRES)


def test_cells_are_about_a_value() -> None:
    """Any expression, where `?` stands for it."""
    made = translate_unary_tests("[0..5), > 9", "income * 2", COLUMNS, Dialect.POSTGRES)
    product = '("income" * 2)'
    assert made.where() == f"({product} >= 0 AND {product} < 5) OR {product} > 9"
    longer = translate_unary_tests("string length(?) > 3", "household type", COLUMNS, Dialect.POSTGRES)
    assert longer.where() == 'LENGTH("household_type") > 3'


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("examples", [sql_reference.CONSTRUCTS, sql_reference.FUNCTIONS])
def test_every_dialect_can_read_what_is_written_for_it(dialect: Dialect, examples: dict[str, str]) -> None:
    """Parsed back and written again it stays the same; nothing is a statement that sqlglot only passes on."""
    read = 0
    now = datetime.fromisoformat(sql_reference.NOW)
    for text in examples.values():
        if sql_reference.refusal(text, dialect):
            continue
        made = translate_expression(text, sql_reference.COLUMNS, dialect, now=now)
        for sql in (made.sql(), made.where()):
            tree = sqlglot.parse_one(sql, read=dialect.value, error_level=sqlglot.ErrorLevel.RAISE)
            assert not list(tree.find_all(exp.Command))
            again = tree.sql(dialect=dialect.value)
            assert sqlglot.parse_one(again, read=dialect.value).sql(dialect=dialect.value) == again
            read += 1
    assert read > 20


def test_the_reference_tries_every_function() -> None:
    """A function that is translated has an example; one that is not has none."""
    assert set(sql_reference.FUNCTIONS) == set(translated_functions())
    assert set(translated_functions()) <= set(BUILTINS)


def test_the_command_line_knows_the_dialects() -> None:
    """They are written down there once more, to start quickly."""
    assert tuple(one.value for one in Dialect) == SQL_DIALECTS


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"a": "float"}, "there is no type `float`"),
        ({"a": "number(40,2)"}, "1 to 34 digits"),
        ({"a": "number(3,4)"}, "no more of them behind the point"),
        ({"a": "string(3)"}, "`string` takes no such digits"),
        ({"a": {"type": "date", "name": "b"}}, "a column has a `type` and a `column`"),
        ({"a": 5}, "a type is expected"),
        ({"a": {}}, "a type is expected"),
    ],
)
def test_a_wrong_schema_says_which_column(declared: dict[str, object], message: str) -> None:
    """And what is allowed."""
    with pytest.raises(SchemaError, match="`a`") as caught:
        columns_of(declared)
    assert message in str(caught.value)
