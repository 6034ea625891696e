"""Exemptions and suppressions: why a finding has no consequence for a while. Each has an author, a reason and an end.

A supervisor grants them for cases of the own unit, never for what they act in themselves. The finding is still made,
traced and counted; what goes to the discipline body goes there all the same. Checks that only report can neither be
chosen nor exempted: `engine.supervision.gateway` asks nothing for them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.identity import access
from engine.model.actors import Actor, Client, Permission, Unit
from engine.model.errors import Conflict, Detail, Invalid, NotFound, Refused
from engine.model.exemptions import EndExemption, ExemptionKind, ExemptionRow, ExemptionScope, GrantExemption
from engine.model.findings import Judgement
from engine.model.indicators import CheckUse
from engine.model.trace_entries import EntryKind
from engine.service import calendars, check_uses, recording, rights
from engine.service.equipment import Work, required
from engine.service.handling import Attempt
from engine.store import cases, commands, erasures, exemptions, people
from engine.store.cases import CaseRecord

MAX_TEXT = 500
LONGEST = timedelta(days=366)
LISTED = 200
"""Rows of a list at most; what holds comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a form offers: the checks that are drawn, without those that only report, and units in reach."""

    uses: tuple[CheckUse, ...]
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    unit: Unit | None
    case: CaseRecord | None

    @property
    def path(self) -> str:
        return self.case.unit_path if self.case else self.unit.path if self.unit else ""


def search(uow: Work, actor: Actor, *, code: str = "", only_open: bool = False) -> tuple[ExemptionRow, ...]:
    """Those of units in reach, what holds first, `LISTED` at most. Raises NotAllowed."""
    today = _today(uow)
    rows = exemptions.search(uow, _patterns(actor), today, code=code, only_open=only_open, limit=LISTED)
    return tuple(_row(row, actor, today) for row in rows)


def counts(uow: Work, actor: Actor) -> Counter[str]:
    """How many hold in reach, by code of the check. Raises NotAllowed."""
    return Counter({row.check_code: row.open for row in exemptions.counts(uow, _patterns(actor), _today(uow))})


def choices(uow: Work, actor: Actor) -> Choices:
    """What the actor may choose from. Raises NotAllowed."""
    rights.require(actor, Permission.ALERT_HANDLE)
    units = tuple(unit for unit in people.list_units(uow) if _may(actor, unit.path))
    return Choices(uses=tuple(check_uses.drawn(uow)), units=units)


def grant(uow: Work, command: GrantExemption, actor: Actor, client: Client) -> ExemptionRow:
    """Grant one, traced in the system stream.

    Raises NotAllowed; Invalid for what is missing, a day that is over or more than a year away, or a check that is not
    drawn in a deployed process; NotFound for a case or unit out of reach; Refused for a case in which the author acts.
    """
    rights.require(actor, Permission.ALERT_HANDLE)
    reason = command.reason.strip()
    request = [
        command.kind, command.code, command.check_id, command.scope, command.number, command.unit, command.process_id,
        reason, command.until.isoformat(),
    ]  # fmt: skip
    attempt = Attempt(uow, actor, client, "exemption.grant", command.command_id, request)
    commands.lock(uow, actor.person_key, command.command_id)
    today = _today(uow)
    if (earlier := attempt.earlier()) is not None:
        return _row(required(exemptions.one(uow, int(earlier["key"])), "an exemption"), actor, today)
    _refuse_incomplete(uow, command, reason, today)
    place = _place(uow, command, actor)
    with attempt.deciding():
        _refuse_own(uow, place.case, actor)
    key = exemptions.add(uow, _values(uow, command, reason, place, actor))
    recording.to_system(
        uow,
        recording.draft(
            uow, EntryKind.EXEMPTION_GRANTED, actor, client, command.command_id, _told(key, command, reason, place)
        ),
    )
    attempt.keep({"key": str(key)})
    return _row(required(exemptions.one(uow, key), f"exemption {key}"), actor, today)


def end(uow: Work, command: EndExemption, actor: Actor, client: Client) -> ExemptionRow:
    """End one before its day. Raises NotAllowed, NotFound out of reach, Conflict when it has ended."""
    rights.require(actor, Permission.ALERT_HANDLE)
    attempt = Attempt(uow, actor, client, "exemption.end", command.command_id, [command.key])
    commands.lock(uow, actor.person_key, command.command_id)
    row, today = exemptions.one(uow, command.key), _today(uow)
    if row is None or not _may(actor, row.unit_path):
        raise NotFound("exemption.not_found", "there is no such exemption, or it is not in your reach")
    if attempt.earlier() is not None:
        return _row(row, actor, today)
    with attempt.deciding():
        if row.ended_at is not None or row.until < today:
            raise Conflict("exemption.ended", "this exemption has ended already")
    exemptions.end(uow, command.key, actor.person_key, uow.now())
    payload = {"exemption": str(command.key), "code": row.check_code, "used": row.used}
    entry = recording.draft(uow, EntryKind.EXEMPTION_ENDED, actor, client, command.command_id, payload)
    recording.to_system(uow, entry)
    attempt.keep({"key": str(command.key)})
    return _row(required(exemptions.one(uow, command.key), f"exemption {command.key}"), actor, today)


def count_used(uow: Work, judgements: Sequence[Judgement]) -> None:
    """Count the findings that have no consequence by a record; in the transaction that writes them."""
    times = Counter(
        int(result.exemption.id)
        for judgement in judgements
        for result in judgement.results
        if result.exemption is not None and result.exemption.author
    )
    if times:
        exemptions.used(uow, times)


def _refuse_incomplete(uow: Work, command: GrantExemption, reason: str, today: date) -> None:
    details = [
        Detail(place=place, code=code, message=message) for place, code, message in _missing(uow, command, today)
    ]
    if not reason or len(reason) > MAX_TEXT:
        details.append(Detail(place="reason", code="required", message="say why"))
    if details:
        raise Invalid("exemption.incomplete", "something is missing or wrong; see the places", details=details)


def _missing(uow: Work, command: GrantExemption, today: date) -> Iterator[tuple[str, str, str]]:
    drawn = [use for use in check_uses.drawn(uow) if use.code == command.code]
    if not any(command.check_id in ("", use.check_id) for use in drawn):
        yield "code", "unknown", "there is no such check in a deployed process"
    if command.scope is ExemptionScope.BUSINESS and command.process_id not in {use.process_id for use in drawn}:
        yield "process_id", "unknown", "this business has no such check"
    if not today <= command.until <= today + LONGEST:
        yield "until", "exemption_until", "the last day is today or later, and at most a year away"


def _place(uow: Work, command: GrantExemption, actor: Actor) -> _Place:
    if command.scope is ExemptionScope.CASE:
        key = erasures.case_of_number(uow, command.number.strip().upper()) if command.number.strip() else None
        case = cases.case(uow, key) if key is not None else None
        if case is None or not _may(actor, case.unit_path):
            raise rights.case_not_found()
        return _Place(unit=None, case=case)
    wanted = command.unit or actor.unit.code
    unit = next((one for one in people.list_units(uow) if one.code == wanted), None)
    if unit is None or not _may(actor, unit.path):
        raise NotFound("exemption.no_unit", "there is no such unit, or it is not in your reach")
    return _Place(unit=unit, case=None)


def _refuse_own(uow: Work, case: CaseRecord | None, actor: Actor) -> None:
    """Of a whole unit what the author acts in is left out when a case is judged (`engine.store.exemptions.holding`)."""
    if case is not None and (case.starter_key == actor.person_key or cases.worked(uow, case.key, actor.person_key)):
        raise Refused("exemption.own_case", "you act in this case; somebody else has to grant the exemption")


def _values(uow: Work, command: GrantExemption, reason: str, place: _Place, actor: Actor) -> dict[str, object]:
    return {
        "kind": command.kind.value,
        "check_code": command.code,
        "check_id": command.check_id,
        "scope": command.scope.value,
        "instance_key": place.case.key if place.case else None,
        "process_id": command.process_id if command.scope is ExemptionScope.BUSINESS else "",
        "unit_path": place.path,
        "unit_name": place.case.unit_name if place.case else place.unit.name if place.unit else "",
        "reason": reason,
        "until": command.until,
        "person_key": actor.person_key,
        "person_name": actor.name,
        "created_at": uow.now(),
    }


def _told(key: int, command: GrantExemption, reason: str, place: _Place) -> dict[str, object]:
    return {
        "exemption": str(key),
        "exemption_kind": command.kind.value,
        "code": command.code,
        "check": command.check_id,
        "scope": command.scope.value,
        "instance": str(place.case.key) if place.case else None,
        "process": command.process_id if command.scope is ExemptionScope.BUSINESS else "",
        "unit": place.case.unit_name if place.case else place.unit.name if place.unit else "",
        "reason": reason,
        "until": command.until.isoformat(),
    }


def _row(row: Any, actor: Actor, today: date) -> ExemptionRow:
    holds = row.ended_at is None and row.until >= today
    return ExemptionRow(
        key=row.key,
        kind=ExemptionKind(row.kind),
        code=row.check_code,
        check_id=row.check_id,
        scope=ExemptionScope(row.scope),
        number=row.number,
        process_id=row.process_id,
        unit_name=row.unit_name,
        reason=row.reason,
        until=row.until,
        person_name=row.person_name,
        created_at=row.created_at,
        ended_at=row.ended_at,
        ended_by_name=row.ended_by_name,
        used=row.used,
        open=holds,
        may_end=holds and _may(actor, row.unit_path),
    )


def _patterns(actor: Actor) -> tuple[str, ...]:
    reads = next((one for one in (Permission.ALERT_READ, Permission.DISCIPLINE_READ) if rights.has(actor, one)), None)
    rights.require(actor, reads or Permission.ALERT_READ)
    return rights.patterns(actor, reads or Permission.ALERT_READ)


def _may(actor: Actor, unit_path: str) -> bool:
    return access.may(actor, Permission.ALERT_HANDLE, unit_path=unit_path, owner=None).allowed


def _today(uow: Work) -> date:
    return calendars.current(uow).day_of(uow.now())
