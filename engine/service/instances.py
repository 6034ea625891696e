"""Process instances: start one, show one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.forms import rights as form_rights
from engine.model.actors import Actor, Client, Permission
from engine.model.commands import StartInstance
from engine.model.definitions import FieldAccess
from engine.model.errors import Detail, NotFound, Refused
from engine.model.findings import RiskLevel
from engine.model.ids import InstanceKey
from engine.model.trace_entries import EntryKind, Head
from engine.model.transitions import Step
from engine.model.views import CaseRow, CaseView, InstanceState
from engine.runtime import interpreter, live
from engine.runtime.interpreter import ExecutableProcess
from engine.service import (
    actions,
    background_jobs,
    diagrams,
    lookups,
    payloads,
    recording,
    rights,
    rows,
    sight,
    states,
    stepping,
    timeline,
    verification,
)
from engine.service.case_facts import CaseFacts
from engine.service.equipment import Work, required
from engine.service.handling import Attempt, new_command_id
from engine.store import cases, commands, definitions, jobs
from engine.store.cases import CaseRecord
from engine.store.definitions import DefinitionRow
from engine.trace.crypto import CaseCipher

DEFAULT_PREFIX = "AJ"
"""Prefix of case numbers where the model names none (案件)."""


def start(uow: Work, command: StartInstance, actor: Actor, client: Client) -> CaseRow:
    """Start a process instance in the actor's unit and run it to its first wait states.

    Raises NotAllowed without the right, NotFound for an unknown process, Refused when supervision forbids it.
    """
    rights.require(actor, Permission.CASE_START)
    request = [command.process_id, command.definition_key, dict(command.variables), command.start_event]
    attempt = Attempt(uow, actor, client, "process_instance.start", command.command_id, request)
    commands.lock(uow, actor.person_key, command.command_id)
    if (earlier := attempt.earlier()) is not None:
        return rows.case_row(uow, required(cases.case(uow, int(earlier["instance_key"])), "a started case"))
    with attempt.deciding():
        found = _definition(uow, command)
        process = lookups.executable(uow, found.digest, found.id)
        now = uow.now()
        facts = CaseFacts(uow, now)
        world = stepping.environment(uow, now, found.key, facts)
        alive = live.begin(process, command.variables, world, start_event=command.start_event)
        step = alive.step()
        stepping.refuse_blocked(step)
        _refuse_smuggled(uow, process, step, command.variables)
        data_key, wrapped = uow.equipment.provider.new_case_key()
        cipher = CaseCipher(uow.equipment.provider, data_key)
        blank = _blank(uow, found, actor, now, wrapped)
        held = states.begun(alive, blank)
        prepared = stepping.prepare(uow, process, blank, step, cipher, held)
    case = _numbered(uow, prepared.case, process.definition.number_prefix or DEFAULT_PREFIX)
    payload = {
        "instance": str(case.key),
        "number": case.number,
        "business_unit": payloads.unit(actor.unit),
        "definition": payloads.definition(case),
        "process_name": case.process_name,
        "subject": payloads.personal(stepping.subject(process, step)),
        **payloads.step(step, prepared.waiting, prepared.jobs),
    }
    entry = recording.draft(uow, EntryKind.PROCESS_INSTANCE_STARTED, actor, client, command.command_id, payload)
    case, sealed = recording.sealed(case, cipher, entry)
    cases.insert_case(uow, case, prepared.state, sealed, prepared.waiting, prepared.jobs)
    actions.take(uow, case, step, actor, cipher, facts)
    held.keep(uow, ended=step.ended)
    attempt.keep({"instance_key": str(case.key)})
    if step.ended:
        background_jobs.defer_verification(uow, case.key)
    return rows.case_row(uow, case)


def _blank(uow: Work, found: DefinitionRow, actor: Actor, now: datetime, wrapped: bytes) -> CaseRecord:
    """A case in the actor's unit before anything has happened in it; it has no number yet."""
    return CaseRecord(
        key=InstanceKey(uow.keys(1)[0]),
        definition_key=found.key,
        process_id=found.id,
        process_name=found.name,
        definition_version=found.version,
        digest=found.digest,
        number="",
        unit_key=actor.unit.key,
        unit_path=actor.unit.path,
        unit_name=actor.unit.name,
        starter_key=actor.person_key,
        subject=b"",
        state=InstanceState.ACTIVE,
        level=RiskLevel.NONE.value,
        current=(),
        started_at=now,
        ended_at=None,
        version=0,
        head=Head(seq=0, hash=b""),
        wrapped_key=wrapped,
        starter_name=actor.name,
    )


