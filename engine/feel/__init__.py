"""FEEL and DMN: one rule language for conditions, tables and forms. Pure: imports nothing of ours, reads no clock.

::

    income_test = compile_expression("income / persons <= limit", names={"income", "persons", "limit"})
    income_test({"income": 3000, "persons": 4, "limit": 800})   # True
    compile_unary_tests("[60..90)")(75, {})                     # True
    dmn.load(xml).evaluate("dibao_limits", {"district": "清河区"}).value
"""

from .budget import DEFAULT_LIMITS, Limits
from .errors import DmnError, FeelBudgetError, FeelError, FeelEvaluationError, FeelSyntaxError
from .expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from .text import to_text
from .values import Function, Range, Value, YearMonthDuration

__all__ = [
    "DEFAULT_LIMITS",
    "DmnError",
    "Expression",
    "FeelBudgetError",
    "FeelError",
    "FeelEvaluationError",
    "FeelSyntaxError",
    "Function",
    "Limits",
    "Range",
    "UnaryTests",
    "Value",
    "YearMonthDuration",
    "compile_expression",
    "compile_unary_tests",
    "to_text",
]
