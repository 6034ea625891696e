"""The check library: what each check of the catalogue does, where it stands, and what it would say of a case.

A trial asks the very object that judges steps and sweeps, over the stored case. It writes nothing into the case; that
somebody looked is traced. What the trial shows of a case is no more than an alert would: who inspects may try every
check that is drawn, who supervises those that alert the unit. Checks that only report are there for nobody but the
discipline body, whose trials stand in its own trail.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.model.actors import Actor, Client, Permission
from engine.model.alerts import CheckRate
from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.errors import NotFound, Refused
from engine.model.findings import Action, CheckResult
from engine.model.indicators import CheckUse
from engine.model.trace_entries import EntryKind
from engine.runtime import interpreter
from engine.service import alerts, check_uses, discipline, lookups, recording, rights, states
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.service.judging import judge_with
from engine.store import cases, definitions, worklists
from engine.store.cases import CaseRecord
from engine.supervision.check import Check
from engine.supervision.checks import CHECKS


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A check of the catalogue, and at how many places the reader knows it to stand."""

    check: Check
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check. rates: what became of its alerts in reach; triable: the places that the reader may try."""

    check: Check
    uses: tuple[CheckUse, ...]
    rates: tuple[CheckRate, ...]
    triable: tuple[CheckUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a check says of a case as it stands. place: as in `place_of`."""

    number: str
    place: str
    result: CheckResult


def catalogue(uow: Work, actor: Actor) -> tuple[CheckRow, ...]:
    """All checks by code. Raises NotAllowed."""
    rights.require(actor, Permission.CHECK_READ)
    codes = [use.code for use, _, _ in _places(uow, actor)]
    return tuple(CheckRow(check=check, places=codes.count(code)) for code, check in sorted(CHECKS.items()))


def view(uow: Work, actor: Actor, code: str) -> CheckView:
    """One check. Raises NotAllowed, NotFound for a code that is not in the catalogue."""
    rights.require(actor, Permission.CHECK_READ)
    check = CHECKS.get(code)
    if check is None:
        raise NotFound("check.not_found", f"there is no check {code[:20]!r}", params={"code": code[:20]})
    uses = tuple(use for use, _, _ in _places(uow, actor) if use.code == code)
    known = alerts.rates(uow, actor) if rights.has(actor, Permission.ALERT_READ) else ()
    return CheckView(
        check=check,
        uses=uses,
        rates=tuple(rate for rate in known if rate.code == code),
        triable=tuple(use for use in uses if _may_try(actor, use)),
    )


def place_of(use: CheckUse) -> str:
    """Where a check stands, as one text."""
    return f"{use.process_id}#{use.element_id}#{use.check_id}"


def attempt(uow: Work, actor: Actor, client: Client, place: str, number: str) -> Trial:
    """Try a check where it stands on a case by its number.

    Raises NotAllowed, NotFound for a place or a case that is not the reader's to know, Refused for a case of another
    process or one whose personal data was erased.
    """
    rights.require(actor, Permission.CHECK_READ)
    found = next((one for one in _places(uow, actor) if place_of(one[0]) == place and _may_try(actor, one[0])), None)
    if found is None:
        raise NotFound("check.place_not_found", "there is no such check in a deployed process, or you may not try it")
    use, element, check = found
    case = _case(uow, actor, number)
    if case.process_id != use.process_id:
        raise Refused(
            "check.other_process", "this case is one of another business", params={"process": use.process_name}
        )
    state = states.look(uow, case, uow.required_cipher(case.wrapped_key))
    variables = interpreter.variables(required(state, f"the state of case {case.key}"))
    now = uow.now()
    facts = CaseFacts(uow, now, case)
    judge = judge_with(lambda *wanted: lookups.decide(uow, wanted[0], dict(wanted[1]), wanted[2]), now, facts)
    (result,) = judge(replace(element, checks=(check,)), variables).results
    _trace(uow, actor, client, case, place)
    return Trial(number=case.number, place=place, result=result)


def _places(uow: Work, actor: Actor) -> Iterator[tuple[CheckUse, ElementDefinition, CheckDefinition]]:
    """Every check in the newest version of a process that the reader may know of, in the order of the models."""
    knows = rights.has(actor, Permission.DISCIPLINE_READ)
    watched = discipline.watched_checks(uow) if knows else None
    for row in sorted(definitions.latest(uow, "process").values(), key=lambda one: one.id):
        for element in lookups.executable(uow, row.digest, row.id).definition.elements.values():
            hidden = watched(row.id, element.id) if watched is not None else ()
            for check in (*element.checks, *hidden):
                silent = check.actions == check_uses.SILENT
                if knows or not silent:
                    yield check_uses.use(row.id, row.name, row.key, element, check, silent=silent), element, check


def _may_try(actor: Actor, use: CheckUse) -> bool:
    """Inspectors and the discipline body try all that they know of; supervisors what they would be alerted to."""
    if rights.inspects(actor) or rights.has(actor, Permission.DISCIPLINE_READ):
        return True
    return rights.has(actor, Permission.ALERT_HANDLE) and Action.ALERT_UNIT.value in use.actions


def _case(uow: Work, actor: Actor, number: str) -> CaseRecord:
    """A case in reach by its whole number. Raises NotFound."""
    reads = rights.has(actor, Permission.CASE_READ)
    reach = rights.reach(actor, Permission.CASE_READ if reads else Permission.DISCIPLINE_READ)
    rows = worklists.cases(uow, reach, before_key=None, limit=20, number=number.strip()) if number.strip() else ()
    row = next((one for one in rows if one.number == number.strip().upper()), None)
    found = cases.case(uow, row.key) if row is not None else None
    if found is None:
        raise rights.case_not_found()
    return found


def _trace(uow: Work, actor: Actor, client: Client, case: CaseRecord, place: str) -> None:
    """Note the look: of the discipline body in its own trail, of everybody else in the system stream."""
    if rights.has(actor, Permission.DISCIPLINE_READ):
        discipline.note_trial(uow, actor, case.number, place)
        return
    payload = {"instance": str(case.key), "number": case.number, "view": "check", "reason": None}
    entry = recording.draft(uow, EntryKind.CASE_READ, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)
