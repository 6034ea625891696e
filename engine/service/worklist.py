"""The lists of the workbench and the case list: what waits, what was done, what was started, what is in reach."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from engine.identity import access
from engine.model.actors import Actor, Permission
from engine.model.errors import Refused
from engine.model.ids import DefinitionKey
from engine.model.views import CaseRow, Page, StartableProcess, UserTaskRow
from engine.model.worklists import SCANNED, ListFilter, Only, WorkbenchCounts
from engine.runtime import interpreter
from engine.service import lookups, paging, rights, rows, stepping
from engine.service.equipment import Work
from engine.store import cursors, definitions, worklists
from engine.store.definitions import DefinitionRow
from engine.store.worklists import EVERYTHING

Listed = TypeVar("Listed", UserTaskRow, CaseRow)


def todo(
    uow: Work, actor: Actor, cursor: str | None = None, limit: int = 20, *, wanted: ListFilter = EVERYTHING
) -> Page[UserTaskRow]:
    """待办: user tasks that wait for the actor, newest first."""

    def read(after: str | None, count: int) -> Sequence[Any]:
        mine = (actor.person_key, actor.positions)
        return worklists.todo(uow, *mine, before_key=paging.after(after), limit=count, at=uow.now(), wanted=wanted)

    return _listed(read, lambda row: rows.listed_user_task(uow, row), paging.by_key, cursor, limit, wanted.text)


def done(
    uow: Work, actor: Actor, cursor: str | None = None, limit: int = 20, *, wanted: ListFilter = EVERYTHING
) -> Page[UserTaskRow]:
    """已办: user tasks that the actor completed, newest first."""

    def read(after: str | None, count: int) -> Sequence[Any]:
        return worklists.done(uow, actor.person_key, before=cursors.decode(after), limit=count, wanted=wanted)

    def place(row: Any) -> str:
        return cursors.encode(row.completed_at, row.key)

    return _listed(read, lambda row: rows.listed_user_task(uow, row), place, cursor, limit, wanted.text)


def started(
    uow: Work, actor: Actor, cursor: str | None = None, limit: int = 20, *, wanted: ListFilter = EVERYTHING
) -> Page[CaseRow]:
    """我发起: cases that the actor started, newest first."""

    def read(after: str | None, count: int) -> Sequence[Any]:
        before_key = paging.after(after)
        return worklists.started(uow, actor.person_key, before_key=before_key, limit=count, wanted=wanted)

    return _listed(read, lambda row: rows.listed_case(uow, row), paging.by_key, cursor, limit, wanted.text)


def copied(
    uow: Work, actor: Actor, cursor: str | None = None, limit: int = 20, *, wanted: ListFilter = EVERYTHING
) -> Page[CaseRow]:
    """抄送: cases of which the actor was sent a copy, the newest copy first."""

    def read(after: str | None, count: int) -> Sequence[Any]:
        before_key = paging.after(after)
        return worklists.copied(uow, actor.person_key, before_key=before_key, limit=count, wanted=wanted)

    def place(row: Any) -> str:
        return cursors.encode(None, row.copy_key)

    def show(row: Any) -> CaseRow:
        return replace(rows.listed_case(uow, row), unread=row.unread)

    return _listed(read, show, place, cursor, limit, wanted.text)


def _listed(
    read: Callable[[str | None, int], Sequence[Any]],
    show: Callable[[Any], Listed],
    place: Callable[[Any], str],
    cursor: str | None,
    limit: int,
    text: str,
) -> Page[Listed]:
    """A page of a list. With a text, row after row is decrypted until the page is full or `SCANNED` were looked at."""
    limit = min(limit, paging.MAX_LIMIT)
    if not text.strip():
        return paging.page(read(cursor, limit + 1), limit, show, place)
    kept: list[Listed] = []
    looked = 0
    while looked < SCANNED:
        found = read(cursor, paging.MAX_LIMIT)
        for row in found:
            looked += 1
            cursor = place(row)
            shown = show(row)
            if says(shown, text):
                kept.append(shown)
                if len(kept) == limit:
                    return Page(rows=tuple(kept), next_cursor=cursor)
        if len(found) < paging.MAX_LIMIT:
            return Page(rows=tuple(kept))
    return Page(rows=tuple(kept), next_cursor=cursor)


def says(row: UserTaskRow | CaseRow, text: str) -> bool:
    """Whether each word of a search stands somewhere in a row of a list, in capitals or not."""
    places = (getattr(row, name, None) for name in _SEARCHED)
    whole = "\n".join(str(place) for place in places if place).casefold()
    return all(word in whole for word in text.casefold().split())


_SEARCHED = (
    "number", "subject", "process_name", "case_process_name", "called_name", "element_name", "unit_name",
    "assignee_name", "starter_name", "item",
)  # fmt: skip


def counts(uow: Work, actor: Actor) -> WorkbenchCounts:
    """The numbers on the workbench."""
    waiting, kinds, processes = worklists.todo_counts(uow, actor.person_key, actor.positions, uow.now())
    return WorkbenchCounts(
        todo=waiting,
        warned=kinds[Only.WARNED],
        near=kinds[Only.NEAR],
        overdue=kinds[Only.OVERDUE],
        unclaimed=kinds[Only.UNCLAIMED],
        done=worklists.done_count(uow, actor.person_key),
        started=worklists.started_count(uow, actor.person_key),
        copied=worklists.unread_copies(uow, actor.person_key),
        processes=processes,
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
