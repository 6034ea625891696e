"""Alerts that nobody took on in time climb by themselves: to the unit above, level by level, then to the discipline
body.

Each climb is traced in the case (`alert.climbed.v1`). At the top the evidence goes to the discipline body, sealed as
any report; the alert stays open with the unit at the top, and climbs no more.
"""

from typing import Any

from engine.model.alerts import AlertState
from engine.model.findings import Action, CheckOutcome, CheckResult, Judgement, RiskLevel
from engine.model.ids import ElementId
from engine.model.personal import NoticeKind
from engine.model.trace_entries import EntryKind
from engine.service import calendars, discipline, notices, recording
from engine.service.actions import alert_context
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.service.packing import unpacked
from engine.service.recording import CLOCK
from engine.store import alerts, cases, due
from engine.store.case_sql import FREE_CASE
from engine.store.cases import CaseRecord
from engine.store.due import DueRow
from engine.supervision import alert_life
from engine.trace.crypto import CaseCipher


def climb(uow: Work, row: DueRow) -> bool:
    """Let an alert climb whose step is over its limit. False when somebody works on the case right now."""
    case = cases.locked(uow, FREE_CASE, required(row.instance_key, f"the case of alert {row.element_instance}"))
    if case is None:
        return False
    alert = alerts.locked(uow, int(row.element_instance))
    if case.wrapped_key is None or alert is None or alert.state == AlertState.CLEARED or alert.due_at is None:
        due.done(uow, row.key)
        return True
    if alert.due_at > uow.now():
        due.put_off(uow, row.key, alert.due_at)
        return True
    cipher = uow.required_cipher(case.wrapped_key)
    above = _above(alert.unit_path)
    limit = alert_life.due(AlertState(alert.state), RiskLevel(alert.level), uow.now(), calendars.current(uow))
    case = _trace(uow, case, cipher, alert, above)
    if above:
        alerts.climb(uow, alert.key, unit_path=above, climbed=alert.climbed + 1, due_at=limit)
        told = [(int(alert.key), str(alert.element_name))]
        notices.tell_supervisors(uow, above, NoticeKind.ALERT_CLIMBED, told, case.key)
    else:
        alerts.climb(uow, alert.key, unit_path=alert.unit_path, climbed=alert.climbed + 1, due_at=None)
        discipline.report_judgements(uow, case, [_judgement(alert, _evidence(cipher, alert))])
        due.done(uow, row.key)
    return True


def _above(unit_path: str) -> str:
    """The path of the unit above; empty at the top."""
    upper = unit_path.rstrip("/").rpartition("/")[0]
    return f"{upper}/" if upper.strip("/") else ""


def _trace(uow: Work, case: CaseRecord, cipher: CaseCipher, alert: Any, above: str) -> CaseRecord:
    payload = {
        "alert": str(alert.key),
        "element": alert.element_id,
        "check": alert.check_id,
        "code": alert.code,
        "name": alert.name,
        "state": alert.state,
        "due_at": alert.due_at,
        "to": "unit" if above else "discipline",
        "unit": above.rstrip("/").rpartition("/")[2] or None,
        "climbed": alert.climbed + 1,
    }
    entry = recording.draft(uow, EntryKind.ALERT_CLIMBED, None, CLOCK, new_command_id(), payload)
    case = recording.to_case(uow, case, cipher, entry)
    cases.move_head(uow, case)
    return case


def _evidence(cipher: CaseCipher, alert: Any) -> dict[str, Any]:
    context = alert_context(alert.instance_key, alert.element_id, alert.check_id)
    return unpacked(cipher.decrypt(bytes(alert.body), context=context))


def _judgement(alert: Any, body: dict[str, Any]) -> Judgement:
    """The alert as what a check said, for the discipline body."""
    result = CheckResult(
        element_id=ElementId(alert.element_id),
        check_id=alert.check_id,
        code=alert.code,
        name=alert.name,
        outcome=CheckOutcome(alert.outcome),
        level=RiskLevel(alert.level),
        actions=frozenset({Action.ALERT_UNIT, Action.REPORT_DISCIPLINE}),
        blocking=False,
        reason=f"逾期未处置：{body.get('reason', '')}",
        parameters=body.get("parameters", {}),
        evidence=body.get("evidence", {}),
        data_versions=body.get("data_versions", {}),
    )
    return Judgement(
        element_id=result.element_id, level=result.level, results=(result,), element_name=alert.element_name
    )
