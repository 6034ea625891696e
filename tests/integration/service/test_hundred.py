"""A hundred parallel user tasks of one case: constant cost, and a hundred people at once."""

import threading

import pytest

from engine.model.actors import Scope
from engine.model.commands import CompleteUserTask
from engine.model.errors import Conflict, MingjingError
from engine.service import people, user_tasks, verification, worklist
from engine.service.handling import new_command_id
from tests.integration.models import form, hundred
from tests.integration.office import TESTER, Office
from tests.integration.service.test_statements import LIMIT, counted

PEOPLE = 100


def test_a_completion_costs_the_same_among_ten_and_among_a_hundred(office: Office) -> None:
    """Statements and commits do not depend on how many user tasks wait beside it, nor does starting them."""
    costs = set()
    lin = office.actor("lin")
    for size in (10, 100):
        office.deploy(p_bpmn=hundred("p", size), note_form=form("note"))
        warm = office.start("lin", "p")
        office.answer("lin", warm, "m", note="compiles what is new")
        with counted(office) as starting:
            case = office.start("lin", "p")
        task = next(row for row in office.todo("lin") if row.instance_key == case.key)
        command = CompleteUserTask(command_id=new_command_id(), key=task.key, variables={"note": "x"})
        with counted(office) as found, office.work() as uow:
            user_tasks.complete(uow, command, lin, TESTER)
        costs.add((len(starting), len(found) - found.count("commit"), found.count("commit")))
    assert len(costs) == 1, costs
    _, statements, commits = costs.pop()
    assert (statements <= LIMIT, commits) == (True, 1)


def test_a_hundred_people_complete_a_hundred_tasks_at_once(office: Office) -> None:
    """Nobody fails, everything is in the trace, the case goes on once; a second click on a task is a conflict."""
    with office.work() as uow:
        for number in range(1, PEOPLE + 1):
            new = people.NewPerson(
                username=f"p{number:03}", name=f"会签人{number}", unit_code="JH-QH-01-01", password=None,
                roles=(("clerk", Scope.OWN),),
            )  # fmt: skip
            people.create(uow, new, None, TESTER)
    names = "".join(("string(", "1000 + item", ")"))
    model = hundred("p", PEOPLE, assignee=f'="p" + substring({names}, 2)'.replace('"', "&quot;"))
    office.deploy(p_bpmn=model, note_form=form("note"))
    case = office.start("lin", "p")
    actors = [office.actor(f"p{number:03}") for number in range(1, PEOPLE + 1)]
    gao = office.actor("gao")
    with office.work() as uow:
        waiting = worklist.user_tasks(uow, gao, None, PEOPLE, state="CREATED", instance_key=case.key).rows
    tasks = {row.assignee: row for row in waiting}
    assert len(tasks) == PEOPLE
    done: list[str] = []
    faults: list[MingjingError] = []
    gate = threading.Barrier(PEOPLE)

    def click(number: int) -> None:
        actor = actors[number]
        command = CompleteUserTask(
            command_id=new_command_id(), key=tasks[actor.username].key, variables={"note": actor.name}
        )
        gate.wait()
        try:
            with office.work() as uow:
                user_tasks.complete(uow, command, actor, TESTER)
            done.append(actor.username)
        except MingjingError as error:
            faults.append(error)

    threads = [threading.Thread(target=click, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    view = office.view("gao", case)
    completed = [entry for entry in view.timeline if entry.kind == "user_task.completed.v2"]
    assert {entry.person_name for entry in completed} == {actor.name for actor in actors}
    assert sorted(int(entry.item) for entry in completed) == list(range(1, PEOPLE + 1))
    assert view.case.current == ("after",)
    again = CompleteUserTask(command_id=new_command_id(), key=tasks["p001"].key, variables={"note": "x"})
    with pytest.raises(Conflict) as second, office.work() as uow:
        user_tasks.complete(uow, again, actors[0], TESTER)
    assert second.value.code == "user_task.not_open"
    with office.work() as uow:
        report = verification.verify(uow, office.actor("gao"), TESTER, case.key)
    assert (report.ok, report.entries) == (True, PEOPLE + 2)
