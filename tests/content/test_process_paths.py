"""Every way through every shipped process: all outcomes, both answers of the checks, all orders of parallel work."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.model.definitions import ElementDefinition
from engine.model.findings import Action, CheckOutcome, CheckResult, Judgement, RiskLevel
from engine.model.ids import Digest, ElementInstanceId
from engine.model.transitions import Step, TransitionKind
from engine.runtime import dialect, interpreter, xml
from engine.runtime.environment import Decided, Environment
from engine.runtime.interpreter import ExecutableProcess

PROCESSES = sorted((Path(__file__).resolve().parents[2] / "processes").glob("*/*.bpmn"))
MAX_SITUATIONS = 2_000


def decide(decision: str, variables: Mapping[str, object], now: datetime) -> Decided:
    return Decided(digest=Digest("0" * 64), matched=(1,), inputs={}, output={})


def judge(element: ElementDefinition, variables: Mapping[str, object]) -> Judgement:
    """All checks of an element hit or none does, as the path wants it."""
    hit = variables["all_checks_hit"] is True
    results = tuple(
        CheckResult(
            element_id=element.id, check_id=check.id, code=check.code, name=check.name, level=check.level,
            outcome=CheckOutcome.HIT if hit else CheckOutcome.CLEAR, actions=frozenset({Action.PROMPT_CLERK}),
            blocking=False, reason="as the path wants it",
        )
        for check in element.checks
    )  # fmt: skip
    level = max((r.level for r in results), key=lambda one: one.rank) if hit else RiskLevel.NONE
    return Judgement(element_id=element.id, level=level, results=results)


WORLD = Environment(now=datetime(2026, 1, 5, 1, tzinfo=UTC), decide=decide, judge=judge)


def moves(
    process: ExecutableProcess, waiting: frozenset[ElementInstanceId]
) -> list[tuple[ElementInstanceId, dict[str, object]]]:
    """Each waiting user task with each of its outcomes, and with the checks hitting or not."""
    elements = {str(key): element for key, element in process.definition.elements.items()}
    found: list[tuple[ElementInstanceId, dict[str, object]]] = []
    for instance in sorted(waiting):
        element = elements[instance.rpartition("#")[0]]
        for code in [outcome.code for outcome in element.outcomes] or [""]:
            for hit in (True, False):
                found.append((instance, {element.result_variable or "nothing": code, "all_checks_hit": hit}))
    return found


def explore(process: ExecutableProcess) -> tuple[set[str], set[frozenset[str]]]:
    """All sequence flows taken anywhere, and all sets of elements that wait together. Fails where a case gets stuck."""
    first = interpreter.start(process, {"all_checks_hit": False}, WORLD)
    todo: list[tuple[Step, frozenset[ElementInstanceId]]] = [
        (first, frozenset(task.instance for task in first.waiting))
    ]
    flows = {str(t.element) for t in first.transitions if t.kind is TransitionKind.FLOW_TAKEN}
    seen: set[frozenset[str]] = set()
    while todo:
        step, waiting = todo.pop()
        situation = frozenset(instance.rpartition("#")[0] for instance in waiting)
        assert bool(waiting) != step.ended, f"stuck after {[t.element for t in step.transitions]}"
        if situation in seen:
            continue
        seen.add(situation)
        assert len(seen) < MAX_SITUATIONS
        for instance, variables in moves(process, waiting):
            after = interpreter.complete(process, step.state, instance, variables, WORLD)
            flows |= {str(t.element) for t in after.transitions if t.kind is TransitionKind.FLOW_TAKEN}
            left = waiting - {instance, *after.closed}
            todo.append((after, left | {task.instance for task in after.waiting}))
    return flows, seen


@pytest.mark.parametrize("file", PROCESSES, ids=lambda file: file.stem)
def test_every_flow_can_be_taken_and_nothing_gets_stuck(file: Path) -> None:
    """From every situation the case goes on or has ended, and no sequence flow is drawn in vain."""
    data = file.read_bytes()
    for drawn in dialect.processes(xml.parse(data)):
        process = interpreter.load(data, drawn.id)
        flows, _ = explore(process)
        assert flows == {flow.id for flow in drawn.flows}


def test_situations_of_dibao() -> None:
    """Visit and data check are the only user tasks that wait together."""
    file = next(file for file in PROCESSES if file.stem == "dibao")
    _, situations = explore(interpreter.load(file.read_bytes(), "dibao"))
    together = {frozenset(s) for s in situations if len(s) > 1}
    assert together == {frozenset({"HouseholdVisit", "DataCheck"})}
    assert frozenset() in situations
