"""Suspend, resume, cancel: who may, what stops, what goes on, what is kept, and that nothing is lost or done twice."""

from datetime import timedelta

import pytest

from engine.model.actors import Actor
from engine.model.commands import OperateInstance
from engine.model.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.model.ids import CommandId
from engine.model.views import CaseRow, InstanceState, JobState, UserTaskState
from engine.service import jobs, lifecycle, task_pages, verification
from engine.service.handling import new_command_id
from tests.integration.folding import folded, payloads, variables
from tests.integration.models import ask, form, job, line
from tests.integration.office import TESTER, Office
from tests.integration.service.test_jobs import activate, complete
from tests.integration.service.test_statements import counted
from tests.integration.waiting import advance, broadcast, correlate, publish, rows, tick
from tests.unit.runtime.builder import both, boundary, bpmn, catch, chain, end, flow, of, script, start, timer

HOUR_MS = 3_600_000
EVERYTHING = bpmn(
    start(), script("k", '"A-17"', "key"), both("f"), ask("u"), job("send"), catch("m", of("message", "paid")),
    catch("g", of("signal", "flood")), boundary("late", "u", timer("P5D")), both("j"), ask("after"), end("e", "z"),
    chain("s", "k", "f", "u", "j", "after", "e"), chain("f", "send", "j"), chain("f", "m", "j"), chain("f", "g", "j"),
    flow("late", "z"),
)  # fmt: skip
"""A user task with a time limit, a job, a message and a signal, all waited for at once."""


def operate(
    office: Office, verb: str, case: CaseRow, *, by: str = "luo", reason: str = "申请人撤回", command_id: str = ""
) -> None:
    order = OperateInstance(
        command_id=CommandId(command_id or new_command_id()), key=case.key, reason=reason, reference=7
    )
    actor = office.actor(by)
    with office.work() as uow:
        getattr(lifecycle, verb)(uow, order, actor, TESTER)


def begin(office: Office) -> tuple[Actor, CaseRow]:
    office.deploy(p_bpmn=EVERYTHING, note_form=form("note"))
    program = office.program()
    advance(office)
    case = office.start("lin", "p")
    tick(office)
    return program, case


def state(office: Office, case: CaseRow) -> InstanceState:
    return office.view("gao", case).case.state


def test_a_suspended_case_stands_still(office: Office) -> None:
    """Nobody completes, no job is handed out, no timer fires; whoever tries is told so, and that is traced."""
    program, case = begin(office)
    task = office.task("lin", case, "u")
    held = activate(office, program)[0].job.key
    operate(office, "suspend", case)
    assert state(office, case) is InstanceState.SUSPENDED
    assert office.task("lin", case, "u").suspended
    with pytest.raises(Conflict) as refused:
        office.answer("lin", case, "u", note="x")
    assert refused.value.code == "case.suspended"
    with pytest.raises(Conflict):
        complete(office, program, held)
    advance(office, days=30)
    assert activate(office, program) == ()
    assert tick(office) == 0
    assert rows(office, "select 1 from due where kind = 'timer'") != []
    lin = office.actor("lin")
    with office.work() as uow:
        seen = task_pages.view(uow, lin, TESTER, task.key)
    assert (seen.workable, seen.not_workable_reason) == (False, "case.suspended")
    kinds = [payload.get("code") for payload in payloads(office, case.key)]
    assert kinds[-2:] == ["case.suspended", "case.suspended"]


def test_a_resumed_case_goes_on_and_its_time_limit_is_later(office: Office) -> None:
    """Thirty days of pause do not count: the limit of five days is over five days of work after the start."""
    program, case = begin(office)
    advance(office, days=2)
    operate(office, "suspend", case)
    at = advance(office, days=30)
    operate(office, "resume", case)
    assert state(office, case) is InstanceState.ACTIVE
    assert [row["due_at"] for row in rows(office, "select due_at from due where kind = 'timer'")] == [
        at + timedelta(days=3)
    ]
    complete(office, program, activate(office, program)[0].job.key)
    advance(office, days=2, hours=23)
    tick(office)
    assert "u" in office.view("lin", case).case.current
    advance(office, hours=2)
    assert tick(office) == 1
    assert "u" not in office.view("lin", case).case.current
    assert folded(office, case.key) == {"": variables(office, case.key)}
    told = [entry for entry in office.view("lin", case).timeline if entry.reason]
    assert [entry.kind for entry in told] == ["process_instance.suspended.v1", "process_instance.resumed.v1"]
    assert {(entry.reason, entry.person_name) for entry in told} == {("申请人撤回", "罗平")}


def test_what_comes_meanwhile_is_not_lost(office: Office) -> None:
    """A message that lives long enough and a signal reach the case as soon as it is resumed, each once."""
    program, case = begin(office)
    operate(office, "suspend", case)
    assert publish(office, program, "paid", "A-17", live_ms=HOUR_MS, amount=12).instance_key is None
    with pytest.raises(NotFound):
        correlate(office, program, "paid", "A-17", amount=1)
    broadcast(office, program, "flood", level=3)
    tick(office)
    assert variables(office, case.key) == {"key": "A-17"}
    operate(office, "resume", case)
    tick(office)
    assert variables(office, case.key) == {"key": "A-17", "amount": 12, "level": 3}
    assert set(office.view("lin", case).case.current) == {"u", "send"}
    assert tick(office) == 0


