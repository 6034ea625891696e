"""Field rights by role: every node of a played case × everybody × the ways to look and to write."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.forms import schema
from engine.model.actors import Actor, Permission
from engine.model.commands import CompleteUserTask, DraftInput
from engine.model.definitions import FieldAccess, MaterialKind
from engine.model.errors import MingjingError, NotAllowed, NotFound, Refused
from engine.model.views import CaseRow, UserTaskRow
from engine.service import drafts, rights, task_pages, user_tasks
from engine.service.demonstration_city import sample_cases
from engine.service.handling import new_command_id
from tests import samples
from tests.integration.office import TESTER, Office

SAMPLE = sample_cases()[2]
PEOPLE = (*dict.fromkeys(step.username for step in SAMPLE.steps), "du", "gao")
"""Everybody of this case, the designer and an inspector."""

FORMS = Path(__file__).resolve().parents[3] / "forms"
CLOSED = (FieldAccess.HIDDEN, FieldAccess.MASKED)


def stations(office: Office) -> Iterator[tuple[CaseRow, UserTaskRow, str]]:
    """A case at each of its nodes: what waits, and for whom."""
    case = office.start(SAMPLE.steps[0].username)
    for step in SAMPLE.steps:
        yield case, office.task(step.username, case, step.element), step.username
        office.do(case, step)


def readable(office: Office, case: CaseRow, actor: Actor, done: set[str]) -> set[str]:
    """Naively: the fields of the forms of the nodes that this person worked, or is to work now."""
    found: set[str] = set()
    waiting = {row.element_id for row in office.todo(actor.username) if row.instance_key == case.key}
    for step in SAMPLE.steps:
        element = office.element(case, step.element)
        worked = step.element in done and step.username == actor.username
        if worked or step.element in waiting:
            form = schema.parse((FORMS / f"{element.form_id}.form").read_bytes(), resource="")
            found |= {name for name in form.variables if element.field_access.get(name) not in CLOSED}
    return found


def test_everybody_at_every_node(office: Office) -> None:
    """Who may not work a task writes nothing into it by any way, and sees only fields of their own forms."""
    actors = {name: office.actor(name) for name in PEOPLE}
    done: set[str] = set()
    tried = 0
    for case, task, worker in stations(office):
        for actor in actors.values():
            look(office, case, task, actor, readable(office, case, actor, done))
            if not may_work(office, case, task, actor):
                refuse_all(office, task, actor)
            tried += 1
        closed_fields(office, case, task, actors[worker])
        done.add(task.element_id)
    assert tried == len(PEOPLE) * len(SAMPLE.steps)


def may_work(office: Office, case: CaseRow, task: UserTaskRow, actor: Actor) -> bool:
    offered = any(row.key == task.key for row in office.todo(actor.username))
    return offered and rights.has(actor, Permission.USER_TASK_WORK)


def look(office: Office, case: CaseRow, task: UserTaskRow, actor: Actor, allowed: set[str]) -> None:
    try:
        with office.work() as uow:
            view = task_pages.view(uow, actor, TESTER, task.key)
    except NotFound:
        return
    if not rights.inspects(actor):
        assert set(view.data) <= allowed | {"supervision"}, (actor.username, task.element_id)


def refuse_all(office: Office, task: UserTaskRow, actor: Actor) -> None:
    draft = DraftInput(data={"apply_reason": "written by a stranger"}, outcome="", opinion="")
    completion = CompleteUserTask(command_id=new_command_id(), key=task.key, version=None, action=None, opinion="")
    ways = (
        lambda uow: drafts.save(uow, actor, task.key, draft),
        lambda uow: drafts.read(uow, actor, task.key),
        lambda uow: drafts.add_file(uow, actor, task.key, MaterialKind.ATTACHMENT, "", "a.pdf", samples.minutes()),
        lambda uow: user_tasks.complete(uow, completion, actor, TESTER),
    )
    for way in ways:
        with pytest.raises(MingjingError) as caught, office.work() as uow:
            way(uow)
        assert isinstance(caught.value, NotAllowed | NotFound), (actor.username, task.element_id, caught.value)


def closed_fields(office: Office, case: CaseRow, task: UserTaskRow, worker: Actor) -> None:
    """The right person, too, writes no field that the node closes: neither at once nor by way of a draft."""
    element = office.element(case, task.element_id)
    closed = [name for name, right in element.field_access.items() if right is not FieldAccess.WRITE]
    closed = [name for name in closed if "[" not in name and name != "members"]  # rows have a test of their own
    data = dict.fromkeys(closed, "written all the same")
    if not data:
        return
    with office.work() as uow:
        kept = drafts.save(uow, worker, task.key, DraftInput(data=data, outcome="", opinion=""))
    assert kept.data == {}, task.element_id
    action = element.outcomes[0].code
    completion = CompleteUserTask(
        command_id=new_command_id(), key=task.key, version=None, action=action, opinion="同意", variables=data
    )
    with pytest.raises(Refused) as caught, office.work() as uow:
        user_tasks.complete(uow, completion, worker, TESTER)
    assert {detail.place for detail in caught.value.details} == set(data), task.element_id
