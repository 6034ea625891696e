"""No text of a model reaches Python's evaluator."""

import ast
import builtins
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import CodeType
from typing import Any

import pytest

from engine.feel import FeelError, compile_expression, compile_unary_tests
from engine.feel.dmn import load
from tests.unit.feel.dmn_builder import decision, definitions, literal, table
from tests.unit.feel.hostile import HARMLESS, REFUSED
from tests.unit.feel.test_builtins import CASES

TEXTS = [
    '__import__("os").system("id")',
    "().__class__.__bases__[0].__subclasses__()",
    'eval("1")',
    "sum([1, 2]) + count([x]) * 2",
    "{f: function(a) a * 2, r: f(3)}.r",
]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the evaluators that were called."""
    calls: list[str] = []

    def watch(owner: object, name: str) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def watched(*arguments: Any, **named: Any) -> Any:
            if not isinstance(arguments[0], bytes | CodeType):  # a module being imported is no text of a model
                calls.append(name)
            return original(*arguments, **named)

        monkeypatch.setattr(owner, name, watched)

    for name in ("eval", "exec", "compile"):
        watch(builtins, name)
    watch(ast, "parse")
    return calls


NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
BOXES = (
    f"<conditional><if>{literal('x = 1')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>",
    f"<filter><in>{literal('[1, 2]')}</in><match>{literal('item > x')}</match></filter>",
    f"<for iteratorVariable='i'><in>{literal('[1, 2]')}</in><return>{literal('i * x')}</return></for>",
    f"<some iteratorVariable='i'><in>{literal('[1, 2]')}</in><satisfies>{literal('i = x')}</satisfies></some>",
    f"<context><contextEntry><variable name='a'/>{literal('x')}</contextEntry></context>",
    f"<list>{literal('x')}</list>",
    f"<relation><column name='a'/><row>{literal('x')}</row></relation>",
)


def test_no_text_reaches_the_evaluator_of_python(seen: list[str]) -> None:
    """Conditions, cells and whatever a text may be: eval, exec, compile and ast.parse are never called."""
    for text in [*TEXTS, *(text for text, _ in CASES), *HARMLESS, *REFUSED]:
        with suppress(FeelError):
            compile_expression(text, names={"x"})({"x": 1}, now=NOW)
        with suppress(FeelError):
            compile_expression(text)({"x": 1}, now=NOW)
        with suppress(FeelError):
            compile_unary_tests(text)(1, {"x": 1}, now=NOW)
    assert seen == []


def test_no_box_reaches_the_evaluator_of_python(seen: list[str]) -> None:
    """Boxed expressions of every kind."""
    model = load(definitions(*(decision(f"d{place}", box) for place, box in enumerate(BOXES))))
    values = [model.evaluate(name, {"x": 1}).value for name in model.decisions]
    assert values == [1, [2], [1, 2], True, {"a": 1}, [1], [{"a": 1}]]
    assert seen == []


def test_no_decision_reaches_the_evaluator_of_python(seen: list[str]) -> None:
    """Literal expressions, inputs, cells and outputs of tables."""
    for text in TEXTS:
        model = load(definitions(decision("d", literal(text)), decision("t", table(["x"], [((text,), (text,))]))))
        model.evaluate("d", {"x": 1})
        model.evaluate("t", {"x": 1})
    assert seen == []
