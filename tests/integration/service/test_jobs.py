"""Jobs: handed out to one worker at a time, completed in one commit, failed with retries, an incident at the end."""

import threading
from datetime import timedelta

import pytest

from engine.model.actors import Actor, Scope
from engine.model.commands import CompleteJob, FailJob
from engine.model.errors import Conflict, MingjingError, NotAllowed, NotFound
from engine.model.ids import CommandId
from engine.model.views import ActivatedJob, InstanceState, JobState
from engine.service import jobs, people, verification
from engine.service.handling import new_command_id
from tests.integration.folding import folded, payloads, variables
from tests.integration.models import ask, form, job, line
from tests.integration.office import TESTER, Office
from tests.unit.runtime.builder import both, bpmn, end, flow, many, mapped, script, start, terminate

POST = line(
    "p",
    script("who", '"王"', "name"),
    job("send", headers={"desk": "7"}),
    ask("after"),
    ids=("who", "send", "after"),
)


def activate(
    office: Office, program: Actor, kind: str = "post", *, limit: int = 10, lock_ms: int = 60_000
) -> tuple[ActivatedJob, ...]:
    with office.work() as uow:
        return jobs.activate(uow, program, kind, worker="w", lock_ms=lock_ms, limit=limit)


def complete(office: Office, program: Actor, key: int, command_id: str = "", **results: object) -> None:
    command = CompleteJob(command_id=CommandId(command_id or new_command_id()), key=key, variables=results)  # type: ignore[arg-type]  # a plain key
    with office.work() as uow:
        jobs.complete(uow, command, program, TESTER)


def fail(
    office: Office, program: Actor, key: int, retries: int, message: str = "no paper", back_off_ms: int = 0
) -> None:
    command = FailJob(
        command_id=new_command_id(),
        key=key,  # type: ignore[arg-type]  # a plain key
        retries=retries,
        message=message,
        back_off_ms=back_off_ms,
    )
    with office.work() as uow:
        jobs.fail(uow, command, program, TESTER)


def test_a_job_is_handed_out_once_and_moves_the_case_on(office: Office) -> None:
    """Its worker sees headers and variables; nobody else is given it; completing goes on to the next user task."""
    office.deploy(p_bpmn=POST, note_form=form("note"))
    program = office.program()
    case = office.start("lin", "p")
    assert case.current == ("send",)
    found = activate(office, program)
    assert [(one.job.kind, one.job.headers, one.job.retries) for one in found] == [("post", {"desk": "7"}, 3)]
    assert found[0].variables == {"name": "王"}
    assert activate(office, program) == ()
    complete(office, program, found[0].job.key, "the-command", receipt=12)
    complete(office, program, found[0].job.key, "the-command", receipt=12)
    assert office.view("lin", case).case.current == ("after",)
    assert variables(office, case.key)["receipt"] == 12
    entry = payloads(office, case.key)[-1]
    assert (entry["job"], entry["type"], entry["worker"]) == (str(found[0].job.key), "post", "w")
    assert folded(office, case.key) == {"": variables(office, case.key)}
    told = office.view("gao", case).timeline[-1]
    assert (told.kind, told.element_name, told.job_type, told.person_name) == (
        "job.completed.v2", "send", "post", "接口程序",
    )  # fmt: skip
    with pytest.raises(Conflict) as late:
        complete(office, program, found[0].job.key)
    assert late.value.code == "job.not_open"
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_when_its_time_is_over_a_job_is_handed_out_again(office: Office) -> None:
    """A worker that vanished holds up nothing; the second one completes, and the first is told so."""
    office.deploy(p_bpmn=POST, note_form=form("note"))
    program = office.program()
    office.start("lin", "p")
    first = activate(office, program, lock_ms=1)
    later = office.equipment.clock() + timedelta(seconds=1)
    object.__setattr__(office.equipment, "clock", lambda: later)
    assert [one.job.key for one in activate(office, program)] == [one.job.key for one in first]


