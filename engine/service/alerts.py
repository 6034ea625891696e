"""Alerts of the unit: the list, one alert with its evidence, and each step of its life, traced."""

from collections.abc import Mapping
from typing import Any

from engine.identity import access
from engine.model.actors import Actor, Client, Permission
from engine.model.alerts import (
    AlertFilter,
    AlertHandling,
    AlertRow,
    AlertState,
    AlertStep,
    AlertView,
    CheckRate,
    Verdict,
)
from engine.model.commands import HandleAlert
from engine.model.errors import Conflict, NotAllowed, NotFound
from engine.model.findings import RiskLevel
from engine.model.ids import AlertKey, ElementId, InstanceKey
from engine.model.trace_entries import EntryKind
from engine.model.views import Page
from engine.service import calendars, paging, payloads, recording, rights
from engine.service.actions import alert_context
from engine.service.equipment import Work, required
from engine.service.handling import Attempt
from engine.service.packing import unpacked
from engine.store import alerts, cases
from engine.store.cases import CaseRecord
from engine.supervision import alert_life
from engine.supervision.alert_life import Standing
from engine.trace.crypto import CaseCipher

MAX_TEXT = 2000

STEP_NAMES: Mapping[AlertStep, str] = {
    AlertStep.SIGN: "签收",
    AlertStep.VERIFY: "核查",
    AlertStep.RECTIFY: "整改",
    AlertStep.FEED_BACK: "反馈",
    AlertStep.REVIEW: "复核通过",
    AlertStep.RETURN: "复核退回",
    AlertStep.CLEAR: "销号",
}
"""What a step is called in the trace, which is kept in Chinese."""


EVERY = AlertFilter()


def search(
    uow: Work, actor: Actor, cursor: str | None = None, limit: int = 50, *, wanted: AlertFilter = EVERY
) -> Page[AlertRow]:
    """Alerts of cases in the actor's reach, newest first. Raises NotAllowed."""
    rights.require(actor, Permission.ALERT_READ)
    limit = min(limit, paging.MAX_LIMIT)
    found = alerts.search(
        uow,
        rights.reach(actor, Permission.ALERT_READ),
        before_key=paging.after(cursor),
        limit=limit + 1,
        where=alerts.conditions(wanted, uow.now(), uow.equipment.zone),
    )
    return paging.page(found, limit, lambda row: _row(uow, row))


def count(uow: Work, actor: Actor, wanted: AlertFilter) -> int:
    """How many alerts `search` would list with this filter. Raises NotAllowed."""
    rights.require(actor, Permission.ALERT_READ)
    where = alerts.conditions(wanted, uow.now(), uow.equipment.zone)
    return alerts.count(uow, rights.reach(actor, Permission.ALERT_READ), where)


def counts(uow: Work, actor: Actor) -> tuple[int, int]:
    """How many alerts in reach are open, and how many of these overdue. Raises NotAllowed."""
    rights.require(actor, Permission.ALERT_READ)
    return alerts.counts(uow, rights.reach(actor, Permission.ALERT_READ), uow.now())


def rates(uow: Work, actor: Actor) -> tuple[CheckRate, ...]:
    """What became of the alerts of each check in reach. Raises NotAllowed."""
    rights.require(actor, Permission.ALERT_READ)
    return tuple(
        CheckRate(
            code=row.code,
            name=row.name,
            raised=row.raised,
            open=row.open,
            true=row.found_true,
            false=row.found_false,
            cannot_tell=row.found_cannot_tell,
        )
        for row in alerts.rates(uow, rights.reach(actor, Permission.ALERT_READ))
    )


def view(uow: Work, actor: Actor, key: int) -> AlertView:
    """One alert with evidence and life. Raises NotFound when it is out of reach."""
    rights.require(actor, Permission.ALERT_READ)
    row = alerts.one(uow, rights.reach(actor, Permission.ALERT_READ), key)
    if row is None:
        raise _not_found()
    cipher = uow.cipher(row.wrapped)
    body = _open(cipher, row)
    handles = _may_handle(actor, row.unit_path)
    offered = alert_life.offered(_standing(row), actor.person_key) if handles else ()
    return AlertView(
        row=_row(uow, row),
        version=row.version,
        reason=body.get("reason", ""),
        given_reason=body.get("given_reason", ""),
        clerk_name=body.get("clerk", ""),
        parameters=body.get("parameters", {}),
        evidence=body.get("evidence", {}),
        data_versions=body.get("data_versions", {}),
        history=tuple(_handling(cipher, one) for one in alerts.history(uow, key)),
        offered=offered,
        why_not="" if offered or row.state == AlertState.CLEARED else _why_not(handles=handles),
        readable=cipher is not None,
    )


