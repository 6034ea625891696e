"""Notices: what a person should know without searching. Read marks; nothing personal of applicants in any of it.

A new task is no row: it is an open user task that waits for somebody and that they have not looked at. So a completion
writes nothing for the many who may hold the next position. Whoever urges, copies or returns writes one by `tell`.
"""

from collections.abc import Iterable
from typing import Any

from engine.model.actors import Actor
from engine.model.ids import InstanceKey, UserTaskKey
from engine.model.personal import Notice, NoticeKind
from engine.model.views import Page
from engine.service import paging
from engine.service.equipment import Work
from engine.store import notices


def unread(uow: Work, actor: Actor) -> int:
    """How many new tasks and unread notices the actor has."""
    return notices.unread_count(uow, actor.person_key, actor.positions)


def listed(uow: Work, actor: Actor, cursor: str | None = None, limit: int = 20) -> Page[Notice]:
    """New tasks and notices, newest first."""
    found = notices.listed(uow, actor.person_key, actor.positions, before_key=paging.after(cursor), limit=limit + 1)
    return paging.page(found, limit, _notice)


def tell(
    uow: Work,
    people: Iterable[int],
    kind: NoticeKind,
    *,
    by: Actor | None,
    instance_key: int,
    user_task_key: int | None = None,
    element_name: str = "",
) -> None:
    """Tell people of something that `by` did, in the transaction of that act; `by` is not told of their own."""
    rows: list[dict[str, Any]] = [
        {
            "person_key": key,
            "kind": kind.value,
            "instance_key": instance_key,
            "user_task_key": user_task_key,
            "by_key": by.person_key if by else None,
            "element_name": element_name,
            "created_at": uow.now(),
        }
        for key in dict.fromkeys(people)
        if by is None or key != by.person_key
    ]
    notices.add(uow, rows)


def read(uow: Work, actor: Actor, key: int) -> None:
    """Mark one notice of the actor's as read."""
    notices.mark_read(uow, actor.person_key, uow.now(), key)


def read_all(uow: Work, actor: Actor) -> None:
    """Mark everything as read, new tasks too."""
    now = uow.now()
    notices.mark_read(uow, actor.person_key, now)
    notices.look_at_all(uow, actor.person_key, actor.positions, now)


def looked(uow: Work, actor: Actor, user_task_key: int) -> None:
    """The actor has opened a user task that is theirs to work."""
    notices.look(uow, actor.person_key, user_task_key, uow.now())


def _notice(row: Any) -> Notice:
    return Notice(
        key=0 if row.kind == NoticeKind.NEW_TASK else row.key,
        kind=row.kind,
        number=row.number,
        process_name=row.process_name,
        element_name=row.element_name or "",
        instance_key=InstanceKey(row.instance_key) if row.instance_key else None,
        user_task_key=UserTaskKey(row.user_task_key) if row.user_task_key else None,
        alert_key=row.alert_key,
        by=row.by_name,
        at=row.at,
        read=row.read_at is not None,
    )
