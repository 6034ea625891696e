"""Time limits that run: begun and ended by the steps of a case, stopped by special procedures, turned by the clock.

A limit has one row in the table of what is due, for the next turn of its light; a turn is judged as a check and traced
once (`deadline.turned.v1`), whoever claims the row. While the clock stands still the row is held; when it goes on, all
instants are counted anew with the pause taken out. So nothing here depends on how long the clock process was away.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from engine.model.definitions import ClockStop, TimeLimit
from engine.model.findings import Judgement, Light
from engine.model.ids import ElementId
from engine.model.personal import NoticeKind
from engine.model.trace_entries import EntryKind
from engine.model.transitions import Step
from engine.model.views import InstanceState
from engine.model.working_days import Pause
from engine.service import actions, calendars, notices, payloads, recording, time_limits
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.service.recording import CLOCK
from engine.service.time_limits import WHOLE_CASE, Begun, Passed, Timed, limit_of
from engine.store import cases, deadlines, due
from engine.store.case_sql import FREE_CASE
from engine.store.cases import CaseRecord
from engine.store.deadlines import DeadlineRecord
from engine.store.due import DueRow
from engine.supervision import policy
from engine.supervision import time_limits as rules
from engine.supervision.time_limits import Turns
from engine.trace.crypto import CaseCipher

Working = Callable[[], AbstractContextManager[Work]]
BATCH = 200

SUSPENSION = "suspension"
"""The kind of a pause that lasts while the whole case is suspended."""


def follow(uow: Work, case: CaseRecord, step: Step, cipher: CaseCipher, *, first: bool = False) -> CaseRecord:
    """Begin and end the limits of a step that has just been written; the case after it. first: it began the case."""
    timed = time_limits.timed(uow, case.digest, case.process_id)
    if timed.nothing:
        return case
    found = time_limits.passed(uow, case, step, timed, first=first)
    if not (found.begun or found.stopped or found.closed or step.ended):
        return case
    now = uow.now()
    if any(instance.rpartition("#")[0] in timed.stops for instance in found.closed):
        case = _resumed(uow, case, cipher, found, timed, now)
    begun = [_begun(uow, one, now) for one in found.begun]
    deadlines.follow(uow, case.key, now, begun=begun, closed=found.closed, over=step.ended)
    for unknown in (one for one in found.begun if _turns(uow, one.limit, now, now, ()).unknown_year is not None):
        case = _say_unknown(uow, case, cipher, unknown, now)
    for instance, element, pause in found.stopped:
        case = _stop_at_node(uow, case, cipher, instance, (element, timed.names[element]), pause)
    return case


def hold(uow: Work, case: CaseRecord, kind: str, *, person: int | None = None, instance: str = "") -> None:
    """Let the clock of a locked case stand still, but for the node `instance` that makes it; the caller traces it."""
    if time_limits.timed(uow, case.digest, case.process_id).nothing:
        return
    deadlines.hold(uow, case.key, kind, uow.now(), element_instance=instance, person=person)


def release(uow: Work, case: CaseRecord, kind: str) -> None:
    """End the pauses of a kind that somebody made, and let the clock go on if nothing else stops it."""
    if time_limits.timed(uow, case.digest, case.process_id).nothing:
        return
    lasting = [one for one in deadlines.pauses(uow, case.key) if one.until_at is None]
    over = [one for one in lasting if one.kind == kind and not one.element_instance]
    deadlines.go_on(uow, [one.key for one in over], uow.now())
    if len(over) == len(lasting):
        recount(uow, case, uow.now())


def _stop_at_node(
    uow: Work, case: CaseRecord, cipher: CaseCipher, instance: str, element: tuple[str, str], pause: ClockStop
) -> CaseRecord:
    """A token has come to where the clock stands still. Traced with the reason that the model gives."""
    hold(uow, case, pause.kind, instance=instance)
    payload = {
        "instance": str(case.key),
        "kind": pause.kind,
        "element": {"id": element[0], "name": element[1]},
        "reason": payloads.personal(pause.reason),
    }
    return _append(uow, case, cipher, EntryKind.CLOCK_PAUSED, payload)


def turn(uow: Work, row: DueRow) -> bool:
    """Turn the light of a limit that is due. False when somebody works on the case right now.

    A turn that was missed while no clock ran is made up for at once, and told once, as the light that it is by now.
    """
    case = cases.locked(uow, FREE_CASE, required(row.instance_key, f"the case of deadline {row.key}"))
    if case is None:
        return False
    running = deadlines.running(uow, case.key)
    record = next((one for one in running if one.element_instance == row.element_instance), None)
    if case.wrapped_key is None or record is None or case.ended_at is not None:
        due.done(uow, row.key)
        return True
    if case.state is InstanceState.SUSPENDED or record.stopped_at is not None:
        due.park(uow, row.key)
        return True
    now, limit, found = uow.now(), limit_of(record), _stored(record)
    shown, before = rules.light(found, now), Light(record.light)
    if list(Light).index(shown) > list(Light).index(before):
        _tell(uow, case, record, limit, found, shown, _in_time(running, record, now))
    deadlines.move(uow, now, [_moved(record, found, shown, stopped_at=None)])
    return True


def _tell(
    uow: Work, case: CaseRecord, record: DeadlineRecord, limit: TimeLimit, found: Turns, shown: Light, in_time: bool
) -> None:
    """Trace a turn, and take its actions."""
    cipher, now = uow.required_cipher(case.wrapped_key), uow.now()
    result = rules.result(
        limit,
        found,
        shown,
        element_id=ElementId(record.element_id or case.process_id),
        started_at=record.started_at,
        at=now,
        calendar=calendars.current(uow),
        pauses=_pauses(uow, case),
        case_in_time=in_time,
    )
    judgement = Judgement(
        element_id=result.element_id,
        level=policy.level([result]),
        results=(result,),
        element_name=record.element_name,
    )
    case = _trace(uow, case, cipher, record.element_instance, judgement, shown)
    actions.follow(uow, case, [judgement], cipher)
    if shown is not Light.GREEN and not result.silent:
        _tell_handlers(uow, case, record, shown)


def _tell_handlers(uow: Work, case: CaseRecord, record: DeadlineRecord, shown: Light) -> None:
    """Tell those who are to do the node of a limit, or whatever waits when it is the limit of the whole case."""
    waiting = cases.user_tasks(uow, case.key, only_open=True)
    whole = record.element_instance == WHOLE_CASE
    keys = [one.key for one in waiting if whole or one.element_instance.partition("+")[0] == record.element_instance]
    kind = NoticeKind.TIME_NEAR if shown is Light.YELLOW else NoticeKind.TIME_OVER
    notices.tell_holders(uow, keys, kind, by=None, instance_key=case.key)


def _trace(
    uow: Work, case: CaseRecord, cipher: CaseCipher, instance: str, judgement: Judgement, shown: Light
) -> CaseRecord:
    payload = {
        "instance": str(case.key),
        "element": {"id": judgement.element_id, "name": judgement.element_name, "instance": instance},
        "light": shown,
        "judgements": payloads.judgements([judgement]),
    }
    return _append(uow, case, cipher, EntryKind.DEADLINE_TURNED, payload)


def _say_unknown(uow: Work, case: CaseRecord, cipher: CaseCipher, begun: Begun, now: datetime) -> CaseRecord:
    """A limit that leads into a year without a notice is told when it begins."""
    year = _turns(uow, begun.limit, now, now, ()).unknown_year or 0
    result = rules.cannot_say(ElementId(begun.element_id or case.process_id), begun.limit, year)
    judgement = Judgement(
        element_id=result.element_id, level=policy.level([result]), results=(result,), element_name=begun.name
    )
    return _trace(uow, case, cipher, begun.instance, judgement, Light.GREEN)


def _in_time(running: Sequence[DeadlineRecord], record: DeadlineRecord, now: datetime) -> bool:
    """Whether this is a node's limit and the whole case has one that is not over (未超总期限但环节超时)."""
    whole = next((one for one in running if one.element_instance == WHOLE_CASE and one is not record), None)
    return whole is not None and whole.due_at is not None and now < whole.due_at


