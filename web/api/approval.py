"""/api/user-tasks/{key}/…: the verbs of approval. Each is carried out once per Idempotency-Key."""

from typing import Any

from engine.model import commands
from engine.model.actors import Permission
from engine.model.approval_commands import AddSign, HandOver, RemoveSign, SendBack, SendCopy, Sign, Urge, Withdraw
from engine.model.commands import AssignUserTask
from engine.model.ids import UserTaskKey
from engine.service import handing_over, returns, signing, telling, user_tasks
from web.api.parsing import ApiBlueprint
from web.api.schemas.approval import (
    CopiesRequest,
    CopiesResult,
    CopyList,
    HandOverRequest,
    RemoveSignRequest,
    SendBackRequest,
    SignersRequest,
    SignRequest,
    UrgeRequest,
    UrgeResult,
    WithdrawRequest,
)
from web.api.schemas.own import CompletionResult
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_approval", __name__, url_prefix="/api", description="Verbs of approval")


@blueprint.on("POST", "/user-tasks/<key:key>/send-back")
@blueprint.takes(SendBackRequest)
@blueprint.gives(200, CompletionResult)
@requires(Permission.USER_TASK_WORK)
def send_back(wanted: dict[str, Any], key: int) -> commands.CompletionResult:
    """退回: send the case back to an earlier user task."""
    command = SendBack(command_id=command_id(), key=UserTaskKey(key), **wanted)
    with unit_of_work() as uow:
        return returns.send_back(uow, command, current_actor(), client())


@blueprint.on("POST", "/user-tasks/<key:key>/withdraw")
@blueprint.takes(WithdrawRequest)
@blueprint.gives(200, CompletionResult)
@requires(Permission.USER_TASK_WORK)
def withdraw(wanted: dict[str, Any], key: int) -> commands.CompletionResult:
    """撤回: take one's own finished user task back, as long as nothing was done after it."""
    command = Withdraw(command_id=command_id(), key=UserTaskKey(key), **wanted)
    with unit_of_work() as uow:
        return returns.withdraw(uow, command, current_actor(), client())


@blueprint.on("POST", "/user-tasks/<key:key>/transfer")
@blueprint.takes(HandOverRequest)
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def transfer(wanted: dict[str, Any], key: int) -> None:
    """转办: give a user task to a colleague for good."""
    command = HandOver(command_id=command_id(), key=UserTaskKey(key), **wanted)
    with unit_of_work() as uow:
        handing_over.transfer(uow, command, current_actor(), client())


@blueprint.on("POST", "/user-tasks/<key:key>/delegate")
@blueprint.takes(HandOverRequest)
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def delegate(wanted: dict[str, Any], key: int) -> None:
    """委派: let a colleague prepare a user task; it comes back."""
    command = HandOver(command_id=command_id(), key=UserTaskKey(key), **wanted)
    with unit_of_work() as uow:
        signing.delegate(uow, command, current_actor(), client())


@blueprint.on("POST", "/user-tasks/<key:key>/add-sign")
@blueprint.takes(SignersRequest)
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def add_sign(wanted: dict[str, Any], key: int) -> None:
    """加签: ask colleagues for their opinions before the task goes on."""
    people = tuple(wanted.pop("people"))
    command = AddSign(command_id=command_id(), key=UserTaskKey(key), people=people, **wanted)
    with unit_of_work() as uow:
        signing.add_sign(uow, command, current_actor(), client())


@blueprint.on("POST", "/user-tasks/<key:key>/sign")
@blueprint.takes(SignRequest)
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def sign(wanted: dict[str, Any], key: int) -> None:
    """Give the opinion that one was asked for by 加签 or 委派."""
    command = Sign(command_id=command_id(), key=UserTaskKey(key), **wanted)
    with unit_of_work() as uow:
        signing.sign(uow, command, current_actor(), client())


@blueprint.on("POST", "/user-tasks/<key:key>/remove-sign")
@blueprint.takes(RemoveSignRequest)
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def remove_sign(wanted: dict[str, Any], key: int) -> None:
    """减签: take back a signer whom one has added; the key is that of the signer's user task."""
    command = RemoveSign(command_id=command_id(), key=UserTaskKey(key), **wanted)
    with unit_of_work() as uow:
        signing.remove_sign(uow, command, current_actor(), client())


@blueprint.on("POST", "/user-tasks/<key:key>/urge")
@blueprint.takes(UrgeRequest, required=False)
@blueprint.gives(200, UrgeResult)
@requires(Permission.CASE_READ)
def urge(wanted: dict[str, Any], key: int) -> dict[str, int]:
    """催办: ask those who hold the open user tasks of the case to go on; once an hour."""
    command = Urge(command_id=command_id(), key=UserTaskKey(key), **wanted)
    with unit_of_work() as uow:
        return {"urged": telling.urge(uow, command, current_actor(), client())}


@blueprint.on("POST", "/user-tasks/<key:key>/cc")
@blueprint.takes(CopiesRequest)
@blueprint.gives(200, CopiesResult)
@requires(Permission.USER_TASK_WORK)
def send_copy(wanted: dict[str, Any], key: int) -> dict[str, int]:
    """抄送: let people follow the case."""
    people = tuple(wanted.pop("people"))
    command = SendCopy(command_id=command_id(), key=UserTaskKey(key), people=people, **wanted)
    with unit_of_work() as uow:
        return {"copied": telling.send_copy(uow, command, current_actor(), client())}


@blueprint.on("POST", "/user-tasks/<key:key>/claim")
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def claim(key: int) -> None:
    """签收: take a user task that is offered to one's position."""
    command = AssignUserTask(command_id=command_id(), key=UserTaskKey(key), assignee=current_actor().username)
    with unit_of_work() as uow:
        user_tasks.assign(uow, command, current_actor(), client())


@blueprint.on("POST", "/user-tasks/<key:key>/release")
@blueprint.gives(204)
@requires(Permission.USER_TASK_WORK)
def release(key: int) -> None:
    """Give a user task back to those it is offered to."""
    command = AssignUserTask(command_id=command_id(), key=UserTaskKey(key), assignee=None)
    with unit_of_work() as uow:
        user_tasks.assign(uow, command, current_actor(), client())


@blueprint.on("GET", "/process-instances/<key:key>/copies")
@blueprint.gives(200, CopyList)
@requires(Permission.CASE_READ)
def copies(key: int) -> dict[str, Any]:
    """Who follows a case, and whether they have read it."""
    with reading() as uow:
        return {"copies": telling.copies(uow, key, current_actor())}


@blueprint.on("POST", "/process-instances/<key:key>/copies/read")
@blueprint.gives(204)
@requires(Permission.CASE_READ)
def read(key: int) -> None:
    """已阅: note that one has read one's copy of a case."""
    with unit_of_work() as uow:
        telling.mark_read(uow, key, current_actor())
