"""People of the office use the verbs of approval; for the tests of them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from engine.model.approval_commands import AddSign, HandOver, RemoveSign, SendBack, SendCopy, Sign, Urge, Withdraw
from engine.model.commands import CompletionResult
from engine.model.ids import CommandId, UserTaskKey
from engine.model.views import CaseRow, UserTaskRow
from engine.service import handing_over, returns, signing, telling
from engine.service.handling import new_command_id
from tests.integration.models import ask, form
from tests.integration.office import TESTER, Office
from tests.unit.runtime.builder import both, bpmn, chain, end, start

R = TypeVar("R")
EVERY_VERB = "".join(
    f'<supervision:verb code="{code}"/>'
    for code in ("send-back", "withdraw", "transfer", "delegate", "add-sign", "remove-sign")
)
APPROVAL = f"<supervision:approval>{EVERY_VERB}</supervision:approval>"
LINE = bpmn(start(), ask("a", "b", "c", more=APPROVAL), end(), chain("s", "a", "b", "c", "e"))
PARALLEL = bpmn(
    start(), ask("a", "b", "c", "d", "f", more=APPROVAL), both("g", "j"), end(),
    chain("s", "a", "g", "b", "c", "j", "f", "e"), chain("g", "d", "j"),
)  # fmt: skip


def opened(office: Office, model: bytes = LINE) -> CaseRow:
    """A case of the model, begun by lin, whose position works every node."""
    office.deploy(p_bpmn=model, note_form=form("note"))
    return office.start("lin", "p")


def send_back(
    office: Office, by: str, task: UserTaskRow, target: str, *, direct: bool = False, command_id: str = ""
) -> CompletionResult:
    command = SendBack(
        command_id=CommandId(command_id or new_command_id()),
        key=task.key,
        target=target,
        opinion="材料不齐",
        direct=direct,
    )
    return _do(office, by, returns.send_back, command)


def withdraw(office: Office, by: str, key: UserTaskKey) -> CompletionResult:
    return _do(office, by, returns.withdraw, Withdraw(command_id=new_command_id(), key=key, opinion="漏填"))


def transfer(office: Office, by: str, task: UserTaskRow, person: str) -> None:
    command = HandOver(command_id=new_command_id(), key=task.key, person=person, opinion="外出")
    _do(office, by, handing_over.transfer, command)


def delegate(office: Office, by: str, task: UserTaskRow, person: str) -> None:
    command = HandOver(command_id=new_command_id(), key=task.key, person=person, opinion="请先看")
    _do(office, by, signing.delegate, command)


def add_sign(office: Office, by: str, task: UserTaskRow, people: Sequence[str]) -> None:
    command = AddSign(command_id=new_command_id(), key=task.key, people=tuple(people), opinion="请核")
    _do(office, by, signing.add_sign, command)


def sign(office: Office, by: str, task: UserTaskRow, *, agree: bool = True) -> None:
    command = Sign(command_id=new_command_id(), key=task.key, agree=agree, opinion="已核")
    _do(office, by, signing.sign, command)


def remove_sign(office: Office, by: str, key: UserTaskKey) -> None:
    _do(office, by, signing.remove_sign, RemoveSign(command_id=new_command_id(), key=key, opinion="不必"))


def urge(office: Office, by: str, key: UserTaskKey) -> int:
    return _do(office, by, telling.urge, Urge(command_id=new_command_id(), key=key))


def send_copy(office: Office, by: str, task: UserTaskRow, people: Sequence[str]) -> int:
    command = SendCopy(command_id=new_command_id(), key=task.key, people=tuple(people))
    return _do(office, by, telling.send_copy, command)


def _do(office: Office, by: str, verb: Callable[..., R], command: object) -> R:
    actor = office.actor(by)
    with office.work() as uow:
        return verb(uow, command, actor, TESTER)
