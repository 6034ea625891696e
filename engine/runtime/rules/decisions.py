"""Business rule tasks: a decision that is there, and a variable for its output."""

from collections.abc import Iterator

from engine.model.definitions import LintFinding
from engine.runtime.dialect import ZEEBE, first_extension
from engine.runtime.rules.model import Model, is_name


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        for node in process.nodes:
            if node.type == "businessRuleTask" and first_extension(node.xml, ZEEBE, "taskDefinition") is None:
                called = first_extension(node.xml, ZEEBE, "calledDecision")
                decision = called.get("decisionId", "") if called is not None else ""
                variable = called.get("resultVariable") if called is not None else None
                yield from _decision(model, node.id, decision.strip())
                if not is_name(variable):
                    yield model.error(
                        "result-variable",
                        node.id,
                        f"The result variable {variable!r} of {node.id} cannot be a variable name.",
                        "Set resultVariable of zeebe:calledDecision to letters, digits and '_'.",
                    )


def _decision(model: Model, node_id: str, decision: str) -> Iterator[LintFinding]:
    if not decision or decision.startswith("="):
        yield model.error(
            "decision-unknown",
            node_id,
            f"Business rule task {node_id} does not name its decision.",
            "Set decisionId of zeebe:calledDecision to a fixed id.",
        )
    elif model.decisions is not None and decision not in model.decisions:
        yield model.error(
            "decision-unknown",
            node_id,
            f"The decision {decision!r} of {node_id} is not deployed.",
            "Deploy it with the process.",
        )
