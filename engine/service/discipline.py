"""Silent supervision: checks that only report to the discipline body, and the desk where that body reads them.

What is watched stands in no model: a place is a keyed hash of process and element, what is asked there is ciphertext.
Every answer, whatever it says, leaves one sealed row of one size with a random key. So neither rows, sizes, sequence
numbers, statements nor time tell whether anything was found, and nobody of the unit can read or count findings; see
docs/developer/supervision.md.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.model.actors import Actor, Permission
from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.discipline import DeskView, ReportView
from engine.model.errors import NotFound, Refused
from engine.model.findings import Action, CheckOutcome, CheckPhase, CheckResult, Judgement, RiskLevel
from engine.model.ids import ElementId
from engine.model.transitions import Step
from engine.service import lookups, paging, rights
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work
from engine.service.judging import judge_with
from engine.service.packing import packed, unpacked
from engine.store import cursors, discipline
from engine.store.cases import CaseRecord
from engine.supervision.recipients import Body, recipient
from engine.trace import sealed_box
from engine.trace.crypto import CaseCipher

BOXES = 2000
"""Boxes that a desk tries to open for one page; the page's cursor goes on from the last of them."""

REPORTS = 50
"""Findings of one page at most."""

_MOMENTS = {"completed": (CheckPhase.SUBMIT, CheckPhase.AFTER), "activated": (CheckPhase.ENTRY,)}


def watch(uow: Work, process_id: str, element_id: str, check: CheckDefinition) -> None:
    """Have a report-only check judged at a node from now on. The check's actions and blocking are not asked for."""
    body = packed(
        {
            "id": check.id,
            "code": check.code,
            "name": check.name,
            "level": check.level,
            "phase": check.phase,
            "parameters": dict(check.parameters),
        }
    )
    data_key, wrapped = uow.equipment.provider.new_case_key()
    cipher = CaseCipher(uow.equipment.provider, data_key, name="watch")
    place = _place(uow, process_id, element_id)
    discipline.watch(uow, place, wrapped, cipher.encrypt(body, context=b"mingjing.watched.v1:" + place))


def report(uow: Work, case: CaseRecord, step: Step, actor: Actor | None, facts: CaseFacts) -> None:
    """Judge what is watched at the places that a step passed, and seal the answer of every check that reports."""
    _seal(uow, case, [*_drawn(step.judgements), *_watched(uow, case, step, facts)], actor)


def report_judgements(uow: Work, case: CaseRecord, judgements: Sequence[Judgement]) -> None:
    """Seal the answers that report among what was judged beside a step."""
    _seal(uow, case, list(_drawn(judgements)), None)


def _seal(uow: Work, case: CaseRecord, found: Sequence[tuple[str, CheckResult]], actor: Actor | None) -> None:
    if not found:
        return
    bodies = _bodies(uow)
    chain = discipline.chain(uow, case.unit_path)
    boxes = []
    for element_name, result in found:
        body = recipient(
            bodies, chain=chain, authorities=_named(result, "managed_by"), concerned=_named(result, "unit_code")
        )
        if body is not None:
            boxes.append(sealed_box.seal(body.public_key, _content(case, actor, element_name, result, uow.now())))
    if boxes:
        discipline.add_reports(uow, uow.now(), boxes)


def desk(uow: Work, actor: Actor, cursor: str | None = None, limit: int = REPORTS) -> DeskView:
    """What was reported to the actor's body, newest first. Looking is noted.

    Raises NotAllowed, Refused without key, Invalid for a cursor that is none.
    """
    body, private = _desk_of(uow, actor)
    limit = max(1, min(limit, paging.MAX_LIMIT))
    rows = discipline.reports(uow, BOXES + 1, _place_after(cursor))
    findings: list[ReportView] = []
    judged, last = 0, None
    for row in rows[:BOXES]:
        content = sealed_box.open_box(private, bytes(row.box))
        last = row
        if content is None:
            continue
        judged += 1
        found = unpacked(content)
        if found["outcome"] != CheckOutcome.CLEAR:
            findings.append(_view(body, row, found))
            if len(findings) == limit:
                break
    _note(uow, body, actor, {"looked_at": "desk"})
    more = last is not None and last is not rows[-1]
    following = cursors.encode(last.at, last.key.int) if more and last is not None else None
    return DeskView(body_name=body.name, reports=tuple(findings), judged=judged, next_cursor=following)


def _place_after(cursor: str | None) -> tuple[datetime, uuid.UUID] | None:
    position = cursors.decode(cursor)
    if position is None:
        return None
    at, number = position
    if at is None or not 0 <= number < 1 << 128:
        raise cursors.no_page()
    return at, uuid.UUID(int=number)