def handle(uow: Work, command: HandleAlert, actor: Actor, client: Client) -> AlertRow:
    """Take an alert one step on, traced in its case's stream.

    Raises NotFound, NotAllowed without the right or for one's own review, Conflict for a step that does not follow or
    an alert that somebody took on meanwhile, Invalid for what is missing.
    """
    rights.require(actor, Permission.ALERT_HANDLE)
    text = command.text.strip()[:MAX_TEXT]
    request = [command.key, command.step, command.verdict, text]
    attempt = Attempt(uow, actor, client, "alert.handle", command.command_id, request)
    attempt.target = {"alert": command.key}
    instance = alerts.instance_of(uow, command.key)
    case = cases.case(uow, instance, lock=True) if instance is not None else None
    if case is None or not _may_handle(actor, case.unit_path):
        raise attempt.unknown(_not_found())
    attempt.case, attempt.target = case, {"instance": case.key, "alert": command.key}
    if attempt.earlier() is not None:
        return _row_of(uow, actor, command.key)
    cipher = uow.required_cipher(case.wrapped_key)
    row = required(alerts.locked(uow, command.key), f"alert {command.key}")
    attempt.element = row.element_id
    before = _standing(row)
    with attempt.deciding():
        if command.version is not None and command.version != row.version:
            raise Conflict("alert.changed", "somebody took this alert on meanwhile; look at it again")
        after = alert_life.taken(before, command.step, person=actor.person_key, verdict=command.verdict, text=text)
    _write(uow, command, case, row, before, after, actor, client, cipher, text)
    attempt.keep({})
    return _row_of(uow, actor, command.key)


def _write(
    uow: Work,
    command: HandleAlert,
    case: CaseRecord,
    row: Any,
    before: Standing,
    after: Standing,
    actor: Actor,
    client: Client,
    cipher: CaseCipher,
    text: str,
) -> None:
    """The entry in the case's stream, the alert after the step, and the step itself."""
    step, now = command.step, uow.now()
    verdict = command.verdict if step is AlertStep.VERIFY else None
    payload = {
        "alert": str(command.key),
        "element": row.element_id,
        "check": row.check_id,
        "code": row.code,
        "name": row.name,
        "outcome": {"code": step, "name": STEP_NAMES[step], "negative": step is AlertStep.RETURN},
        "from": before.state,
        "to": after.state,
        "verdict": verdict,
        "opinion": payloads.personal(text),
    }
    entry = recording.draft(uow, EntryKind.ALERT_HANDLED, actor, client, command.command_id, payload)
    cases.move_head(uow, recording.to_case(uow, case, cipher, entry))
    changed = {
        "state": after.state.value,
        "verdict": after.verdict.value if after.verdict else None,
        "handlers": sorted(after.handlers),
        "version": row.version + 1,
        "due_at": alert_life.due(after.state, RiskLevel(row.level), now, calendars.current(uow)),
        "cleared_at": now if after.state is AlertState.CLEARED else None,
    }
    done = {
        "number": row.version,
        "step": step.value,
        "verdict": verdict.value if verdict else None,
        "person_key": actor.person_key,
        "person_name": actor.name,
        "unit_name": actor.unit.name,
        "at": now,
        "body": cipher.encrypt(text.encode(), context=_handling_context(command.key, row.version)),
    }
    alerts.move(uow, command.key, changed, done)


def _row_of(uow: Work, actor: Actor, key: int) -> AlertRow:
    return _row(uow, required(alerts.one(uow, rights.reach(actor, Permission.ALERT_HANDLE), key), f"alert {key}"))


def _may_handle(actor: Actor, unit_path: str) -> bool:
    return access.may(actor, Permission.ALERT_HANDLE, unit_path=unit_path, owner=None).allowed


def _why_not(*, handles: bool) -> str:
    """The code of why nothing is offered on an alert that is open."""
    error = NotAllowed("alert.same_person", "") if handles else NotAllowed("alert.not_yours", "")
    return error.code


def _standing(row: Any) -> Standing:
    return Standing(
        state=AlertState(row.state),
        verdict=Verdict(row.verdict) if row.verdict else None,
        handlers=frozenset(row.handlers),
    )


def _row(uow: Work, row: Any) -> AlertRow:
    state = AlertState(row.state)
    return AlertRow(
        key=AlertKey(row.key),
        instance_key=InstanceKey(row.instance_key),
        number=row.number,
        process_name=row.process_name,
        unit_name=row.unit_name,
        element_id=ElementId(row.element_id),
        element_name=row.element_name,
        check_id=row.check_id,
        code=row.code,
        name=row.name,
        level=RiskLevel(row.level),
        outcome=row.outcome,
        state=state,
        verdict=Verdict(row.verdict) if row.verdict else None,
        repeats=row.repeats,
        climbed=row.climbed,
        raised_at=row.raised_at,
        due_at=row.due_at,
        overdue=row.due_at is not None and state is not AlertState.CLEARED and row.due_at < uow.now(),
    )


def _open(cipher: CaseCipher | None, row: Any) -> dict[str, Any]:
    """The evidence; empty once the key of the case is destroyed."""
    if cipher is None:
        return {}
    context = alert_context(row.instance_key, row.element_id, row.check_id)
    return unpacked(cipher.decrypt(bytes(row.body), context=context))


def _handling(cipher: CaseCipher | None, row: Any) -> AlertHandling:
    context = _handling_context(row.alert_key, row.number)
    return AlertHandling(
        step=AlertStep(row.step),
        verdict=Verdict(row.verdict) if row.verdict else None,
        person_name=row.person_name,
        unit_name=row.unit_name,
        at=row.at,
        text=cipher.decrypt(bytes(row.body), context=context).decode() if cipher else "",
        readable=cipher is not None,
    )


def _handling_context(key: int, number: int) -> bytes:
    """What ties an encrypted opinion to its alert and place."""
    return f"mingjing.alert-handling.v1:{key}:{number}".encode()


def _not_found() -> NotFound:
    return NotFound("alert.not_found", "there is no such alert, or it is not in your reach")
