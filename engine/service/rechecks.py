"""Checks that are judged beside a step: after the act, again and again while an element waits, and in a sweep.

What is to be judged is a row in the table of what is due, written with the step, so a crash forgets nothing. An answer
is traced (`check.judged.v1`) and acted on when it is news: what a check says again as it did last is not said again.
What only reports leaves its sealed answer each time, whatever it says, and nothing here remembers it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.model.definitions import ElementDefinition
from engine.model.findings import CheckOutcome, CheckPhase, CheckResult, Judgement
from engine.model.trace_entries import EntryKind
from engine.model.views import InstanceState
from engine.runtime import interpreter
from engine.service import actions, advancing, later_checks, payloads, recording, states, stepping
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.service.recording import CLOCK
from engine.store import cases, due, rechecks
from engine.store.case_sql import FREE_CASE
from engine.store.cases import CaseRecord
from engine.store.due import DueRow
from engine.supervision import policy
from engine.trace.crypto import CaseCipher


def after(uow: Work, row: DueRow) -> bool:
    """Judge the checks of an element that was completed. False when somebody works on the case right now."""
    case = cases.locked(uow, FREE_CASE, required(row.instance_key, f"the case of check {row.key}"))
    if case is None:
        return False
    state = states.look(uow, case, uow.cipher(case.wrapped_key))
    element = later_checks.element(uow, case, row)
    if state is not None and element is not None:
        judged = _judge(uow, case, element.at(CheckPhase.AFTER), interpreter.variables(state))
        _keep(uow, case, element, CheckPhase.AFTER.value, judged, judged.results)
    due.done(uow, row.key)
    return True


def watch(uow: Work, row: DueRow) -> bool:
    """Judge the timer checks of an element that waits, and again when the next local day begins."""
    case = cases.locked(uow, FREE_CASE, required(row.instance_key, f"the case of check {row.key}"))
    if case is None:
        return False
    if case.state is InstanceState.SUSPENDED:
        due.park(uow, row.key)
        return True
    element = later_checks.element(uow, case, row)
    if case.wrapped_key is None or case.ended_at is not None or element is None:
        due.done(uow, row.key)
        return True
    state = required(states.look(uow, case, uow.cipher(case.wrapped_key)), f"the state of case {case.key}")
    judged = _judge(uow, case, element.at(CheckPhase.TIMER), interpreter.variables(state))
    tell(uow, case, element, CheckPhase.TIMER.value, judged)
    due.again(uow, row.key, later_checks.next_look(uow), None)
    return True


def sweep(uow: Work, case: CaseRecord) -> int:
    """Judge everything that a locked case stands at as if it came there now; how many findings are news."""
    held = advancing.hold(uow, case, uow.required_cipher(case.wrapped_key), suspended=True)
    standing, variables = held.live.stands_at, dict(held.live.variables)
    held.back(uow)
    found = 0
    for element in standing:
        kept = replace(element, checks=tuple(c for c in element.checks if c.phase is not CheckPhase.SUBMIT))
        if kept.checks:
            fresh = tell(uow, case, kept, "sweep", _judge(uow, case, kept, variables))
            found += sum(one.warns for one in fresh)
            case = required(cases.case(uow, case.key), f"case {case.key}") if fresh else case
    return found


def tell(uow: Work, case: CaseRecord, element: ElementDefinition, phase: str, judged: Judgement) -> list[CheckResult]:
    """Trace and act on what is news; the visible results that are."""
    known = rechecks.answers(uow, case.key, element.id)
    shown = policy.visible(judged.results)
    fresh = [one for one in shown if _is_news(one, known.get(one.check_id))]
    silent = [one for one in judged.results if one.silent]
    if fresh:
        rechecks.remember(uow, case.key, element.id, {one.check_id: _digest(one) for one in fresh}, uow.now())
    if fresh or silent:
        _keep(uow, case, element, phase, judged, (*fresh, *silent))
    return fresh


def _keep(
    uow: Work,
    case: CaseRecord,
    element: ElementDefinition,
    phase: str,
    judged: Judgement,
    results: Sequence[CheckResult],
) -> None:
    judgement = replace(judged, results=tuple(results), level=policy.level(results), element_name=element.name)
    cipher: CaseCipher = uow.required_cipher(case.wrapped_key)
    visible = payloads.judgements([judgement])
    if visible:
        payload = {
            "instance": str(case.key),
            "element": {"id": element.id, "name": element.name},
            "phase": phase,
            "judgements": visible,
        }
        entry = recording.draft(uow, EntryKind.CHECK_JUDGED, None, CLOCK, new_command_id(), payload)
        case = recording.to_case(uow, case, cipher, entry)
        cases.move_head(uow, case)
    actions.follow(uow, case, [judgement], cipher)


def _judge(uow: Work, case: CaseRecord, element: ElementDefinition, variables: Mapping[str, object]) -> Judgement:
    facts = CaseFacts(uow, uow.now(), case)
    world = stepping.environment(uow, facts.now, case.definition_key, facts)
    return world.judge(element, variables)


def _is_news(result: CheckResult, before: str | None) -> bool:
    if before is None:
        return result.outcome is not CheckOutcome.CLEAR
    return before != _digest(result)


def _digest(result: CheckResult) -> str:
    light = result.light.value if result.light else ""
    exempt = result.exemption.id if result.exemption else ""
    return "/".join((result.outcome, result.level, result.reason_code, light, exempt))
