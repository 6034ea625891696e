"""Every element that the gate lets pass runs through service, database and trace: scopes, loops, ends, starts."""

import pytest

from engine.model.commands import DraftInput
from engine.model.errors import Conflict, NotFound
from engine.model.ids import CommandId
from engine.model.views import InstanceState, UserTaskState
from engine.service import drafts, task_pages, verification, worklist
from engine.service.demonstration_city import SampleStep
from tests.integration.folding import folded, payloads, variables
from tests.integration.models import ask, ask_many, form, line
from tests.integration.office import TESTER, Office
from tests.unit.runtime.builder import (
    both,
    bpmn,
    end,
    flow,
    many,
    mapped,
    script,
    start,
    sub,
    terminate,
)
from tests.unit.runtime.builder import (
    chain as flows,
)

PEOPLE = '[{name: "甲", age: 1}, {name: "乙", age: 2}, {name: "丙", age: 3}]'


def test_instances_of_a_loop_see_their_item_and_their_results_are_gathered(office: Office) -> None:
    """Three user tasks at once, told apart by number and item; each sees its own; the list keeps their order."""
    loop = many(outputCollection="notes", outputElement="=note")
    model = line("p", script("list", PEOPLE, "items"), ask_many("m", loop), ask("after"), ids=("list", "m", "after"))
    office.deploy(p_bpmn=model, note_form=form("note", "item"))
    case = office.start("lin", "p")
    assert case.current == ("m",)
    rows = {row.item_number: row for row in office.todo("lin")}
    assert {number: row.item for number, row in rows.items()} == {"1": "甲", "2": "乙", "3": "丙"}
    lin = office.actor("lin")
    with office.work() as uow:
        seen = [dict(task_pages.view(uow, lin, TESTER, rows[n].key).data) for n in "123"]
    assert [data["item"]["age"] for data in seen] == [1, 2, 3]  # type: ignore[index]
    for number in "312":
        step = SampleStep(element="m", username="lin", action="", variables={"note": f"note {number}"})
        office.complete("lin", rows[number], step)
    assert variables(office, case.key)["notes"] == ["note 1", "note 2", "note 3"]
    assert "note" not in variables(office, case.key)
    assert folded(office, case.key) == {"": variables(office, case.key)}
    office.answer("lin", case, "after", note="done")
    assert folded(office, case.key) == {"": variables(office, case.key)}
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok
    told = [entry.item for entry in office.view("gao", case).timeline]
    assert told == ["", "3", "1", "2", ""]


def test_variables_of_open_scopes_are_in_the_trace(office: Office) -> None:
    """In the middle of a loop the trace gives the variables of every scope that is open, and of no other."""
    model = line("p", script("list", "[7, 8]", "items"), ask_many("m", many(sequential=True)), ids=("list", "m"))
    office.deploy(p_bpmn=model, note_form=form("note"))
    case = office.start("lin", "p")
    assert folded(office, case.key)["m#1"] == {"loopCounter": 1, "item": 7}
    office.answer("lin", case, "m", note="x")
    now = folded(office, case.key)
    assert now["m#2"] == {"loopCounter": 2, "item": 8}
    assert "m#1" not in now
    assert now[""]["note"] == "x"


def test_a_mapped_subprocess_gives_out_only_what_it_maps(office: Office) -> None:
    """A user task inside sees what was mapped in; its answer stays inside but for the output mapping."""
    inside = (start("i_s"), ask("u"), end("i_e"), flows("i_s", "u", "i_e"))
    model = line(
        "p", script("set", "41", "x"), sub("q", *inside, extension=mapped("> x + 1 -> y", "< note -> answer")),
        ask("after"), ids=("set", "q", "after"),
    )  # fmt: skip
    office.deploy(p_bpmn=model, note_form=form("note", "y"))
    case = office.start("lin", "p")
    task = office.task("lin", case, "u")
    with office.work() as uow:
        assert task_pages.view(uow, office.actor("lin"), TESTER, task.key).data["y"] == 42
    office.answer("lin", case, "u", note="yes", y="42")
    assert variables(office, case.key)["answer"] == "yes"
    assert folded(office, case.key) == {"": variables(office, case.key)}


def test_a_completion_condition_cancels_the_rest(office: Office) -> None:
    """Two of three suffice: the third task is cancelled by the system, with its draft, and says so."""
    loop = many(completion="numberOfCompletedInstances >= 2")
    model = line("p", script("list", PEOPLE, "items"), ask_many("m", loop), ask("after"), ids=("list", "m", "after"))
    office.deploy(p_bpmn=model, note_form=form("note"))
    case = office.start("lin", "p")
    one, two, three = sorted(office.todo("lin"), key=lambda row: row.item_number)
    lin = office.actor("lin")
    with office.work() as uow:
        drafts.save(uow, lin, three.key, DraftInput(data={"note": "kept"}))
    step = SampleStep(element="m", username="lin", action="", variables={"note": "x"})
    office.complete("lin", one, step)
    office.complete("lin", two, step)
    states = {task.item_number: task.state for task in office.view("lin", case).tasks if task.element_id == "m"}
    assert states == {"1": UserTaskState.COMPLETED, "2": UserTaskState.COMPLETED, "3": UserTaskState.CANCELED}
    with office.work() as uow:
        view = task_pages.view(uow, lin, TESTER, three.key)
        assert (view.workable, view.not_workable_reason) == (False, "user_task.cancelled")
        assert view.draft == drafts.EMPTY
    with pytest.raises(Conflict) as late:
        office.complete("lin", three, step)
    assert late.value.code == "user_task.not_open"
    with office.work() as uow, pytest.raises(Conflict):
        drafts.save(uow, lin, three.key, DraftInput(data={"note": "late"}))
    assert office.view("lin", case).case.current == ("after",)
    cancelled = [t for t in payloads(office, case.key)[2]["transitions"] if t["kind"] == "terminated"]
    assert [t["instance"] for t in cancelled] == [three.element_instance]