def one(uow: Work, actor: Actor, key: str) -> ReportView:
    """One report. Looking is noted. Raises NotFound when it was not sealed for the actor's body."""
    body, private = _desk_of(uow, actor)
    try:
        row = discipline.report(uow, uuid.UUID(key))
    except ValueError:
        row = None
    content = sealed_box.open_box(private, bytes(row.box)) if row is not None else None
    found = unpacked(content) if content is not None else {}
    if not found or found["outcome"] == CheckOutcome.CLEAR:
        raise NotFound("discipline.not_found", "there is no such report, or it was not sealed for you")
    _note(uow, body, actor, {"looked_at": key})
    return _view(body, row, found)


def of_case(uow: Work, actor: Actor, key: int) -> tuple[ReportView, ...]:
    """Findings of one case that were reported to the actor's body, newest first. Looking is noted.

    Empty for whoever is not of a discipline body: then nothing is read, and nothing noted.
    """
    if not rights.has(actor, Permission.DISCIPLINE_READ):
        return ()
    body, private = _desk_of(uow, actor)
    opened = ((row, sealed_box.open_box(private, bytes(row.box))) for row in _all_boxes(uow))
    mine = ((row, unpacked(content)) for row, content in opened if content is not None)
    found = tuple(
        _view(body, row, told)
        for row, told in mine
        if told["outcome"] != CheckOutcome.CLEAR and told.get("instance") == str(key)
    )
    if found:
        _note(uow, body, actor, {"looked_at": f"case {found[0].number}"})
    return found


def _all_boxes(uow: Work) -> Iterator[Any]:
    """Every sealed report, newest first, read in pages: which case a box is about can only be seen by opening it."""
    place: tuple[datetime, uuid.UUID] | None = None
    while rows := discipline.reports(uow, BOXES, place):
        yield from rows
        place = (rows[-1].at, rows[-1].key)


def watched_checks(uow: Work) -> Callable[[str, str], tuple[CheckDefinition, ...]]:
    """What is watched at an element of a process, for whoever may know of it: the caller asks for the right."""
    found: dict[bytes, list[CheckDefinition]] = {}
    for row in discipline.all_watched(uow):
        found.setdefault(bytes(row.place), []).append(_check(uow, row, bytes(row.place)))
    return lambda process_id, element_id: tuple(found.get(_place(uow, process_id, element_id), ()))


def note_trial(uow: Work, actor: Actor, number: str, place: str) -> None:
    """Note in the desk's own trail that a check was tried on a case. Raises as `desk` does."""
    body, _ = _desk_of(uow, actor)
    _note(uow, body, actor, {"tried": place, "number": number})


def found_body(uow: Work, *, code: str, name: str, unit_code: str, parent: str, manages: tuple[str, ...]) -> None:
    """Register a discipline body with a fresh key pair; the private key goes into the folder of keys, 0600."""
    folder = _folder(uow)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{code}.key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(sealed_box.new_private_key())
    public = sealed_box.public_key(file.read_bytes())
    values = {"code": code, "name": name, "unit_code": unit_code, "parent": parent, "manages": list(manages)}
    discipline.put_body(uow, {**values, "public_key": public})


def _drawn(judgements: Sequence[Judgement]) -> Iterator[tuple[str, CheckResult]]:
    """Answers of checks in the model that report, alone or beside other actions.

    A rule of the model may exempt from that; a record that somebody of the unit granted (it has an author) may not.
    """
    for judgement in judgements:
        for result in judgement.results:
            exempt = result.exemption is not None and not result.exemption.author
            if Action.REPORT_DISCIPLINE in result.actions and not exempt:
                yield judgement.element_name, result


def _watched(uow: Work, case: CaseRecord, step: Step, facts: CaseFacts) -> Iterator[tuple[str, CheckResult]]:
    passed: dict[bytes, str] = {}
    moments: set[tuple[bytes, CheckPhase]] = set()
    for moved in step.transitions:
        if moved.kind in _MOMENTS:
            place = _place(uow, moved.process_id or case.process_id, moved.element)
            passed[place] = moved.element
            moments.update((place, phase) for phase in _MOMENTS[moved.kind])
    if not passed:
        return
    judge = judge_with(_undecided, uow.now(), facts)
    names = lookups.executable(uow, case.digest, case.process_id).definition.elements
    for row in discipline.watched(uow, list(passed)):
        place = bytes(row.place)
        check = _check(uow, row, place)
        if (place, check.phase) in moments:
            element_id = ElementId(passed[place])
            element = ElementDefinition(id=element_id, type="watched", name=element_id, checks=(check,))
            name = names[element_id].name if element_id in names else element_id
            yield from ((name, result) for result in judge(element, step.variables).results)