def test_a_job_of_our_own_worker_goes_on_after_a_pause(office: Office) -> None:
    """What our worker has dropped while the case was suspended is given to it again."""
    office.deploy(p_bpmn=line("p", job("calc", "mingjing:feel", headers={"expression": "1 + 1"}), ids=("calc",)))
    case = office.start("lin", "p")
    waiting = "select count(*) as n from procrastinate_jobs where args ->> 'key' is not null"
    before = rows(office, waiting)[0]["n"]
    operate(office, "suspend", case)
    operate(office, "resume", case)
    assert rows(office, waiting)[0]["n"] == before + 1


def test_a_cancelled_case_leaves_nothing_behind(office: Office) -> None:
    """User tasks and jobs are cancelled, timers and waits gone, drafts forgotten; reason and steps are sealed."""
    program, case = begin(office)
    held = activate(office, program)[0].job.key
    operate(office, "cancel", case)
    view = office.view("gao", case)
    assert (view.case.state, view.case.current) == (InstanceState.TERMINATED, ())
    assert view.case.ended_at is not None
    assert {task.state for task in view.tasks} == {UserTaskState.CANCELED}
    with office.work() as uow:
        assert [row.state for row in jobs.search(uow, program).rows] == [JobState.CANCELED]
    assert rows(office, "select 1 from due where kind = 'timer' union all select 1 from subscription") == []
    with pytest.raises(Conflict):
        complete(office, program, held)
    entry = payloads(office, case.key)[1]
    assert (entry["reason"], entry["reference"], entry["ended"]) == ("申请人撤回", 7, True)
    assert {t["instance"] for t in entry["transitions"]} == {"u#1", "send#1", "m#1", "g#1"}
    assert {t["kind"] for t in entry["transitions"]} == {"terminated"}
    assert view.timeline[1].reason == "申请人撤回"
    assert office.view("lin", case).timeline[1].reason == "申请人撤回"
    assert view.diagram.current == ()
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_a_suspended_case_can_be_cancelled(office: Office) -> None:
    """Nobody has to resume a case only to end it."""
    _, case = begin(office)
    operate(office, "suspend", case)
    operate(office, "cancel", case)
    assert state(office, case) is InstanceState.TERMINATED
    assert office.view("gao", case).case.suspended_at is None


@pytest.mark.parametrize("warm", [True, False])
def test_after_a_pause_the_state_is_the_same_in_memory_and_from_the_database(office: Office, warm: bool) -> None:
    """Given an instance in memory or read anew, when it is resumed, then it goes on where it was."""
    _, case = begin(office)
    operate(office, "suspend", case)
    if not warm:
        office.equipment.live.forget()
    operate(office, "resume", case)
    if not warm:
        office.equipment.live.forget()
    office.answer("lin", case, "u", note="x")
    assert "u" not in office.view("lin", case).case.current


@pytest.mark.parametrize(
    ("before", "verb", "code"),
    [
        ((), "resume", "case.not_suspended"),
        (("suspend",), "suspend", "case.suspended_already"),
        (("cancel",), "cancel", "case.over"),
        (("cancel",), "suspend", "case.over"),
        (("cancel",), "resume", "case.over"),
    ],
)
def test_what_does_not_fit_the_state_is_a_conflict(
    office: Office, before: tuple[str, ...], verb: str, code: str
) -> None:
    """The second of two operators is told, and that is traced in the case."""
    _, case = begin(office)
    for earlier in before:
        operate(office, earlier, case)
    with pytest.raises(Conflict) as refused:
        operate(office, verb, case)
    assert refused.value.code == code
    assert payloads(office, case.key)[-1]["code"] == code


@pytest.mark.parametrize("verb", ["suspend", "cancel"])
def test_the_same_command_twice_is_done_once(office: Office, verb: str) -> None:
    """A second click of the same form changes nothing."""
    _, case = begin(office)
    for _ in range(2):
        operate(office, verb, case, command_id="clicked-twice")
    kinds = [entry.kind for entry in office.view("gao", case).timeline]
    assert len(kinds) == 2


def test_only_an_operator_in_reach_may(office: Office) -> None:
    """Clerk, inspector and administrators have not the right; a case of another district is not there."""
    _, case = begin(office)
    for username in ("lin", "he", "gao", "sysadmin"):
        with pytest.raises(NotAllowed):
            operate(office, "cancel", case, by=username)
    office.deploy(q_bpmn=line("q", job("other"), ids=("other",)))
    elsewhere = office.start("program", "q")
    with pytest.raises(NotFound):
        operate(office, "cancel", elsewhere)
    with pytest.raises(Invalid):
        operate(office, "cancel", case, reason="长" * 501)


@pytest.mark.parametrize(("verb", "statements"), [("suspend", 4), ("resume", 7), ("cancel", 5)])
def test_what_it_costs_does_not_depend_on_the_case(office: Office, verb: str, statements: int) -> None:
    """A constant number of statements and one commit, whatever waits in the case."""
    _, rich = begin(office)
    office.deploy(q_bpmn=line("q", ask("a"), ids=("a",)))
    poor = office.start("lin", "q")
    actor = office.actor("luo")
    costs = set()
    for case in (rich, poor):
        if verb == "resume":
            operate(office, "suspend", case)
        order = OperateInstance(command_id=new_command_id(), key=case.key)
        with counted(office) as found, office.work() as uow:
            getattr(lifecycle, verb)(uow, order, actor, TESTER)
        assert found.count("commit") == 1
        costs.add(len(found) - 1)
    assert max(costs) <= statements, costs
