"""What an operator sees: figures that agree with their lists, a case as a tree, names but not values of variables."""

import pytest

from engine.model.errors import Invalid, NotAllowed, NotFound
from engine.model.operations import Figure, NodeState, OperatorView, ProcessCounts
from engine.model.views import CaseRow
from engine.service import operations
from tests.integration.models import ask, call, form, job, line
from tests.integration.office import TESTER, Office
from tests.integration.service.test_jobs import activate, fail
from tests.integration.service.test_lifecycle import EVERYTHING, operate
from tests.integration.service.test_statements import counted
from tests.integration.waiting import advance, rows, tick
from tests.unit.runtime.builder import bpmn, catch, chain, end, script, start, sub, timer

SEND = line("p", script("who", '"王"', "name"), job("send"), ids=("who", "send"))
PAUSE = line("q", catch("t", timer("PT1H")), ids=("t",))
INNER = bpmn(
    start(), call("outer", "inner"), sub("box", start("in") + ask("a") + end("out") + chain("in", "a", "out")), end(),
    chain("s", "outer", "box", "e"), process_id="nested",
)  # fmt: skip


def overview(office: Office, by: str = "luo") -> dict[str, ProcessCounts]:
    actor = office.actor(by)
    with office.work() as uow:
        return {found.process_id: found for found in operations.overview(uow, actor)}


def listed(office: Office, figure: Figure, process_id: str = "") -> list[int]:
    actor = office.actor("luo")
    with office.work() as uow:
        return [row.key for row in operations.list_cases(uow, actor, figure, process_id=process_id).rows]


def look(office: Office, case: CaseRow, by: str = "luo") -> OperatorView:
    actor = office.actor(by)
    with office.work() as uow:
        return operations.case_view(uow, actor, TESTER, case.key)


def test_figures_agree_with_their_lists(office: Office) -> None:
    """Running, waiting for others, overdue, with incidents, suspended: each number is the length of its list."""
    office.deploy(p_bpmn=SEND, q_bpmn=PAUSE, r_bpmn=line("r", ask("u"), ids=("u",)), note_form=form("note"))
    program = office.program()
    advance(office)
    stuck, waits, late, task = (office.start("lin", one) for one in ("p", "p", "q", "r"))
    fail(office, program, activate(office, program, limit=1)[0].job.key, 0)
    operate(office, "suspend", waits)
    advance(office, hours=2)
    found = overview(office)
    assert [(found[one].running, found[one].waiting, found[one].overdue) for one in "pqr"] == [
        (2, 0, 0),
        (1, 1, 1),
        (1, 0, 0),
    ]
    assert [(found[one].incident, found[one].suspended) for one in "pqr"] == [(1, 1), (0, 0), (0, 0)]
    for figure in Figure:
        for one in "pqr":
            assert len(listed(office, figure, one)) == getattr(found[one], figure.value), (figure, one)
    assert listed(office, Figure.INCIDENT) == [stuck.key]
    assert listed(office, Figure.RUNNING, "r") == [task.key]
    tick(office)
    assert (overview(office)["q"].running, listed(office, Figure.OVERDUE)) == (0, [])
    assert late.key not in listed(office, Figure.RUNNING)


def test_the_overview_is_one_statement_however_many_cases(office: Office) -> None:
    """The cost of the page does not grow with processes and cases."""
    office.deploy(p_bpmn=SEND, q_bpmn=PAUSE)
    costs = []
    for _ in range(2):
        actor = office.actor("luo")
        with counted(office) as found, office.work() as uow:
            operations.overview(uow, actor)
        costs.append([text for text in found if text != "commit"])
        for _ in range(3):
            office.start("lin", "p")
    assert [len(one) for one in costs] == [1, 1]


def test_cases_out_of_reach_are_neither_counted_nor_shown(office: Office) -> None:
    """An operator of a district sees the district; whoever has not the right sees nothing."""
    office.deploy(p_bpmn=SEND)
    office.program()
    elsewhere = office.start("program", "p")
    assert overview(office)["p"].running == 0
    with pytest.raises(NotFound):
        look(office, elsewhere)
    for username in ("lin", "gao", "sysadmin"):
        with pytest.raises(NotAllowed):
            overview(office, username)


def test_the_tree_shows_what_contains_what(office: Office) -> None:
    """Elements of a called process below the call, of a subprocess below it; finished ones with their end."""
    office.deploy(nested_bpmn=INNER, inner_bpmn=line("inner", ask("deep"), ids=("deep",)), note_form=form("note"))
    case = office.start("lin", "nested")
    assert [(one.element_id, one.depth, one.state) for one in look(office, case).tree] == [
        ("s", 0, NodeState.COMPLETED),
        ("outer", 0, NodeState.ACTIVE),
        ("inner_s", 1, NodeState.COMPLETED),
        ("deep", 1, NodeState.ACTIVE),
    ]
    office.answer("lin", case, "deep", note="x")
    tree = {one.element_id: one for one in look(office, case).tree}
    assert (tree["outer"].state, tree["box"].depth, tree["a"].depth) == (NodeState.COMPLETED, 0, 1)
    operate(office, "cancel", case)
    tree = {one.element_id: one for one in look(office, case).tree}
    assert (tree["a"].state, tree["box"].state) == (NodeState.TERMINATED, NodeState.TERMINATED)


def test_everything_that_waits_is_listed(office: Office) -> None:
    """User task, job, timer, message, signal, and the incident at its element."""
    office.deploy(p_bpmn=EVERYTHING, note_form=form("note"))
    program = office.program()
    case = office.start("lin", "p")
    fail(office, program, activate(office, program)[0].job.key, 0, message="地址不存在")
    found = look(office, case)
    assert [task.element_id for task in found.tasks] == ["u"]
    assert [(row.element_id, row.incident) for row in found.jobs] == [("send", True)]
    assert [(row.element_id, row.kind) for row in found.waits] == [("late", "timer"), ("m", "message"), ("g", "signal")]
    assert [(row.element_id, row.reason) for row in found.incidents] == [("send", "地址不存在")]
    assert [node.element_id for node in found.tree if node.incident] == ["send"]


def test_values_need_a_reason_and_looks_are_traced(office: Office) -> None:
    """Names come with the page; values only with a reason, which stands in the system trace."""
    office.deploy(p_bpmn=SEND)
    case = office.start("lin", "p")
    assert look(office, case).variables == (("name", None),)
    actor = office.actor("luo")
    with office.work() as uow, pytest.raises(Invalid):
        operations.case_values(uow, actor, TESTER, case.key, " ")
    with office.work() as uow:
        assert operations.case_values(uow, actor, TESTER, case.key, "排查故障").variables == (("name", "王"),)
    bodies = [
        bytes(row["body"]).decode() for row in rows(office, "select body from trace_entry where kind = 'case.read.v1'")
    ]
    assert [name for body in bodies for name in ("operations", "variables", "排查故障") if name in body] == [
        "operations",
        "variables",
        "排查故障",
    ]