def _resumed(uow: Work, case: CaseRecord, cipher: CaseCipher, found: Passed, timed: Timed, now: datetime) -> CaseRecord:
    """End the stops of nodes that are over, traced, and let the clock go on if nothing else stops it."""
    lasting = [one for one in deadlines.pauses(uow, case.key) if one.until_at is None]
    over = [one for one in lasting if one.element_instance in found.closed]
    if over:
        deadlines.go_on(uow, [one.key for one in over], now)
    for one in over:
        element = ElementId(one.element_instance.rpartition("#")[0])
        name = timed.names.get(element, element)
        payload = _resumption(case, one, {"id": element, "name": name}, "")
        case = _append(uow, case, cipher, EntryKind.CLOCK_RESUMED, payload)
    if over and len(over) == len(lasting):
        recount(uow, case, now)
    return case


def _resumption(case: CaseRecord, pause: Any, element: dict[str, str] | None, reason: str) -> dict[str, object]:
    return {
        "instance": str(case.key),
        "kind": pause.kind,
        "element": element,
        "paused_at": pause.from_at,
        "reason": payloads.personal(reason),
    }


def _append(
    uow: Work, case: CaseRecord, cipher: CaseCipher, kind: EntryKind, payload: Mapping[str, object]
) -> CaseRecord:
    """Add an entry to a locked case's trace, by the clock."""
    entry = recording.draft(uow, kind, None, CLOCK, new_command_id(), payload)
    case = recording.to_case(uow, case, cipher, entry)
    cases.move_head(uow, case)
    return case


