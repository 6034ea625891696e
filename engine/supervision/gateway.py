"""Judges one element: all its checks of a phase over one case. The same for a gate, a sweep and history.

`judge` is pure apart from `fetch`, which is asked beforehand for what the checks declared to need.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from engine.feel import FeelError
from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.findings import Action, CheckOutcome, CheckResult, Exemption, Judgement
from engine.model.lookups import Found, Need, Unavailable
from engine.supervision import policy
from engine.supervision.check import Answer, Check
from engine.supervision.checks import CHECKS
from engine.supervision.facts import Facts, Given
from engine.supervision.sentences import render

_REPORTS = frozenset({Action.REPORT_DISCIPLINE})

Fetch: TypeAlias = Callable[[Need], Found | Unavailable]
"""Asks a declared source; never raises for a source that is not there."""


def judge(
    element: ElementDefinition,
    variables: Mapping[str, object],
    *,
    now: datetime,
    given: Given | None = None,
    fetch: Fetch | None = None,
) -> Judgement:
    """What all checks of the element say, in the order they are drawn. Never raises for a check's sake.

    Narrow the element to a phase with `ElementDefinition.at`. now: aware.
    """
    facts = Facts(variables=variables, now=now, given=given or Given())
    if fetch is not None:
        facts = replace(facts, found={need: fetch(need) for need in needs(element, facts)})
    results = tuple(_result(element, definition, facts) for definition in element.checks)
    return Judgement(element_id=element.id, level=policy.level(results), results=results)


def needs(element: ElementDefinition, facts: Facts) -> tuple[Need, ...]:
    """What the element's checks need to have looked up, each thing once, in the order of the checks."""
    found: dict[Need, None] = {}
    for definition in element.checks:
        check = CHECKS.get(definition.code)
        if check is None:
            continue
        try:
            found.update(dict.fromkeys(check.needed(definition, facts)))
        except Exception:  # noqa: S112 - it will be said when the check is judged
            continue
    return tuple(found)


def _result(element: ElementDefinition, definition: CheckDefinition, facts: Facts) -> CheckResult:
    check = CHECKS.get(definition.code)
    answer = _answer(check, definition, facts)
    params = {**answer.params, "name": definition.name}
    open_finding = answer.outcome is not CheckOutcome.CLEAR
    return CheckResult(
        element_id=element.id,
        check_id=definition.id,
        code=definition.code,
        name=definition.name,
        outcome=answer.outcome,
        level=definition.level.raised(answer.raised),
        actions=definition.actions,
        blocking=definition.blocking,
        reason=render(check.sentences if check is not None else {}, answer.code, params),
        parameters=answer.parameters,
        evidence=answer.evidence,
        phase=definition.phase,
        light=answer.light,
        reason_code=answer.code,
        reason_params=params,
        fences=answer.fences,
        data_versions=answer.data_versions,
        loophole=definition.loophole,
        given_reason=_given_reason(definition, facts) if open_finding else "",
        exemption=_exemption(definition, facts) if open_finding else None,
        may_go_on=bool(definition.allow_with_reason),
    )


def _answer(check: Check | None, definition: CheckDefinition, facts: Facts) -> Answer:
    if check is None:
        return _cannot_say("unknown-check", code=definition.code)
    try:
        return check.answer(definition, facts)
    except FeelError as error:
        return _cannot_say("expression", why=str(error))
    except Exception as error:  # whatever it is: a check that crashes is a finding, not a failed step
        return _cannot_say("crashed", why=type(error).__name__)


def _cannot_say(sentence: str, **params: str) -> Answer:
    return Answer(outcome=CheckOutcome.CANNOT_SAY, code=sentence, params=params)


def _given_reason(definition: CheckDefinition, facts: Facts) -> str:
    """Why the clerk goes on, if the check lets them; an expression that fails gives none."""
    if not definition.allow_with_reason:
        return ""
    handed = facts.given.reasons.get(definition.id, "")
    try:
        drawn = facts.evaluate(definition.allow_with_reason)
    except FeelError:
        drawn = None
    return handed.strip() or (drawn.strip() if isinstance(drawn, str) else "")


def _exemption(definition: CheckDefinition, facts: Facts) -> Exemption | None:
    """The first that holds today: a record, then a rule of the model. Null and failing rules exempt nobody.

    Records are not even asked for where a check only reports: that they were read would tell that it found something.
    """
    today = facts.given.calendar.day_of(facts.now)
    for key in () if definition.actions == _REPORTS else (definition.id, definition.code):
        record = facts.given.exemptions.get(key)
        if record is not None and record.holds(today):
            return record
    for rule in definition.exemptions:
        exemption = Exemption(id=rule.id, basis=rule.basis, until=rule.until)
        if exemption.holds(today) and _applies(rule.when, facts):
            return exemption
    return None


def _applies(when: str, facts: Facts) -> bool:
    try:
        return facts.evaluate(when) is True
    except FeelError:
        return False
