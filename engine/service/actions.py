"""What follows from findings by itself (clause 5.5.3), in the transaction of what made them.

A result names its set of actions. ``alert_unit`` opens a work item of the unit's supervisor, ``report_discipline`` goes
sealed to the discipline body; prompting the clerk is done by who answers the request. What only reports is written by
`engine.service.discipline`, which nothing of the unit reads.
"""

import base64
from collections.abc import Iterator, Sequence

from engine.model.actors import Actor
from engine.model.alerts import AlertState
from engine.model.findings import Action, CheckResult, Judgement
from engine.model.personal import NoticeKind
from engine.model.transitions import Step
from engine.service import calendars, discipline, exemptions, notices
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work
from engine.service.packing import packed
from engine.store import alerts
from engine.store.cases import CaseRecord
from engine.supervision import alert_life
from engine.trace import canonical
from engine.trace.crypto import CaseCipher


def take(uow: Work, case: CaseRecord, step: Step, actor: Actor | None, cipher: CaseCipher, facts: CaseFacts) -> None:
    """Raise the alerts of a step that has just been written, and seal its reports.

    case: after the step. actor: None when the system acts (a timer, a message).
    """
    _raise(uow, case, step.judgements, actor, cipher)
    exemptions.count_used(uow, step.judgements)
    discipline.report(uow, case, step, actor, facts)


def follow(uow: Work, case: CaseRecord, judgements: Sequence[Judgement], cipher: CaseCipher) -> None:
    """The same for what the system judged beside a step: a light that turned, a check afterwards, a sweep."""
    _raise(uow, case, judgements, None, cipher)
    exemptions.count_used(uow, judgements)
    discipline.report_judgements(uow, case, judgements)


def _raise(
    uow: Work, case: CaseRecord, judgements: Sequence[Judgement], actor: Actor | None, cipher: CaseCipher
) -> None:
    found = tuple(_alerting(judgements))
    if found:
        new = alerts.raise_all(
            uow,
            instance_key=case.key,
            seq=case.head.seq,
            unit_path=case.unit_path,
            at=uow.now(),
            alerts=[_alert(uow, case, judgement, result, actor, cipher) for judgement, result in found],
        )
        notices.tell_supervisors(uow, case.unit_path, NoticeKind.ALERT_RAISED, new, case.key)


def _alerting(judgements: Sequence[Judgement]) -> Iterator[tuple[Judgement, CheckResult]]:
    for judgement in judgements:
        for result in judgement.results:
            if result.warns and Action.ALERT_UNIT in result.actions:
                yield judgement, result


def _alert(
    uow: Work, case: CaseRecord, judgement: Judgement, result: CheckResult, actor: Actor | None, cipher: CaseCipher
) -> dict[str, object]:
    due_at = alert_life.due(AlertState.RAISED, result.level, uow.now(), calendars.current(uow))
    body = {
        "reason": result.reason,
        "given_reason": result.given_reason,
        "clerk": actor.name if actor is not None else "",
        "parameters": dict(result.parameters),
        "evidence": dict(result.evidence),
        "data_versions": dict(result.data_versions),
    }
    context = alert_context(case.key, result.element_id, result.check_id)
    return {
        "element_id": result.element_id,
        "element_name": judgement.element_name or result.element_id,
        "check_id": result.check_id,
        "code": result.code,
        "name": result.name,
        "level": result.level.value,
        "outcome": result.outcome.value,
        "due_at": due_at.isoformat() if due_at else None,
        "body": base64.b64encode(cipher.encrypt(packed(body), context=context)).decode(),
    }


def alert_context(instance_key: int, element_id: str, check_id: str) -> bytes:
    """What ties the encrypted evidence of an alert to its place."""
    return canonical.encode(["mingjing.alert.v1", str(instance_key), element_id, check_id])
