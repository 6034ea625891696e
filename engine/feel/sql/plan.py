"""SQL where it is certain, batches in Python where it is not: one answer for whoever runs rules over tables."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from ..dmn.model import DecisionModel
from ..expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from .batch import DecisionBatch, ExpressionBatch, UnaryTestsBatch
from .decision import DecisionTranslation, translate_decision
from .dialects import Dialect
from .refusal import NotTranslatable, Refusal
from .schema import Columns
from .translation import Translation, names_of, translate_expression, translate_unary_tests

TranslationT = TypeVar("TranslationT")
BatchT = TypeVar("BatchT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Generic[TranslationT, BatchT]):
    """How a rule can be run over a table.

    translation: the SQL, or None. refusal: why there is none, else None. batch: the rule over columns of values,
    which always works and gives the same.
    """

    translation: TranslationT | None
    refusal: Refusal | None
    batch: BatchT


def plan_expression(
    text: str | Expression, columns: Columns, dialect: Dialect, *, now: datetime | None = None
) -> Plan[Translation, ExpressionBatch]:
    """A condition or any expression. Raises FeelSyntaxError for a text that is wrong."""
    expression = compile_expression(text, names=names_of(columns)) if isinstance(text, str) else text
    batch = ExpressionBatch(expression)
    try:
        translation = translate_expression(expression, columns, dialect, now=now)
    except NotTranslatable as error:
        return Plan(translation=None, refusal=error.refusal, batch=batch)
    return Plan(translation=translation, refusal=None, batch=batch)


def plan_unary_tests(
    text: str | UnaryTests, value: str, columns: Columns, dialect: Dialect, *, now: datetime | None = None
) -> Plan[Translation, UnaryTestsBatch]:
    """A cell about the values of one column. Raises FeelSyntaxError for a text that is wrong."""
    tests = compile_unary_tests(text, names=names_of(columns)) if isinstance(text, str) else text
    batch = UnaryTestsBatch(tests, value)
    try:
        translation = translate_unary_tests(tests, value, columns, dialect, now=now)
    except NotTranslatable as error:
        return Plan(translation=None, refusal=error.refusal, batch=batch)
    return Plan(translation=translation, refusal=None, batch=batch)


def plan_decision(
    model: DecisionModel, decision: str, columns: Columns, dialect: Dialect, *, now: datetime | None = None
) -> Plan[DecisionTranslation, DecisionBatch]:
    """A decision of a document. Raises DmnError when there is none of this name."""
    batch = DecisionBatch(model, decision)
    try:
        translation = translate_decision(model, decision, columns, dialect, now=now)
    except NotTranslatable as error:
        return Plan(translation=None, refusal=error.refusal, batch=batch)
    return Plan(translation=translation, refusal=None, batch=batch)
