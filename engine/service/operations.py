"""What an operator sees: which cases run and how they stand, and one of them with everything that waits in it.

An operator needs where a case stands, not what stands in it. So a look at a case is traced, the values of its variables
are shown only to whoever may mend it and says why, and that is traced with the reason.
"""

from collections.abc import Mapping
from typing import Any

from engine.model.actors import Actor, Client, Permission
from engine.model.errors import Detail, Invalid
from engine.model.ids import DefinitionKey
from engine.model.operations import FailedStart, Figure, OperatorView, ProcessCounts
from engine.model.trace_entries import EntryKind
from engine.model.views import CaseRow, Page, UserTaskState
from engine.runtime import interpreter
from engine.service import diagrams, element_trees, incidents, listening, paging, recording, rights, rows, states
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from engine.service.lifecycle import MAX_REASON
from engine.store import cases, due, jobs, worklists
from engine.store import incidents as stored_incidents
from engine.store import operations as stored
from engine.store.cases import CaseRecord

MAX_FAILED_STARTS = 100


def overview(uow: Work, actor: Actor) -> tuple[ProcessCounts, ...]:
    """Every process with the figures of its cases in the actor's reach. Raises NotAllowed without the right."""
    rights.require(actor, Permission.CASE_OPERATE)
    reach = rights.reach(actor, Permission.CASE_OPERATE)
    return tuple(
        ProcessCounts(
            process_id=row.process_id,
            name=row.name,
            definition_key=DefinitionKey(row.definition_key),
            version=row.version,
            versions=row.versions,
            **{figure.value: getattr(row, figure.value) for figure in Figure},
        )
        for row in stored.overview(uow, reach, uow.now())
    )


def failed_starts(uow: Work, actor: Actor) -> tuple[FailedStart, ...]:
    """Timers, messages and signals that could not begin a case; the clock tries them again. Raises NotAllowed."""
    rights.require(actor, Permission.CASE_OPERATE)
    return tuple(
        FailedStart(
            key=row.key,
            kind=row.kind,
            process_name=row.process_name,
            definition_key=row.definition_key,
            element_id=row.element_id,
            name=row.name,
            code=row.problem,
            params=row.problem_params,
            attempts=row.attempts,
            due_at=row.due_at,
            try_at=row.try_at,
        )
        for row in due.failed_starts(uow, MAX_FAILED_STARTS)
    )


def list_cases(
    uow: Work,
    actor: Actor,
    figure: Figure,
    cursor: str | None = None,
    limit: int = 20,
    *,
    process_id: str = "",
    text: str = "",
) -> Page[CaseRow]:
    """The cases behind a figure, newest first: of one process, or all. text: part of a case number."""
    rights.require(actor, Permission.CASE_OPERATE)
    limit = min(limit, paging.MAX_LIMIT)
    filters = [stored.condition(figure, uow.now())] + ([stored.of_process(process_id)] if process_id else [])
    found = worklists.cases(
        uow,
        rights.reach(actor, Permission.CASE_OPERATE),
        before_key=paging.after(cursor),
        limit=limit + 1,
        number=text.strip(),
        filters=filters,
    )
    return paging.page(found, limit, lambda row: rows.listed_case(uow, row))


def case_view(uow: Work, actor: Actor, client: Client, key: int) -> OperatorView:
    """A case with its tree, diagram, and all that waits; of its variables the names. The look is traced.

    Raises NotFound when there is no such case or it is not the actor's to operate.
    """
    case = _case(uow, actor, key)
    _trace(uow, actor, client, case, "operations", None)
    return _view(uow, actor, case, values=False)


def case_values(uow: Work, actor: Actor, client: Client, key: int, reason: str) -> OperatorView:
    """The same with the values of the variables; the reason is traced.

    Raises NotFound, NotAllowed without the right to mend, Invalid without a reason.
    """
    rights.require(actor, Permission.CASE_MEND)
    case = _case(uow, actor, key)
    if not reason.strip() or len(reason) > MAX_REASON:
        detail = Detail(place="reason", code="required", message="say why")
        raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])
    _trace(uow, actor, client, case, "variables", reason.strip())
    return _view(uow, actor, case, values=True)


def _case(uow: Work, actor: Actor, key: int) -> CaseRecord:
    rights.require(actor, Permission.CASE_OPERATE)
    case = cases.case(uow, key)
    if case is None or not rights.reaches(actor, case, Permission.CASE_OPERATE):
        raise rights.case_not_found()
    return case


def _trace(uow: Work, actor: Actor, client: Client, case: CaseRecord, view: str, reason: str | None) -> None:
    payload = {"instance": str(case.key), "number": case.number, "view": view, "reason": reason}
    entry = recording.draft(uow, EntryKind.CASE_READ, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)


def _view(uow: Work, actor: Actor, case: CaseRecord, *, values: bool) -> OperatorView:
    stuck = tuple(incidents.incident_row(uow, row) for row in stored_incidents.of_case(uow, case.key))
    tree = element_trees.of_case(uow, case, {found.element_instance for found in stuck})
    tasks = cases.user_tasks(uow, case.key, only_open=True)
    found = _variables(uow, case)
    return OperatorView(
        case=rows.case_row(uow, case),
        diagram=diagrams.of_case(uow, case),
        tree=tree.nodes,
        left_out=tree.left_out,
        tasks=tuple(rows.user_task_row(uow, case, task) for task in tasks if task.state is UserTaskState.CREATED),
        jobs=tuple(rows.job_row(uow, row) for row in jobs.of_case(uow, case.key)),
        waits=listening.of_case(uow, actor, case.key),
        incidents=stuck,
        variables=tuple((name, found[name] if values else None) for name in sorted(found)),
        shows_values=values,
    )


def _variables(uow: Work, case: CaseRecord) -> Mapping[str, Any]:
    state = states.look(uow, case, uow.cipher(case.wrapped_key))
    return {} if state is None else interpreter.variables(state)
