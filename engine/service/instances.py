"""Process instances: start one, show one."""

from collections.abc import Mapping
from dataclasses import replace

from engine.forms import rights as form_rights
from engine.model.actors import Actor, Client, Permission
from engine.model.commands import StartInstance
from engine.model.definitions import FieldAccess
from engine.model.errors import Detail, NotFound, Refused
from engine.model.transitions import Step
from engine.model.views import CaseRow, CaseView
from engine.runtime import interpreter
from engine.runtime.interpreter import ExecutableProcess
from engine.service import (
    beginning,
    diagrams,
    looking,
    lookups,
    rights,
    rows,
    sight,
    states,
    timeline,
    verification,
)
from engine.service.beginning import Origin
from engine.service.equipment import Work, required
from engine.service.handling import Attempt
from engine.store import cases, commands, definitions, incidents, jobs
from engine.store.definitions import DefinitionRow


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
        begun = beginning.begin(
            uow,
            found,
            command.variables,
            Origin.of(actor),
            start_event=command.start_event,
            check=lambda process, step: _refuse_smuggled(uow, process, step, command.variables, actor),
        )
    case = beginning.write(uow, begun, actor, client, command.command_id)
    attempt.keep({"instance_key": str(case.key)})
    return rows.case_row(uow, case)


def _definition(uow: Work, command: StartInstance) -> DefinitionRow:
    found = None
    if command.definition_key is not None:
        found = definitions.by_key(uow, command.definition_key)
    elif command.process_id is not None:
        found = definitions.latest(uow, "process", [command.process_id]).get(command.process_id)
    if found is None:
        raise NotFound("process_definition.not_found", "there is no such process definition")
    return found


def _refuse_smuggled(
    uow: Work, process: ExecutableProcess, step: Step, variables: Mapping[str, object], actor: Actor
) -> None:
    """Whoever starts a case may fill in what the first forms let be written, and nothing else.

    Programs are not asked: the results of their jobs are variables of any name as well.
    """
    allowed: set[str] = set()
    if not variables or rights.has(actor, Permission.JOB_WORK):
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


def case_view(uow: Work, actor: Actor, client: Client, key: int) -> CaseView:
    """A case with its trace as far as the reader may see it (`sight`); an inspector's look is itself traced.

    Raises NotFound when there is no such case or it is out of reach; NotAllowed as `looking.open_case`.
    """
    case, _ = looking.open_case(uow, actor, client, key, "case")
    tasks = cases.user_tasks(uow, key)
    story = timeline.of_case(uow, case, sight.of_reader(uow, actor, case, tasks))
    unfinished = tuple(rows.job_row(uow, row) for row in jobs.of_case(uow, key))
    return CaseView(
        case=replace(rows.case_row(uow, case), has_incident=bool(incidents.of_case(uow, key))),
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