def test_a_terminate_end_event_ends_the_case_and_cancels_what_waits(office: Office) -> None:
    """Two branches, one reaches the terminate end event: the other's task is cancelled, the case completed."""
    model = bpmn(
        start(), both("fork"), ask("u", "v"), terminate("t"), end(),
        flow("s", "fork"), flow("fork", "u"), flow("fork", "v"), flow("u", "t"), flow("v", "e"),
    )  # fmt: skip
    office.deploy(p_bpmn=model, note_form=form("note"))
    case = office.start("lin", "p")
    assert case.current == ("u", "v")
    result = office.answer("lin", case, "u", note="stop")
    view = office.view("lin", case)
    assert result.ended
    assert (view.case.state, view.case.current) == (InstanceState.COMPLETED, ())
    assert {task.element_id: task.state.value for task in view.tasks} == {"u": "COMPLETED", "v": "CANCELED"}
    assert view.diagram.current == ()


def test_a_case_may_end_at_once(office: Office) -> None:
    """A process without anything that waits starts and ends in one command, is numbered and verified."""
    office.deploy(p_bpmn=line("p", script("set", "1 + 1", "x"), ids=("set",)))
    case = office.start("lin", "p")
    assert (case.state, case.current) == (InstanceState.COMPLETED, ())
    assert case.ended_at is not None
    assert variables(office, case.key) == {"x": 2}
    assert [t["element"] for t in payloads(office, case.key)[0]["transitions"] if t["kind"] == "completed"] == [
        "p_s", "set", "p_e",
    ]  # fmt: skip


def test_one_of_several_start_events_begins_the_case(office: Office) -> None:
    """Without a word the first; with a word that one; an unknown one is not found."""
    model = bpmn(
        start("first"), start("second"), ask("u", "v"), end(),
        flow("first", "u"), flow("second", "v"), flow("u", "e"), flow("v", "e"),
    )  # fmt: skip
    office.deploy(p_bpmn=model, note_form=form("note"))
    assert office.start("lin", "p").current == ("u",)
    assert office.start("lin", "p", start_event="second").current == ("v",)
    with pytest.raises(NotFound, match="third"):
        office.start("lin", "p", start_event="third")
    with office.work() as uow:
        offer = next(found for found in worklist.startable(uow, office.actor("lin")) if found.process_id == "p")
    assert [identity for identity, _ in offer.starts] == ["first", "second"]


def test_nested_loops_number_their_tasks(office: Office) -> None:
    """A loop in a loop: tasks are numbered from the outermost, and all of them wait at once."""
    inner = (start("i_s"), ask_many("m", many("[1, 2]", inputElement="part")), end("i_e"), flows("i_s", "m", "i_e"))
    model = line("p", script("list", '["a", "b"]', "items"), sub("q", *inner, inner=many()), ids=("list", "q"))
    office.deploy(p_bpmn=model, note_form=form("note"))
    case = office.start("lin", "p")
    assert sorted((row.item_number, row.item) for row in office.todo("lin")) == [
        ("1.1", "1"), ("1.2", "2"), ("2.1", "1"), ("2.2", "2"),
    ]  # fmt: skip
    for _ in range(4):
        last = office.answer("lin", case, "m", note="x")
    assert last.ended
    assert folded(office, case.key) == {"": variables(office, case.key)}


def test_a_completed_task_repeats_its_result(office: Office) -> None:
    """The same command id on an instance of a loop gives the first result; another one is told it is done."""
    office.deploy(
        p_bpmn=line("p", script("l", "[1, 2]", "items"), ask_many("m", many()), ids=("l", "m")), note_form=form("note")
    )
    office.start("lin", "p")
    task = office.todo("lin")[0]
    step = SampleStep(element="m", username="lin", action="", variables={"note": "x"})
    first = office.complete("lin", task, step, CommandId("once-only"))
    assert office.complete("lin", task, step, CommandId("once-only")) == first
    with pytest.raises(Conflict):
        office.complete("lin", task, step)


def test_the_model_may_assign_each_instance_to_a_person(office: Office) -> None:
    """assignee is an expression over the item: each person finds exactly their own task."""
    model = line(
        "p", script("list", '["zhao", "sun"]', "items"), ask_many("m", many(), assignee="=item"), ids=("list", "m")
    )
    office.deploy(p_bpmn=model, note_form=form("note"))
    case = office.start("lin", "p")
    assert [row.item for row in office.todo("zhao")] == ["zhao"]
    office.answer("sun", case, "m", note="mine")
    assert office.todo("sun") == ()
