"""Every FEEL text compiles; conditions are marked as FEEL."""

from collections.abc import Iterator
from itertools import chain

from engine.feel import FeelError, compile_expression
from engine.feel.inference import fixed_kind
from engine.feel.values import BOOLEAN
from engine.model.definitions import LintFinding
from engine.runtime import events
from engine.runtime.activities import run_time_expressions
from engine.runtime.dialect import BPMN, DrawnProcess, children, other_expressions
from engine.runtime.rules.model import Model


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        yield from _marked(model, process)
        for expression in chain(run_time_expressions(process), events.expressions(process), other_expressions(process)):
            try:
                names = compile_expression(expression.text).names
                # now functions and their arguments are looked at
                tree = compile_expression(expression.text, names=names).tree
            except FeelError as error:
                yield model.error(
                    "feel-does-not-compile",
                    expression.owner,
                    f"The {expression.place} of {expression.owner} is not FEEL: {error}",
                    "Correct the expression.",
                )
                continue
            found = fixed_kind(tree)
            if expression.place == "condition" and found not in {None, BOOLEAN}:
                yield model.error(
                    "condition-never-true",
                    expression.owner,
                    f"The condition of {expression.owner} is a value of kind {found}, which is never true.",
                    "Compare it with something, for example =amount > 1000.",
                )


def _marked(model: Model, process: DrawnProcess) -> Iterator[LintFinding]:
    for flow in process.flows:
        for condition in children(flow.xml, BPMN, "conditionExpression"):
            text = (condition.text or "").strip()
            if not text.startswith("=") or not text.removeprefix("=").strip() or condition.get("language"):
                yield model.error(
                    "condition-not-feel",
                    flow.id,
                    f"The condition {text[:80]!r} of {flow.id} is empty, in another language, or a remark.",
                    "Write '=' and a FEEL expression, for example =amount > 1000.",
                )
