"""The lists of the workbench and the case list: what waits, what was done, what was started, what is in reach."""

from engine.identity import access
from engine.model.actors import Actor, Permission
from engine.model.errors import Refused
from engine.model.ids import DefinitionKey
from engine.model.views import CaseRow, Page, StartableProcess, UserTaskRow, WorkbenchCounts
from engine.runtime import interpreter
from engine.service import lookups, paging, rights, rows, stepping
from engine.service.equipment import Work
from engine.store import cursors, definitions, worklists
from engine.store.definitions import DefinitionRow


def todo(
    uow: Work, actor: Actor, cursor: str | None = None, limit: int = 20, *, only_warned: bool = False
) -> Page[UserTaskRow]:
    """待办: user tasks that wait for the actor, newest first; `only_warned` keeps those of cases with a warning."""
    limit = min(limit, paging.MAX_LIMIT)
    found = worklists.todo(
        uow,
        actor.person_key,
        actor.positions,
        before_key=paging.after(cursor),
        limit=limit + 1,
        only_warned=only_warned,
    )
    return paging.page(found, limit, lambda row: rows.listed_user_task(uow, row))


def done(uow: Work, actor: Actor, cursor: str | None = None, limit: int = 20) -> Page[UserTaskRow]:
    """已办: user tasks that the actor completed, newest first."""
    limit = min(limit, paging.MAX_LIMIT)
    found = worklists.done(uow, actor.person_key, before=cursors.decode(cursor), limit=limit + 1)
    return paging.page(
        found, limit, lambda row: rows.listed_user_task(uow, row), lambda row: cursors.encode(row.completed_at, row.key)
    )


def started(uow: Work, actor: Actor, cursor: str | None = None, limit: int = 20) -> Page[CaseRow]:
    """我发起: cases that the actor started, newest first."""
    limit = min(limit, paging.MAX_LIMIT)
    found = worklists.started(uow, actor.person_key, before_key=paging.after(cursor), limit=limit + 1)
    return paging.page(found, limit, lambda row: rows.listed_case(uow, row))


def counts(uow: Work, actor: Actor) -> WorkbenchCounts:
    """The numbers on the workbench."""
    waiting, warned = worklists.todo_counts(uow, actor.person_key, actor.positions)
    return WorkbenchCounts(
        todo=waiting,
        warned=warned,
        done=worklists.done_count(uow, actor.person_key),
        started=worklists.started_count(uow, actor.person_key),
    )


def cases(uow: Work, actor: Actor, cursor: str | None = None, limit: int = 20, text: str = "") -> Page[CaseRow]:
    """Cases in the actor's reach, newest first; `text` finds part of a case number."""
    rights.require(actor, Permission.CASE_READ)
    limit = min(limit, paging.MAX_LIMIT)
    found = worklists.cases(
        uow, rights.reach(actor), before_key=paging.after(cursor), limit=limit + 1, number=text.strip()
    )
    return paging.page(found, limit, lambda row: rows.listed_case(uow, row))


def user_tasks(
    uow: Work,
    actor: Actor,
    cursor: str | None = None,
    limit: int = 50,
    *,
    state: str | None = None,
    assignee: str | None = None,
    instance_key: int | None = None,
    element_id: str | None = None,
) -> Page[UserTaskRow]:
    """User tasks that the actor may work or see, newest first (the API's search)."""
    limit = min(limit, paging.MAX_LIMIT)
    found = worklists.tasks_in_reach(
        uow,
        rights.reach(actor),
        actor.positions,
        before_key=paging.after(cursor),
        limit=limit + 1,
        state=state,
        assignee=assignee,
        instance_key=instance_key,
        element_id=element_id,
    )
    return paging.page(found, limit, lambda row: rows.listed_user_task(uow, row))


def startable(uow: Work, actor: Actor) -> tuple[StartableProcess, ...]:
    """Businesses whose first work is the actor's own, by their positions; empty without the right to start."""
    if not access.may(actor, Permission.CASE_START, unit_path=None, owner=None).allowed:
        return ()
    newest = definitions.latest(uow, "process")
    return tuple(
        StartableProcess(
            process_id=row.id,
            name=row.name,
            version=row.version,
            definition_key=DefinitionKey(row.key),
            starts=_starts(uow, row),
        )
        for row in newest.values()
        if _begins_with(uow, actor, row)
    )


def _starts(uow: Work, row: DefinitionRow) -> tuple[tuple[str, str], ...]:
    """Id and name of the start events that a reader may choose from; empty when there is nothing to choose."""
    definition = lookups.executable(uow, row.digest, row.id).definition
    found = [(str(name), definition.elements[name].name or str(name)) for name in definition.starts]
    return tuple(found) if len(found) > 1 else ()


def _begins_with(uow: Work, actor: Actor, row: DefinitionRow) -> bool:
    """Whether a case begins with a task of one of the actor's positions (or with nobody's). Tried out, not written."""
    process = lookups.executable(uow, row.digest, row.id)

    def first() -> frozenset[str] | None:
        try:
            step = interpreter.start(process, {}, stepping.environment(uow, uow.now(), row.key))
        except Refused:  # it needs data to begin: then whoever may start cases may try
            return None
        return frozenset(position for waiting in step.waiting for position in waiting.candidate_positions)

    positions = uow.equipment.compiled.get(("first positions", row.digest, row.id), lambda: (first(),))[0]
    return not positions or any(holding.position in positions for holding in actor.positions)