def _definition(uow: Work, command: StartInstance) -> DefinitionRow:
    found = None
    if command.definition_key is not None:
        found = definitions.by_key(uow, command.definition_key)
    elif command.process_id is not None:
        found = definitions.latest(uow, "process", [command.process_id]).get(command.process_id)
    if found is None:
        raise NotFound("process_definition.not_found", "there is no such process definition")
    return found


def _refuse_smuggled(uow: Work, process: ExecutableProcess, step: Step, variables: Mapping[str, object]) -> None:
    """Whoever starts a case may fill in what the first forms let be written, and nothing else."""
    allowed: set[str] = set()
    if not variables:
        return
    for digest, process_id, identity in {(w.digest, w.process_id, w.element) for w in step.waiting}:
        of = lookups.executable(uow, digest, process_id) if process_id else process
        element = of.definition.elements[identity]
        newest = definitions.latest(uow, "form", [element.form_id]) if element.form_id else {}
        for found in newest.values():
            form = lookups.form(uow, found.digest)
            allowed |= {
                path
                for path in form.variables
                if form_rights.effective(element.field_access, path) is FieldAccess.WRITE
            }
    smuggled = sorted(variables.keys() - allowed)
    if smuggled:
        details = [
            Detail(place=f"variables.{name}", code="undeclared", message="No first form has it.") for name in smuggled
        ]
        raise Refused(
            "process_instance.variable_not_writable",
            f"these variables cannot be given at the start: {', '.join(smuggled)[:200]}",
            params={"fields": ", ".join(smuggled)[:200]},
            details=details,
        )


def _numbered(uow: Work, case: CaseRecord, prefix: str) -> CaseRecord:
    year = case.started_at.astimezone(uow.equipment.zone).year
    return replace(case, number=f"{prefix}-{year}-{cases.next_number(uow, prefix, year):06d}")


def case_view(uow: Work, actor: Actor, client: Client, key: int) -> CaseView:
    """A case with its trace as far as the reader may see it (`sight`); an inspector's look is itself traced.

    Raises NotFound when there is no such case or it is out of reach.
    """
    case, _ = rights.readable_case(uow, actor, key)
    if rights.inspects(actor):
        payload = {"instance": str(case.key), "number": case.number, "view": "case", "reason": None}
        entry = recording.draft(uow, EntryKind.CASE_READ, actor, client, new_command_id(), payload)
        recording.to_system(uow, entry)
    tasks = cases.user_tasks(uow, key)
    story = timeline.of_case(uow, case, sight.of_reader(uow, actor, case, tasks))
    unfinished = tuple(rows.job_row(uow, row) for row in jobs.of_case(uow, key))
    return CaseView(
        case=replace(rows.case_row(uow, case), has_incident=any(job.incident for job in unfinished)),
        timeline=story,
        diagram=diagrams.of_case(uow, case),
        verification=verification.last(uow, case) if rights.may_verify(actor, case) else None,
        tasks=tuple(rows.user_task_row(uow, case, task) for task in tasks),
        jobs=unfinished,
    )


def variables(uow: Work, actor: Actor, key: int) -> Mapping[str, object]:
    """All variables of a case that the actor may read."""
    case, _ = rights.readable_case(uow, actor, key)
    state = states.look(uow, case, uow.cipher(case.wrapped_key))
    return {} if state is None else interpreter.variables(state)
