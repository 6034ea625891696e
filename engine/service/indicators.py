"""The indicator library (量化行权指标): a version is proposed by one person and published by another, for good.

The city gives a value and says how far districts may go; a district's value outside of that is refused. Which version
holds on which day is `engine.supervision.indicators`, pure. Nothing is ever changed: what was published once is what
the cases of its days were judged by.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from engine.identity import access
from engine.model.actors import Actor, Client, Permission, Unit, UnitLevel
from engine.model.commands import DecideIndicator, ProposeIndicator
from engine.model.errors import Conflict, Detail, Invalid, NotAllowed, NotFound, Refused
from engine.model.indicators import (
    Indicator,
    IndicatorDecision,
    IndicatorKind,
    IndicatorRow,
    IndicatorState,
    IndicatorVersion,
    IndicatorView,
    ValueType,
)
from engine.model.trace_entries import EntryKind
from engine.service import check_uses, recording, rights
from engine.service.equipment import Work, required
from engine.service.handling import Attempt, new_command_id
from engine.store import commands, indicators, people
from engine.supervision import indicator_values
from engine.supervision.indicators import IndicatorsOfTheDay, Library

MAX_TEXT = 500
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")
MAX_CODE = 80


def propose(uow: Work, command: ProposeIndicator, actor: Actor, client: Client) -> IndicatorVersion:
    """Propose a version. Nothing holds by it until somebody else publishes it.

    Raises NotAllowed beyond the actor's district, Invalid for what is missing or of another type, Refused as
    `Library.adding` does, ``indicator.retroactive`` for a day before today that would change what earlier days had, and
    ``indicator.differs`` for a version whose kind, type or unit is not that of the indicator.
    """
    rights.require(actor, Permission.INDICATOR_KEEP)
    indicator, reason = replace(command.indicator, version=0), command.reason.strip()
    request = [_payload(indicator), reason]
    attempt = Attempt(uow, actor, client, "indicator.propose", command.command_id, request)
    commands.lock(uow, actor.person_key, command.command_id)
    if (earlier := attempt.earlier()) is not None:
        return _version(required(indicators.version(uow, int(earlier["key"])), "a proposed version"))
    _refuse_incomplete(indicator, reason)
    district = _district(uow, actor, indicator.district)
    indicators.lock(uow)
    with attempt.deciding():
        _adding(uow, indicator)
    key = _write_proposal(uow, indicator, reason, actor, client, command.command_id)
    attempt.keep({"key": str(key)})
    made = _version(required(indicators.version(uow, key), f"version {key}"))
    return replace(made, district_name=district.name if district else "")


def decide(uow: Work, command: DecideIndicator, actor: Actor, client: Client) -> IndicatorVersion:
    """Publish a proposed version, or turn it down. Whoever proposed it may not.

    Raises NotFound, NotAllowed, Conflict when it was decided before, Refused when it does not fit any more.
    """
    rights.require(actor, Permission.INDICATOR_KEEP)
    reason = command.reason.strip()
    attempt = Attempt(
        uow, actor, client, "indicator.decide", command.command_id, [command.key, command.publish, reason]
    )
    commands.lock(uow, actor.person_key, command.command_id)
    if attempt.earlier() is not None:
        return _version(required(indicators.version(uow, command.key), f"version {command.key}"))
    indicators.lock(uow)
    row = indicators.version(uow, command.key)
    if row is None:
        raise NotFound("indicator.not_found", "there is no such version of an indicator")
    found = _version(row)
    _district(uow, actor, found.indicator.district)
    if not reason or len(reason) > MAX_TEXT:
        raise _incomplete(["reason"])
    with attempt.deciding():
        number = _number(uow, found, actor, publish=command.publish)
    _write_decision(uow, found, number, reason, actor, client, command.command_id)
    attempt.keep({})
    return _version(required(indicators.version(uow, command.key), f"version {command.key}"))


def take_over(uow: Work, indicator: Indicator, reason: str, proposer: Actor, decider: Actor, client: Client) -> None:
    """Put in a version that held before the library was kept here: for its first filling, traced as any other.

    Raises as `propose` does, but earlier days than today are let in.
    """
    _refuse_incomplete(indicator, reason)
    indicators.lock(uow)
    number = _adding(uow, indicator, earlier_days=True)
    key = _write_proposal(uow, indicator, reason, proposer, client, new_command_id())
    found = _version(required(indicators.version(uow, key), f"version {key}"))
    _write_decision(uow, found, number, reason, decider, client, new_command_id())


def search(uow: Work, actor: Actor, kind: IndicatorKind | None = None) -> tuple[IndicatorRow, ...]:
    """All indicators by code, with the values of today. Raises NotAllowed."""
    rights.require(actor, Permission.INDICATOR_READ)
    found = [_version(row) for row in indicators.versions(uow)]
    today = _today(uow)
    rows = [_list_row(code, [one for one in found if one.indicator.code == code], today) for code in _codes(found)]
    return tuple(row for row in rows if kind is None or row.kind is kind)


def view(uow: Work, actor: Actor, code: str) -> IndicatorView:
    """One indicator with all its versions, newest first, and the checks that name it. Raises NotFound."""
    rights.require(actor, Permission.INDICATOR_READ)
    found = tuple(_version(row) for row in indicators.versions(uow, code))
    if not found:
        raise _not_found(code)
    keeps = rights.has(actor, Permission.INDICATOR_KEEP)
    waiting = [one for one in found if keeps and one.decision is None and one.proposed_by != actor.person_key]
    return IndicatorView(
        row=_list_row(code, found, _today(uow)),
        versions=found,
        uses=check_uses.of_indicator(uow, code),
        decidable=frozenset(one.key for one in waiting if _reaches(uow, actor, one.indicator.district)),
    )


def of_day(
    uow: Work, actor: Actor, code: str, day: date | None = None, *, business_type: str = "", district: str = ""
) -> Indicator:
    """The version that holds on a day (today when None) for a scope. Raises NotFound when none does."""
    rights.require(actor, Permission.INDICATOR_READ)
    found = Library.stored(published(uow, code)).find(
        code, day or _today(uow), business_type=business_type, district=district
    )
    if found is None:
        raise _not_found(code)
    return found


def of_case(uow: Work, day: date, business_type: str, unit_path: str) -> IndicatorsOfTheDay:
    """The library as a case sees it. One statement; the library itself is read again only after a decision."""
    standing = indicators.standing(uow, unit_path)
    library = uow.equipment.compiled.get(("indicators", str(standing.stamp)), lambda: Library.stored(published(uow)))
    return IndicatorsOfTheDay(library=library, day=day, business_type=business_type, district=standing.district)


def published(uow: Work, code: str | None = None) -> list[Indicator]:
    """All published versions; of one indicator, or all."""
    found = (_version(row) for row in indicators.versions(uow, code))
    return [one.indicator for one in found if one.state is IndicatorState.PUBLISHED]


def districts(uow: Work, actor: Actor) -> tuple[Unit, ...]:
    """The districts whose values the actor may keep."""
    return tuple(
        unit for unit in people.list_units(uow) if unit.level is UnitLevel.DISTRICT and _may_keep(actor, unit.path)
    )


def keeps_city(uow: Work, actor: Actor) -> bool:
    """Whether the actor may keep the values of the whole city."""
    return _reaches(uow, actor, "")


def _reaches(uow: Work, actor: Actor, district: str) -> bool:
    units = people.list_units(uow)
    unit = units[0] if not district else next((one for one in units if one.code == district), None)
    return unit is not None and _may_keep(actor, unit.path)


def _may_keep(actor: Actor, unit_path: str) -> bool:
    return access.may(actor, Permission.INDICATOR_KEEP, unit_path=unit_path, owner=None).allowed


def _district(uow: Work, actor: Actor, district: str) -> Unit | None:
    """The unit of a district; None for the city. Raises Invalid for another code, NotAllowed out of reach."""
    unit = next((one for one in people.list_units(uow) if one.code == district), None) if district else None
    if district and (unit is None or unit.level is not UnitLevel.DISTRICT):
        detail = Detail(place="district", code="option", message="the code of a unit on the level of districts")
        raise Invalid("indicator.incomplete", f"{district[:50]!r} is no district", details=[detail])
    if not _reaches(uow, actor, district):
        raise NotAllowed("indicator.not_yours", "you may only keep the values of your own district")
    return unit


def _refuse_incomplete(indicator: Indicator, reason: str) -> None:
    missing = [
        name
        for name, text in {"name": indicator.name, "law": indicator.law, "reason": reason}.items()
        if not text.strip() or len(text) > MAX_TEXT
    ]
    if len(indicator.code) > MAX_CODE or not CODE.fullmatch(indicator.code):
        missing.insert(0, "code")
    if indicator.district and indicator.district_limits is not None:
        missing.append("district_limits")
    if missing:
        raise _incomplete(missing)


def _incomplete(places: Iterable[str]) -> Invalid:
    details = [Detail(place=place, code="required", message="needed, and not longer than allowed") for place in places]
    return Invalid("indicator.incomplete", "something is missing or wrong; see the places", details=details)


def _adding(uow: Work, indicator: Indicator, *, earlier_days: bool = False) -> int:
    """The number that a version gets when it is published now. Raises Refused and Invalid when it does not fit."""
    known = published(uow, indicator.code)
    scope = (indicator.business_type, indicator.district)
    own = [one for one in known if (one.business_type, one.district) == scope]
    number = max((one.version for one in own), default=0) + 1
    like = (indicator.kind, indicator.value_type, indicator.unit)
    other = next((one for one in known if (one.kind, one.value_type, one.unit) != like), None)
    if other is not None:
        raise Refused(
            "indicator.differs",
            f"{indicator.code} is {other.kind.value}, {other.value_type.value}, in {other.unit or 'no unit'}",
            params={"indicator": indicator.code},
        )
    Library.stored(known).adding(replace(indicator, version=number))
    if known and not earlier_days and indicator.valid_from < _today(uow):
        raise Refused(
            "indicator.retroactive",
            f"a version of {indicator.code} may not hold before today: cases were judged by the value of those days",
            params={"indicator": indicator.code},
        )
    return number


def _number(uow: Work, found: IndicatorVersion, actor: Actor, *, publish: bool) -> int | None:
    """The number of the version that is published; None when it is turned down."""
    if found.decision is not None:
        raise Conflict("indicator.decided", "somebody decided about this version meanwhile; look at it again")
    if found.proposed_by == actor.person_key:
        raise NotAllowed("indicator.same_person", "whoever proposed a version may not decide about it")
    return _adding(uow, found.indicator) if publish else None


def _write_proposal(uow: Work, indicator: Indicator, reason: str, actor: Actor, client: Client, command_id: str) -> int:
    key = uow.keys(1)[0]
    shape = _payload(indicator)
    days = {"valid_from": indicator.valid_from, "valid_to": indicator.valid_to}
    who = {"proposed_by": actor.person_key, "proposer_name": actor.name, "proposed_at": uow.now()}
    indicators.propose(uow, {"key": key, **shape, **days, "reason": reason, **who})
    payload = {"version": str(key), **shape, "reason": reason}
    recording.to_system(uow, recording.draft(uow, EntryKind.INDICATOR_PROPOSED, actor, client, command_id, payload))
    return key


def _write_decision(
    uow: Work, found: IndicatorVersion, number: int | None, reason: str, actor: Actor, client: Client, command_id: str
) -> None:
    """number: of the version in its scope; None turns it down."""
    state = IndicatorState.PUBLISHED if number is not None else IndicatorState.REJECTED
    common = {"state": state.value, "reason": reason}
    who = {"decided_by": actor.person_key, "decider_name": actor.name, "decided_at": uow.now()}
    indicators.decide(uow, {"version_key": found.key, "version": number, **common, **who})
    indicator = found.indicator
    scope = {"code": indicator.code, "business_type": indicator.business_type, "district": indicator.district}
    payload = {"version": str(found.key), **scope, "number": number, **common}
    recording.to_system(uow, recording.draft(uow, EntryKind.INDICATOR_DECIDED, actor, client, command_id, payload))


def _payload(indicator: Indicator) -> dict[str, object]:
    """A version in the trace."""
    limits = indicator.district_limits
    return {
        "code": indicator.code,
        "name": indicator.name.strip(),
        "kind": indicator.kind.value,
        "value_type": indicator.value_type.value,
        "value": indicator_values.plain(indicator.value),
        "unit": indicator.unit,
        "law": indicator.law.strip(),
        "business_type": indicator.business_type,
        "district": indicator.district,
        "district_limits": indicator_values.plain_interval(limits) if limits is not None else None,
        "valid_from": indicator.valid_from.isoformat(),
        "valid_to": indicator.valid_to.isoformat() if indicator.valid_to else None,
    }


def _version(row: Any) -> IndicatorVersion:
    kind = ValueType(row.value_type)
    indicator = Indicator(
        code=row.code,
        name=row.name,
        kind=IndicatorKind(row.kind),
        value_type=kind,
        value=indicator_values.read(kind, row.value),
        law=row.law,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        version=row.version or 0,
        unit=row.unit,
        business_type=row.business_type,
        district=row.district,
        district_limits=indicator_values.read_interval(row.district_limits) if row.district_limits else None,
    )
    return IndicatorVersion(
        key=row.key,
        indicator=indicator,
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposer_name=row.proposer_name,
        proposed_at=row.proposed_at,
        decision=_decision(row) if row.state is not None else None,
        district_name=row.district_name,
    )


def _decision(row: Any) -> IndicatorDecision:
    return IndicatorDecision(
        state=IndicatorState(row.state),
        person_key=row.decided_by,
        person_name=row.decider_name,
        at=row.decided_at,
        reason=row.decision_reason,
    )


def _codes(found: Iterable[IndicatorVersion]) -> list[str]:
    return sorted({one.indicator.code for one in found})


def _list_row(code: str, found: Sequence[IndicatorVersion], day: date) -> IndicatorRow:
    """found: all versions of the indicator, newest first."""
    library = Library.stored(one.indicator for one in found if one.state is IndicatorState.PUBLISHED)
    names = {one.indicator.district: one.district_name for one in found if one.indicator.district}
    kinds = sorted({one.indicator.business_type for one in found})
    city = [library.find(code, day, business_type=business) for business in kinds]
    own = [
        (name, library.find(code, day, business_type=business, district=district))
        for business in kinds
        for district, name in sorted(names.items())
    ]
    newest = next((one for one in found if one.state is IndicatorState.PUBLISHED), found[0]).indicator
    return IndicatorRow(
        code=code,
        name=newest.name,
        kind=newest.kind,
        today=next((one for one in city if one is not None), None),
        districts=tuple((name, one) for name, one in own if one is not None and one.district),
        open_proposals=sum(one.decision is None for one in found),
    )


def _today(uow: Work) -> date:
    return uow.now().astimezone(uow.equipment.zone).date()


def _not_found(code: str) -> NotFound:
    return NotFound("indicator.not_found", f"no indicator {code[:80]!r} holds", params={"indicator": code[:80]})
