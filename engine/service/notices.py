"""Notices: what a person should know without searching. Read marks; nothing personal of applicants in any of it.

A new task is no row: it is an open user task that waits for somebody and that they have not looked at. So a completion
writes nothing for the many who may hold the next position. Whoever urges, copies or returns writes one by `tell`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from engine.identity import access
from engine.model.actors import Actor, Permission
from engine.model.ids import InstanceKey, UserTaskKey
from engine.model.personal import GIVEN, Notice, NoticeKind
from engine.model.views import Page
from engine.service import channels, paging
from engine.service.equipment import Work
from engine.store import notices

_SUPERVISORS = frozenset(role for role, held in access.ROLES.items() if Permission.ALERT_HANDLE in held)


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
    alert_key: int | None = None,
    element_name: str = "",
) -> None:
    """Tell people of something that `by` did, in the transaction of that act; `by` is not told of their own."""
    told = [key for key in dict.fromkeys(people) if by is None or key != by.person_key]
    now = uow.now()
    if user_task_key is not None and kind in GIVEN:
        for person in told:
            notices.look(uow, person, user_task_key, now)
    rows: list[dict[str, Any]] = [
        {
            "person_key": key,
            "kind": kind.value,
            "instance_key": instance_key,
            "user_task_key": user_task_key,
            "alert_key": alert_key,
            "by_key": by.person_key if by else None,
            "element_name": element_name,
            "created_at": now,
        }
        for key in told
    ]
    channels.offer(uow, notices.add(uow, rows))


def tell_holders(uow: Work, task_keys: Sequence[int], kind: NoticeKind, *, by: Actor | None, instance_key: int) -> None:
    """Tell those who are to do open user tasks: who holds one, or the positions that it is offered to."""
    found: dict[tuple[int, str], list[int]] = {}
    for row in notices.holders(uow, task_keys):
        found.setdefault((row.task_key, row.element_name), []).append(row.person_key)
    for (task, name), people in found.items():
        tell(uow, people, kind, by=by, instance_key=instance_key, user_task_key=task, element_name=name)


def tell_supervisors(uow: Work, unit_path: str, kind: NoticeKind, raised: Iterable[tuple[int, str]], case: int) -> None:
    """Tell the supervisors of a unit, or of the nearest above it that has any, of alerts (key, name of the node)."""
    alerts = list(raised)
    people = notices.supervisors(uow, unit_path, _SUPERVISORS, access.ADMINISTRATORS) if alerts else []
    for key, name in alerts:
        tell(uow, people, kind, by=None, instance_key=case, alert_key=key, element_name=name)


def read(uow: Work, actor: Actor, key: int) -> None:
    """Mark one notice of the actor's as read."""
    notices.mark_read(uow, actor.person_key, uow.now(), key)


def read_copied(uow: Work, actor: Actor, instance_key: int) -> None:
    """The actor has opened a case of which they were sent a copy: the notice of it is read."""
    notices.mark_copied(uow, actor.person_key, instance_key, uow.now())


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
