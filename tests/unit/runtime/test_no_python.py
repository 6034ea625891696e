"""No text of a model, a form or a stored state ever reaches a Python evaluator."""

import ast
import builtins
import contextlib
import sys
from collections.abc import Callable
from typing import Any

import pytest
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from engine.model.errors import Broken, MingjingError
from engine.runtime import gate
from engine.runtime.expressions import FeelEngine
from tests.unit.runtime.builder import NOW, WORLD, Case, bpmn, chain, decides, end, flow, node, start, user, xor

PAYLOADS = [
    '__import__("os").system("id")',
    "().__class__.__bases__[0].__subclasses__()",
    'exec("import os")',
    "lambda: 1",
    "x if True else y",
    "[c for c in (1).__class__.__mro__]",
    'x = __import__("os").getpid()',
    "f'{x}'",
]


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text given to eval, exec, compile or ast.parse by the interpreter's own code, while the test runs."""
    seen: list[str] = []

    def watch(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            caller = sys._getframe(1).f_code.co_filename
            if "importlib" not in caller and "dataclasses" not in caller:
                seen.append(f"{name} in {caller}: {str(args[0])[:60]}")
            return real(*args, **kwargs)

        return watched

    for name in ("eval", "exec", "compile"):
        monkeypatch.setattr(builtins, name, watch(name, getattr(builtins, name)))
    monkeypatch.setattr(ast, "parse", watch("ast.parse", ast.parse))
    return seen


@pytest.mark.parametrize("payload", PAYLOADS)
def test_malicious_condition(payload: str, evaluated: list[str]) -> None:
    """Refused by the gate or evaluated as harmless FEEL; in no case by Python, at deployment, start or completion."""
    model = bpmn(
        start(), user("a"), xor("g", default="g_f"), end("e", "f"),
        chain("s", "a", "g"), flow("g", "e", payload), flow("g", "f"),
    )  # fmt: skip
    gate.inspect(model, resource="", forms=None, decisions=None)
    with contextlib.suppress(MingjingError):
        Case(model, {"x": 1}).complete("a", x=payload)
    assert evaluated == []


def test_malicious_values_and_assignments(evaluated: list[str]) -> None:
    """Python in variables, positions, decision outputs and stored state stays text."""
    rule = node("businessRuleTask", "r", extension='<zeebe:calledDecision decisionId="d" resultVariable="out"/>')
    assigned = '<zeebe:assignmentDefinition assignee="=who" candidateGroups="=posts"/>'
    model = bpmn(
        start(), rule, user("a", extension=assigned), xor("g", default="g_e"), end("e", "f"),
        chain("s", "r", "a", "g"), flow("g", "e"), flow("g", "f", "out = who"),
    )  # fmt: skip
    case = Case(model, {"who": PAYLOADS[0], "posts": PAYLOADS}, decides(PAYLOADS[0]))
    assert case.step.waiting[0].assignee == PAYLOADS[0]
    assert case.complete("a").ended
    assert case.step.variables["out"] == PAYLOADS[0]
    assert evaluated == []


def test_the_python_engine_is_never_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither for a new instance nor for a restored one."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the Python engine was made")

    monkeypatch.setattr(PythonScriptEngine, "__init__", refuse)
    case = Case(bpmn(start(), user("a"), end(), chain("s", "a", "e")))
    assert case.complete("a").ended


def test_the_engine_executes_nothing() -> None:
    """Whatever SpiffWorkflow may ask of it: no scripts, no services, no evaluation outside a process."""
    engine = FeelEngine(NOW)
    for call in (engine.execute, engine.call_service, engine.environment.evaluate, engine.environment.execute):
        with pytest.raises(Broken):
            call(None, "1 + 1")
    with pytest.raises(Broken):
        engine.evaluate(None, "1 + 1")
    assert WORLD.now == NOW
