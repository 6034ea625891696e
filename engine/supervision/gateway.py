"""Judges one element: all its checks over the case's variables."""

from collections.abc import Mapping
from datetime import datetime

from engine.feel import FeelError
from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.findings import CheckOutcome, CheckResult, Judgement
from engine.supervision import policy
from engine.supervision.check import Answer, Facts
from engine.supervision.checks import CHECKS


def judge(element: ElementDefinition, variables: Mapping[str, object], *, now: datetime) -> Judgement:
    """What all checks of the element say, in the order they are drawn. Never raises for a check's sake."""
    facts = Facts(variables=variables, now=now)
    results = tuple(_result(element, definition, facts) for definition in element.checks)
    return Judgement(element_id=element.id, level=policy.level(results), results=results)


def _result(element: ElementDefinition, definition: CheckDefinition, facts: Facts) -> CheckResult:
    answer = _answer(definition, facts)
    return CheckResult(
        element_id=element.id,
        check_id=definition.id,
        code=definition.code,
        name=definition.name,
        outcome=answer.outcome,
        level=definition.level,
        actions=definition.actions,
        blocking=definition.blocking,
        reason=answer.reason,
        parameters=answer.parameters,
        evidence=answer.evidence,
    )


def _answer(definition: CheckDefinition, facts: Facts) -> Answer:
    check = CHECKS.get(definition.code)
    if check is None:
        return _cannot_say(f"无法判断{definition.name}：没有编号为 {definition.code} 的检查")
    try:
        return check.judge(definition, facts)
    except FeelError as error:
        return _cannot_say(f"无法判断{definition.name}：表达式无法计算（{error}）")
    except Exception as error:  # whatever it is: a check that crashes is a finding, not a failed step
        return _cannot_say(f"无法判断{definition.name}：检查程序出错（{type(error).__name__}）")


def _cannot_say(reason: str) -> Answer:
    return Answer(outcome=CheckOutcome.CANNOT_SAY, reason=reason)