def _undecided(decision_id: str, variables: Mapping[str, object], at: datetime) -> Any:  # noqa: ARG001 - a shape
    raise Refused("decision.unknown", f"the decision {decision_id} cannot be taken here")


def _check(uow: Work, row: Any, place: bytes) -> CheckDefinition:
    cipher = CaseCipher(uow.equipment.provider, uow.equipment.provider.unwrap(bytes(row.wrapped_key)), name="watch")
    drawn = unpacked(cipher.decrypt(bytes(row.body), context=b"mingjing.watched.v1:" + place))
    return CheckDefinition(
        id=drawn["id"],
        code=drawn["code"],
        name=drawn["name"],
        level=RiskLevel(drawn["level"]),
        actions=frozenset({Action.REPORT_DISCIPLINE}),
        blocking=False,
        parameters=drawn["parameters"],
        phase=CheckPhase(drawn["phase"]),
    )


def _place(uow: Work, process_id: str, element_id: str) -> bytes:
    return uow.equipment.provider.blind_index(f"{process_id}#{element_id}", domain="watched.place")


def _bodies(uow: Work) -> tuple[Body, ...]:
    return tuple(
        Body(
            code=row.code,
            name=row.name,
            unit_code=row.unit_code,
            parent=row.parent,
            manages=frozenset(row.manages),
            public_key=bytes(row.public_key),
        )
        for row in discipline.bodies(uow)
    )


def _named(result: CheckResult, field: str) -> tuple[str, ...]:
    """What rows in the evidence say in a field, each once."""
    rows = [row for value in result.evidence.values() if isinstance(value, list | tuple) for row in value]
    return tuple(dict.fromkeys(str(row[field]) for row in rows if isinstance(row, Mapping) and row.get(field)))


def _content(case: CaseRecord, actor: Actor | None, element_name: str, result: CheckResult, at: datetime) -> bytes:
    """What the box holds: for a clear answer only that the check was judged."""
    common = {"outcome": result.outcome, "code": result.code, "name": result.name, "element_name": element_name}
    if result.outcome is CheckOutcome.CLEAR:
        return packed(common)
    whole = {
        **common,
        "instance": str(case.key),
        "number": case.number,
        "process_name": case.process_name,
        "unit_name": case.unit_name,
        "acting_name": actor.name if actor is not None else "",
        "level": result.level,
        "reason": result.reason,
        "parameters": dict(result.parameters),
        "evidence": dict(result.evidence),
        "data_versions": dict(result.data_versions),
        "judged_at": at,
    }
    content = packed(whole)
    return content if sealed_box.fits(content) else packed({**whole, "evidence": {}, "parameters": {}})


def _view(body: Body, row: Any, found: Mapping[str, Any]) -> ReportView:
    return ReportView(
        key=str(row.key),
        at=row.at,
        body_name=body.name,
        instance_key=int(found["instance"]),
        number=found["number"],
        process_name=found["process_name"],
        unit_name=found["unit_name"],
        element_name=found["element_name"],
        acting_name=found["acting_name"],
        code=found["code"],
        name=found["name"],
        outcome=found["outcome"],
        level=RiskLevel(found["level"]),
        reason=found["reason"],
        parameters=found["parameters"],
        evidence=found["evidence"],
        data_versions=found["data_versions"],
    )


def _desk_of(uow: Work, actor: Actor) -> tuple[Body, bytes]:
    rights.require(actor, Permission.DISCIPLINE_READ)
    body = next((one for one in _bodies(uow) if one.unit_code == actor.unit.code), None)
    file = _folder(uow) / f"{body.code}.key" if body is not None else None
    if body is None or file is None or not file.exists():
        raise Refused("discipline.no_key", "the key of your discipline body is not on this machine")
    return body, file.read_bytes()


def _folder(uow: Work) -> Path:
    folder = uow.equipment.discipline_keys
    if folder is None:
        raise Refused("discipline.no_key", "the key of your discipline body is not on this machine")
    return folder


def _note(uow: Work, body: Body, actor: Actor, what: Mapping[str, str]) -> None:
    content = packed({**what, "person": actor.name, "outcome": "look"})
    discipline.log(uow, uow.now(), actor.person_key, sealed_box.seal(body.public_key, content))
