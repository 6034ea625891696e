"""Call activities: late binding, version pins, user tasks of called processes; a running call keeps its definition."""

import pytest

from engine.model.commands import DraftInput
from engine.model.errors import Refused
from engine.service import drafts, task_pages
from engine.store import cases
from tests.integration.folding import folded, payloads, variables
from tests.integration.models import ask, call, form, line
from tests.integration.office import TESTER, Office
from tests.unit.runtime.builder import many, mapped, script

OUTCOMES = (
    '<supervision:outcomes resultVariable="verdict"><supervision:outcome code="yes" name="同意"/>'
    "</supervision:outcomes>"
)
MATERIALS = (
    '<supervision:materials><supervision:material code="proof" name="证明" kind="attachment" minimum="0"/>'
    "</supervision:materials>"
)


def child(word: str = "u", tag: str = "") -> bytes:
    """A process with one user task, with an outcome and a material that the caller knows nothing of."""
    return line("child", ask(word, more=OUTCOMES + MATERIALS), ids=(word,), tag=tag)


def caller(**attributes: str) -> bytes:
    return line("p", call("c", "child", **attributes), ask("after"), ids=("c", "after"))


def test_a_user_task_of_a_called_process_is_shown_and_completed(office: Office) -> None:
    """Definition, form, outcome and materials come from the called process; then the caller goes on."""
    office.deploy(p_bpmn=caller(), child_bpmn=child(), note_form=form("note"))
    case = office.start("lin", "p")
    task = office.task("lin", case, "u")
    assert (task.process_id, task.called_name, task.case_process_name) == ("child", "P", "P")
    lin = office.actor("lin")
    with office.work() as uow:
        drafts.save(uow, lin, task.key, DraftInput(data={"note": "draft"}))
    with office.work() as uow:
        view = task_pages.view(uow, lin, TESTER, task.key)
    assert ([o.code for o in view.outcomes], [m.code for m in view.materials]) == (["yes"], ["proof"])
    assert (view.form is not None, view.data["note"], view.workable) == (True, "draft", True)
    assert view.diagram.definition_key == task.definition_key
    assert (view.diagram.current, view.diagram.completed) == (("u",), ("child_s",))
    office.answer("lin", case, "u", note="seen")
    assert variables(office, case.key) == {"note": "seen", "verdict": "yes"}
    assert folded(office, case.key) == {"": variables(office, case.key)}
    started, done = payloads(office, case.key)
    assert started["scopes"][0]["process"] == "child"
    assert started["next"][0]["process"] == "child"
    assert (done["definition"]["process_id"], done["definition"]["version"]) == ("child", 1)
    shown = office.view("lin", case)
    assert shown.diagram.current == ("after",)
    assert [(called.name, called.completed) for called in shown.diagram.called] == [("P", ("child_s", "u", "child_e"))]
    assert shown.timeline[1].process_name == "P"


def test_late_binding_takes_the_newest_and_a_running_call_keeps_its_own(office: Office) -> None:
    """A version deployed while a call runs is for the calls that begin later."""
    office.deploy(p_bpmn=caller(), child_bpmn=child(), note_form=form("note"))
    old = office.start("lin", "p")
    office.deploy(child_bpmn=child("newer"))
    new = office.start("lin", "p")
    assert (old.current, new.current) == (("u",), ("newer",))
    task = office.task("lin", new, "newer")
    assert task.definition_version == 2
    office.answer("lin", old, "u", note="x")
    office.answer("lin", new, "newer", note="x")
    assert office.view("lin", old).case.current == office.view("lin", new).case.current == ("after",)


def test_a_version_tag_pins_the_version(office: Office) -> None:
    """versionTag calls the newest version with that tag, whatever was deployed later; an unknown tag is refused."""
    office.deploy(child_bpmn=child("tagged", tag="2026"), note_form=form("note"))
    office.deploy(child_bpmn=child("newer", tag="2027"), p_bpmn=caller(bindingType="versionTag", versionTag="2026"))
    assert office.start("lin", "p").current == ("tagged",)
    office.deploy(p_bpmn=caller(bindingType="versionTag", versionTag="1999"))
    with pytest.raises(Refused, match=r"child.*1999") as caught:
        office.start("lin", "p")
    assert caught.value.code == "process.not_called"


def test_deployment_binding_calls_what_was_deployed_together(office: Office) -> None:
    """bindingType deployment goes with the deployment of the caller's version."""
    office.deploy(child_bpmn=child("together"), p_bpmn=caller(bindingType="deployment"), note_form=form("note"))
    office.deploy(child_bpmn=child("newer"))
    assert office.start("lin", "p").current == ("together",)


def test_a_call_of_nothing_is_refused(office: Office) -> None:
    """At deployment by element; at run time, where the name is an expression, with the name."""
    with pytest.raises(Refused) as caught:
        office.deploy(p_bpmn=caller(), note_form=form("note"))
    assert [detail.code for detail in caught.value.details] == ["called-process-unknown"]
    office.deploy(p_bpmn=line("p", script("n", '"ghost"', "who"), call("c", "=who"), ids=("n", "c")))
    with pytest.raises(Refused, match="ghost") as running:
        office.start("lin", "p")
    assert running.value.params == {"process": "ghost"}


def test_a_call_for_each_item_keeps_its_variables_apart(office: Office) -> None:
    """A call activity in a loop: every called process has its own item; results are gathered by mappings."""
    grandchild = line("grandchild", ask("u"), ids=("u",))
    called = line("child", call("d", "grandchild"), ids=("d",))
    loop = many(outputCollection="notes", outputElement="=got")
    model = line(
        "p",
        script("list", '["a", "b"]', "items"),
        call("c", "child", inner=loop, more=mapped("< note -> got")),
        ids=("list", "c"),
    )
    office.deploy(p_bpmn=model, child_bpmn=called, grandchild_bpmn=grandchild, note_form=form("note", "item"))
    case = office.start("lin", "p")
    rows = {row.item_number: row for row in office.todo("lin")}
    assert {number: row.item for number, row in rows.items()} == {"1": "a", "2": "b"}
    with office.work() as uow:
        assert task_pages.view(uow, office.actor("lin"), TESTER, rows["2"].key).data["item"] == "b"
    office.answer("lin", case, "u", note="first")
    assert office.answer("lin", case, "u", note="second").ended
    assert variables(office, case.key)["notes"] == ["first", "second"]
    assert folded(office, case.key) == {"": variables(office, case.key)}
    with office.work() as uow:
        assert {task.called.id for task in cases.user_tasks(uow, case.key) if task.called} == {"grandchild"}
