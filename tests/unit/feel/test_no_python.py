"""No text of a model reaches Python's evaluator."""

import ast
import builtins
from collections.abc import Callable
from typing import Any

import pytest

from engine.feel import FeelError, compile_expression, compile_unary_tests
from engine.feel.dmn import load
from tests.unit.feel.dmn_builder import decision, definitions, literal, table

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
            calls.append(name)
            return original(*arguments, **named)

        monkeypatch.setattr(owner, name, watched)

    for name in ("eval", "exec", "compile"):
        watch(builtins, name)
    watch(ast, "parse")
    return calls


def test_no_text_reaches_the_evaluator_of_python(seen: list[str]) -> None:
    """eval, exec, compile and ast.parse are never called while texts are compiled and evaluated."""
    for text in TEXTS:
        try:
            compile_unary_tests(text)(1, {"x": 1})
            compile_expression(text)({"x": 1})
        except FeelError:
            pass
        model = load(definitions(decision("d", literal(text)), decision("t", table(["x"], [((text,), (text,))]))))
        model.evaluate("d", {"x": 1})
        model.evaluate("t", {"x": 1})
    assert seen == []
