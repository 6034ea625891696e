"""/v2/user-tasks: find them, take them, complete them."""

from typing import Any

from flask import Response

from engine.model.actors import Permission
from engine.model.commands import AssignUserTask, CompleteUserTask
from engine.model.errors import Conflict
from engine.model.ids import UserTaskKey
from engine.model.views import UserTaskRow
from engine.service import task_pages, user_tasks, worklist
from web import json_text
from web.api.parsing import ApiBlueprint, json_body
from web.api.schemas.search import SearchResult, Test
from web.api.schemas.user_tasks import (
    FormResult,
    UserTaskAssignment,
    UserTaskCompletion,
    UserTaskResult,
    UserTaskSearch,
    UserTaskSearchResult,
)
from web.api.searching import matcher, only_order, walk
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_user_tasks", __name__, url_prefix="/v2", description="User tasks")


@blueprint.on("POST", "/user-tasks/search")
@blueprint.takes(UserTaskSearch, required=False)
@blueprint.gives(200, UserTaskSearchResult)
@requires(Permission.CASE_READ)
def search(wanted: dict[str, Any]) -> SearchResult:
    """User tasks that the person asking may work or see, the newest first."""
    only_order(wanted["sort"], "creationDate", "DESC")
    conditions = dict(wanted["filter"])
    group: Test | None = conditions.pop("candidate_group", None)
    keep = matcher(conditions)
    given = _in_sql()
    with reading() as uow:
        actor = current_actor()
        return walk(
            lambda cursor, limit: worklist.user_tasks(uow, actor, cursor, limit, **given),
            lambda row: keep(row) and (group is None or any(group(name) for name in row.candidate_positions)),
            wanted["page"],
        )


def _in_sql() -> dict[str, Any]:
    """Conditions that the list itself can hold: plain values of these four. The rest is filtered row by row."""
    given = (json_body() or {}).get("filter") or {}
    names = {"state": "state", "assignee": "assignee", "elementId": "element_id"}
    found: dict[str, Any] = {own: given[name] for name, own in names.items() if isinstance(given.get(name), str)}
    instance = given.get("processInstanceKey")
    if isinstance(instance, str) and instance.isascii() and instance.isdigit() and len(instance) < 19:
        found["instance_key"] = int(instance)
    return found


@blueprint.on("GET", "/user-tasks/<key:key>")
@blueprint.gives(200, UserTaskResult)
@requires(Permission.CASE_READ)
def show(key: int) -> UserTaskRow:
    """One user task."""
    with unit_of_work() as uow:
        return task_pages.view(uow, current_actor(), client(), UserTaskKey(key)).task


@blueprint.on("GET", "/user-tasks/<key:key>/form")
@blueprint.gives(200, FormResult)
@requires(Permission.CASE_READ)
def form(key: int) -> Any:
    """The form of a user task as this reader may see it; 204 when it has none."""
    with unit_of_work() as uow:
        view = task_pages.view(uow, current_actor(), client(), UserTaskKey(key))
    if view.form is None:
        return Response(status=204)
    return {
        "form_id": view.task.form_id,
        "form_key": view.task.form_key,
        "version": view.task.form_version,
        "schema": json_text.dumps(view.form),
    }


@blueprint.on("POST", "/user-tasks/<key:key>/assignment")
@blueprint.takes(UserTaskAssignment)
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def assign(wanted: dict[str, Any], key: int) -> None:
    """Take a user task, or give it to another candidate."""
    command = AssignUserTask(command_id=command_id(), key=UserTaskKey(key), assignee=wanted["assignee"])
    with unit_of_work() as uow:
        if wanted["allow_override"] is False:
            _refuse_when_assigned(task_pages.view(uow, current_actor(), client(), command.key).task)
        user_tasks.assign(uow, command, current_actor(), client())


def _refuse_when_assigned(row: UserTaskRow) -> None:
    if row.assignee is not None:
        raise Conflict("user_task.assigned", "somebody has this task already; it must be given back first")


@blueprint.on("DELETE", "/user-tasks/<key:key>/assignee")
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def unassign(key: int) -> None:
    """Give a user task back to its candidates."""
    command = AssignUserTask(command_id=command_id(), key=UserTaskKey(key), assignee=None)
    with unit_of_work() as uow:
        user_tasks.assign(uow, command, current_actor(), client())


@blueprint.on("POST", "/user-tasks/<key:key>/completion")
@blueprint.takes(UserTaskCompletion, required=False)
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def complete(wanted: dict[str, Any], key: int) -> None:
    """Complete a user task. Opinion and files were prepared under /api/user-tasks/{key}/draft and travel with it."""
    with unit_of_work() as uow:
        command = CompleteUserTask(
            command_id=command_id(),
            key=UserTaskKey(key),
            action=wanted["action"],
            opinion=None,
            variables=wanted["variables"],
        )
        user_tasks.complete(uow, command, current_actor(), client())
