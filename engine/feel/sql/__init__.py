"""FEEL and DMN in SQL: the same rule for a whole table, in DuckDB, PostgreSQL, Spark, Trino or ClickHouse.

::

    columns = columns_of({"income": "number(12,2)", "persons": "integer(3)", "limit": "number(12,2)!"})
    rule = translate_expression("income / persons <= limit", columns, Dialect.DUCKDB)
    rule.sql()      # the value: true, false or null exactly where the closure is
    rule.where()    # for WHERE: true exactly where the closure is
    translate_decision(model, "dibao_limits", columns, Dialect.POSTGRES).query("applications")

What has no SQL that certainly gives the same raises NotTranslatable, which names the construct and its place; then
`batch` evaluates the closure over columns of values. `plan_expression` and its siblings do one or the other.
Pure: opens no database, knows no driver. sqlglot is imported here and in `engine.analytics` only.
"""

from .batch import Batch, BatchError, DecisionBatch, ExpressionBatch, UnaryTestsBatch
from .decision import DecisionTranslation, translate_decision
from .dialects import Dialect
from .plan import Plan, plan_decision, plan_expression, plan_unary_tests
from .refusal import NotTranslatable, Refusal
from .schema import Column, Columns, SchemaError, columns_of
from .translation import Translation, translate_expression, translate_unary_tests

__all__ = [
    "Batch",
    "BatchError",
    "Column",
    "Columns",
    "DecisionBatch",
    "DecisionTranslation",
    "Dialect",
    "ExpressionBatch",
    "NotTranslatable",
    "Plan",
    "Refusal",
    "SchemaError",
    "Translation",
    "UnaryTestsBatch",
    "columns_of",
    "plan_decision",
    "plan_expression",
    "plan_unary_tests",
    "translate_decision",
    "translate_expression",
    "translate_unary_tests",
]
