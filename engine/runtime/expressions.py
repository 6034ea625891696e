"""FEEL where SpiffWorkflow expects a script engine.

Every expression of a process is compiled when the process is loaded. At run time texts are only looked up, so that
no text from a variable, a form or a stored state can ever become code. There is no Python behind it to fall back
to: `FeelEngine` is not a `PythonScriptEngine` and executes no scripts.
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from engine.feel import Expression, FeelError, compile_expression
from engine.model.errors import Broken, Refused
from engine.runtime.scopes import Scope


def compile_all(texts: Iterable[str]) -> Mapping[str, Expression]:
    """Compiled expressions by text. Raises `FeelError`."""
    return {text: compile_expression(text) for text in texts}


class _NoEnvironment:
    """SpiffWorkflow evaluates message correlations and ad-hoc conditions here. We run neither."""

    globals: Mapping[str, object] = {}

    def evaluate(self, *_: Any, **__: Any) -> NoReturn:
        raise Broken("runtime.python_refused", "Nothing is evaluated outside a process.")

    execute = call_service = evaluate


class FeelEngine:
    """The engine object of one step. Texts were compiled with the process that the element belongs to."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.environment = _NoEnvironment()

    def evaluate(
        self,
        task: Any,
        expression: str,
        external_context: Mapping[str, object] | None = None,
        scope: Scope | None = None,
    ) -> object:
        """The value of a compiled FEEL text over all variables of a scope. `external_context` wins over variables.

        Raises `Refused` ``expression.failed`` with the element id in its parameters.
        """
        compiled = task.task_spec.siblings.expressions.get(expression) if task is not None else None
        if compiled is None:
            raise Broken("runtime.expression_unknown", "An expression was not compiled with its process.")
        variables = (scope or task.scope).visible()
        context = ChainMap(external_context, variables) if external_context else variables  # type: ignore[arg-type]
        element = str(task.task_spec.name)
        try:
            return compiled(context, now=self._now)
        except FeelError as error:
            raise failed(element, expression, str(error)) from error

    def execute(self, *_: Any, **__: Any) -> NoReturn:
        """Scripts are never executed."""
        raise Broken("runtime.python_refused", "Scripts are not executed.")

    call_service = execute

    def validate(self, expression: str) -> None:
        """Raise `FeelError` if the text is not FEEL."""
        compile_expression(expression)


def failed(element: str, expression: str, reason: str) -> Refused:
    """The refusal of a step whose expression cannot be evaluated."""
    return Refused(
        "expression.failed",
        f"The expression {expression!r} at {element} failed: {reason}",
        params={"element": element, "expression": expression, "reason": reason},
    )
