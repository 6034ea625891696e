"""Elements with checks: when they are judged, and what conditions may learn of it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.model.definitions import ElementDefinition
from engine.model.findings import Action, CheckOutcome, CheckResult, Exemption, Judgement, RiskLevel
from engine.model.ids import ElementId
from engine.runtime.environment import Environment
from tests.unit.runtime.builder import NOW, Case, bpmn, chain, end, flow, node, start, undecided, user, xor

CHECK = (
    '<supervision:checks><supervision:check id="i" code="THR-01" name="n" level="high" actions="prompt_clerk" '
    'value="=x" operator="&lt;=" limit="=1"/></supervision:checks>'
)
MODEL = bpmn(
    start(), user("a", "strict", "normal"), xor("g", extension=CHECK, default="g_normal"), end(), chain("s", "a", "g"),
    flow("g", "strict", 'supervision.level = "high" or supervision.level = "critical"'), flow("g", "normal"),
    chain("strict", "e"), chain("normal", "e"),
)  # fmt: skip


def result(outcome: CheckOutcome, level: RiskLevel, *actions: Action) -> CheckResult:
    return CheckResult(
        element_id=ElementId("g"), check_id="i", code="THR-01", name="n", outcome=outcome, level=level,
        actions=frozenset(actions), blocking=False, reason="because",
    )  # fmt: skip


def world(*results: CheckResult) -> tuple[Environment, list[tuple[str, Mapping[str, object]]]]:
    """A world whose checks give these results, and the list of what it was asked."""
    asked: list[tuple[str, Mapping[str, object]]] = []

    def judge(element: ElementDefinition, variables: Mapping[str, object]) -> Judgement:
        asked.append((element.id, variables))
        return Judgement(element_id=element.id, level=RiskLevel.CRITICAL, results=results)

    return Environment(now=NOW, decide=undecided, judge=judge), asked


HIT, CLEAR, CANNOT_SAY = CheckOutcome.HIT, CheckOutcome.CLEAR, CheckOutcome.CANNOT_SAY
PROMPT, REPORT = Action.PROMPT_CLERK, Action.REPORT_DISCIPLINE


@pytest.mark.parametrize(
    ("results", "way"),
    [
        ((), "normal"),
        ((result(HIT, RiskLevel.HIGH, PROMPT),), "strict"),
        ((result(CANNOT_SAY, RiskLevel.CRITICAL, PROMPT),), "strict"),
        ((result(CLEAR, RiskLevel.HIGH, PROMPT),), "normal"),
        ((result(HIT, RiskLevel.LOW, PROMPT), result(HIT, RiskLevel.HIGH, PROMPT, REPORT)), "strict"),
        ((result(HIT, RiskLevel.CRITICAL, REPORT),), "normal"),
        ((result(HIT, RiskLevel.CRITICAL, REPORT), result(HIT, RiskLevel.MEDIUM, PROMPT)), "normal"),
    ],
)
def test_level_opens_the_way(results: tuple[CheckResult, ...], way: str) -> None:
    """The highest open level of what the unit may know; what is report-only never bends the way."""
    env, asked = world(*results)
    case = Case(MODEL, {"x": 1}, env)
    step = case.complete("a", x=2)
    assert case.open == [way]
    assert [j.results for j in step.judgements] == [results]
    assert asked[0] == ("g", {"x": 2})


def test_results_are_visible_to_conditions() -> None:
    """id, code, outcome, level, reason; silent results are not even counted."""
    first = 'supervision.results[1].reason = "because" and supervision.results[1].id = "i"'
    condition = f"count(supervision.results) = 1 and {first}"
    model = bpmn(
        start(), xor("g", extension=CHECK, default="g_f"), end("e", "f"), chain("s", "g"),
        flow("g", "e", condition), flow("g", "f"),
    )  # fmt: skip
    env, _ = world(result(HIT, RiskLevel.LOW, PROMPT), result(HIT, RiskLevel.LOW, REPORT))
    assert "+e#1" in Case(model, {}, env).story


def test_results_do_not_become_variables() -> None:
    """What the checks found belongs to the gateway's conditions, not to the case."""
    env, _ = world(result(HIT, RiskLevel.HIGH, PROMPT))
    assert Case(MODEL, {}, env).complete("a", x=1).variables == {"x": 1}


def test_checks_of_a_user_task_are_judged_on_arrival() -> None:
    """Once, when the token arrives; not again when the task is completed."""
    model = bpmn(start(), user("a", extension=CHECK), end(), chain("s", "a", "e"))
    env, asked = world()
    case = Case(model, {}, env)
    assert len(case.step.judgements) == len(asked) == 1
    assert case.complete("a").judgements == ()


def test_checks_on_submit_are_judged_when_the_task_is_completed() -> None:
    """Over the variables that were submitted, before the token moves: conditions after the task see the result."""
    submit = CHECK.replace('id="i"', 'id="i" phase="submit"')
    model = bpmn(
        start(), node("userTask", "a", extension=submit, default="a_f"), end("e", "f"), chain("s", "a"),
        flow("a", "e", 'supervision.level = "high"'), flow("a", "f"),
    )  # fmt: skip
    env, asked = world(result(HIT, RiskLevel.HIGH, PROMPT))
    case = Case(model, {}, env)
    assert case.step.judgements == ()
    step = case.complete("a", x=5)
    assert asked
    assert all(one == ("a", {"x": 5}) for one in asked)  # the builder plays it several ways, to compare
    assert len(step.judgements) == 1
    assert "+e#1" in case.story


def test_both_phases_of_one_step_are_seen_together() -> None:
    """A gateway with a check on entry and one on submit offers both results to its flows."""
    two = CHECK.replace("</supervision:checks>", "") + (
        '<supervision:check id="j" code="THR-01" name="n" level="high" actions="prompt_clerk" phase="submit" '
        'value="=x" limit="=1"/></supervision:checks>'
    )
    model = bpmn(
        start(), xor("g", extension=two, default="g_f"), end("e", "f"), chain("s", "g"),
        flow("g", "e", "count(supervision.results) = 2"), flow("g", "f"),
    )  # fmt: skip
    env, asked = world(result(HIT, RiskLevel.LOW, PROMPT))
    assert "+e#1" in Case(model, {}, env).story
    assert len(asked) == 2


def test_an_exempt_finding_bends_no_way() -> None:
    """It is among the results, but not in the level."""
    exempt = replace(result(HIT, RiskLevel.HIGH, PROMPT), exemption=Exemption(id="e", basis="b"))
    env, _ = world(exempt)
    assert Case(MODEL, {"x": 1}, env).complete("a", x=2).judgements[0].results == (exempt,)
    case = Case(MODEL, {"x": 1}, env)
    case.complete("a", x=2)
    assert case.open == ["normal"]


def test_variables_given_to_judges_are_a_copy() -> None:
    """A check that scribbles on what it was given changes nothing in the case."""

    def judge(element: ElementDefinition, variables: Mapping[str, object]) -> Judgement:
        assert isinstance(variables, dict)
        variables["x"] = "scribble"
        return Judgement(element_id=element.id, level=RiskLevel.NONE, results=())

    case = Case(MODEL, {}, Environment(now=NOW, decide=undecided, judge=judge))
    assert case.complete("a", x=1).variables == {"x": 1}