def test_failures_count_down_to_an_incident(office: Office) -> None:
    """With retries left it comes again, after its back-off; without it is an incident that an operator finds."""
    office.deploy(p_bpmn=POST, note_form=form("note"))
    program = office.program()
    case = office.start("lin", "p")
    key = activate(office, program)[0].job.key
    fail(office, program, key, retries=1, back_off_ms=60_000)
    assert activate(office, program) == ()
    fail(office, program, key, retries=1)
    assert [one.job.retries for one in activate(office, program)] == [1]
    fail(office, program, key, retries=0, message="王's address is gone")
    assert activate(office, program) == ()
    operator = office.actor("sysadmin")
    with office.work() as uow:
        found = jobs.search(uow, operator, state="FAILED").rows
    assert [(row.key, row.incident, row.message) for row in found] == [(key, True, "王's address is gone")]
    with pytest.raises(Conflict) as refused:
        complete(office, program, key)
    assert refused.value.code == "job.incident"
    view = office.view("gao", case)
    assert [entry.kind for entry in view.timeline] == [
        "process_instance.started.v2", *["job.failed.v1"] * 3, "incident.created.v1", "command.refused.v2",
    ]  # fmt: skip
    assert (view.timeline[4].incident, view.timeline[4].message) == ("job_failed", "王's address is gone")
    assert view.jobs[0].incident
    assert view.case.has_incident
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_jobs_of_a_loop_and_their_results(office: Office) -> None:
    """One job for each item, each with its item; the results come together in order; the case ends."""
    loop = many(outputCollection="all", outputElement="=receipt")
    model = line("p", script("l", "[5, 6, 7]", "items"), job("send", inner=loop), ids=("l", "send"))
    office.deploy(p_bpmn=model)
    program = office.program()
    case = office.start("lin", "p")
    found = activate(office, program)
    assert [one.variables["item"] for one in found] == [5, 6, 7]
    for one in reversed(found):
        complete(office, program, one.job.key, receipt=one.variables["item"] * 10)  # type: ignore[operator]  # a number
    assert variables(office, case.key)["all"] == [50, 60, 70]
    assert office.view("lin", case).case.state is InstanceState.COMPLETED


def test_a_terminated_branch_cancels_its_job(office: Office) -> None:
    """A user task that ends the case takes the job beside it away from its worker."""
    model = bpmn(
        start(), both("fork"), ask("u"), job("send"), terminate("t"), end(),
        flow("s", "fork"), flow("fork", "u"), flow("fork", "send"), flow("u", "t"), flow("send", "e"),
    )  # fmt: skip
    office.deploy(p_bpmn=model, note_form=form("note"))
    program = office.program()
    case = office.start("lin", "p")
    assert set(case.current) == {"u", "send"}
    key = activate(office, program)[0].job.key
    assert office.answer("lin", case, "u", note="x").ended
    assert office.view("lin", case).case.current == ()
    with pytest.raises(Conflict):
        complete(office, program, key)
    with office.work() as uow:
        assert [row.state for row in jobs.search(uow, program).rows] == [JobState.CANCELED]


def test_results_go_through_output_mappings(office: Office) -> None:
    """With an output mapping only what is mapped reaches the case."""
    drawn = mapped("< receipt.number -> number")
    model = line("p", job("send", more=drawn), ids=("send",))
    office.deploy(p_bpmn=model)
    program = office.program()
    case = office.start("lin", "p")
    complete(office, program, activate(office, program)[0].job.key, receipt={"number": 4}, noise=1)
    assert variables(office, case.key) == {"number": 4}


def test_jobs_are_not_for_people_nor_for_other_units(office: Office) -> None:
    """A clerk has not the right; a program of another unit finds and guesses nothing."""
    office.deploy(p_bpmn=POST, note_form=form("note"))
    office.start("lin", "p")
    with pytest.raises(NotAllowed):
        activate(office, office.actor("lin"))
    new = people.NewPerson(
        username="elsewhere", name="别处程序", unit_code="JH-LC", password=None, roles=(("service", Scope.SUBTREE),)
    )
    with office.work() as uow:
        people.create(uow, new, None, TESTER)
    stranger = office.actor("elsewhere")
    assert activate(office, stranger) == ()
    key = activate(office, office.program())[0].job.key
    with pytest.raises(NotFound):
        complete(office, stranger, key)


def test_workers_that_ask_at_once_get_different_jobs(office: Office) -> None:
    """Ten workers, thirty jobs: each job is given to exactly one of them, and all complete."""
    model = line("p", script("l", "for i in 1..30 return i", "items"), job("send", inner=many()), ids=("l", "send"))
    office.deploy(p_bpmn=model)
    program = office.program()
    case = office.start("lin", "p")
    given: list[int] = []
    faults: list[MingjingError] = []

    def work() -> None:
        try:
            mine = [one.job.key for one in activate(office, program, limit=3)]
            given.extend(mine)
            for key in mine:
                complete(office, program, key)
        except MingjingError as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(given) == len(set(given)) == 30
    assert office.view("lin", case).case.state is InstanceState.COMPLETED