def recount(uow: Work, case: CaseRecord, now: datetime) -> None:
    """Count the limits of a locked case anew and let their clock run: a pause is over, or the calendar was changed."""
    pauses, calendar = _pauses(uow, case), calendars.current(uow)
    changed = []
    for record in deadlines.running(uow, case.key):
        found = rules.turns(limit_of(record), record.started_at, now, calendar, pauses, record.reset_at)
        order = list(Light)
        light = min(Light(record.light), rules.light(found, now), key=order.index)
        changed.append(_moved(record, found, light, stopped_at=None, calendar=calendar.version))
    deadlines.move(uow, now, changed)


def recount_all(working: Working) -> int:
    """Count the limits of all running cases anew, each case in a transaction of its own; how many cases.

    Where the clock stands still nothing is done: it is counted when it goes on.
    """
    key = count = 0
    while True:
        with working() as uow:
            found = deadlines.batch(uow, key, BATCH)
        for instance in dict.fromkeys(one.instance_key for one in found):
            with working() as uow:
                case = cases.case(uow, instance, lock=True)
                if case is not None and not any(one.until_at is None for one in deadlines.pauses(uow, instance)):
                    recount(uow, case, uow.now())
                    count += 1
        if len(found) < BATCH:
            return count
        key = found[-1].key


def _begun(uow: Work, one: Begun, now: datetime) -> dict[str, object]:
    found, limit = _turns(uow, one.limit, now, now, ()), one.limit
    return {
        "element_id": one.element_id,
        "element_instance": one.instance,
        "element_name": one.name,
        "amount": limit.term.amount,
        "legal": limit.legal,
        "unit": limit.term.unit,
        "warn": limit.term.warn,
        "warn_unit": limit.term.warn_unit,
        "actions": sorted(limit.actions),
        "calendar": calendars.current(uow).version,
        **_instants(found),
    }


def _moved(
    record: DeadlineRecord, found: Turns, light: str, *, stopped_at: datetime | None, calendar: str = ""
) -> dict[str, object]:
    return {
        "key": record.key,
        "light": light,
        "reset_at": _text(record.reset_at),
        "stopped_at": _text(stopped_at),
        "calendar": calendar or record.calendar,
        "next_at": _text(rules.next_turn(found, Light(light))),
        **_instants(found),
    }


def _instants(found: Turns) -> dict[str, object]:
    return {
        "warn_at": _text(found.warn_at),
        "due_at": _text(found.due_at),
        "again_at": _text(found.again_at),
        "unknown_year": found.unknown_year,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _stored(record: DeadlineRecord) -> Turns:
    return Turns(
        warn_at=record.warn_at,
        due_at=record.due_at,
        again_at=record.again_at,
        unknown_year=record.unknown_year,
    )


def _turns(uow: Work, limit: TimeLimit, started_at: datetime, now: datetime, pauses: Sequence[Pause]) -> Turns:
    return rules.turns(limit, started_at, now, calendars.current(uow), pauses)


def _pauses(uow: Work, case: CaseRecord) -> list[Pause]:
    return [Pause(from_at=row.from_at, until_at=row.until_at, kind=row.kind) for row in deadlines.pauses(uow, case.key)]
