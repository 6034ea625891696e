"""Mending: what a worker brought is never lost; an operator mends variables, tries again, or routes around."""

from collections.abc import Callable

import pytest

from engine.model.actors import Actor, Scope
from engine.model.commands import (
    ChangeVariables,
    CompleteJob,
    FailJob,
    ResolveIncident,
    RouteAround,
    ThrowError,
    UpdateJob,
)
from engine.model.errors import Conflict, Invalid, MingjingError, NotAllowed, NotFound, Refused
from engine.model.ids import CommandId, IncidentKey
from engine.model.incidents import IncidentKind, IncidentRow
from engine.model.views import ActivatedJob, CaseRow, InstanceState, JobState
from engine.service import incidents, jobs, mending, people, verification
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from tests.integration.folding import folded, payloads, variables
from tests.integration.models import ask, form, job, line
from tests.integration.office import TESTER, Office
from tests.unit.runtime.builder import becomes, boundary, bpmn, chain, end, flow, many, mapped, of, on_event, start

UNKNOWN = line("p", job("send"), ask("after", assignee="=whom"), ids=("send", "after"))
"""After the job the task is given to whom a variable says."""

CATCHING = bpmn(
    start(), job("send"), boundary("lost", "send", of("error", "E1"), extension=mapped("< errorMessage -> why")),
    ask("search"), end(), chain("s", "send", "e"), chain("lost", "search", "e"),
)  # fmt: skip

Act = Callable[[Work, Actor], object]


class Mender:
    """A program that works on jobs, an operator who mends, and the last incident."""

    def __init__(self, office: Office, model: bytes) -> None:
        self.office = office
        office.deploy(p_bpmn=model, note_form=form("note"))
        self.program = office.program()
        new = people.NewPerson(
            username="mender", name="运维", unit_code="JH", password=None, roles=(("operator", Scope.ALL),)
        )
        with office.work() as uow:
            people.create(uow, new, None, TESTER)
        self.operator = office.actor("mender")
        self.case = office.start("lin", "p")

    def given(self) -> ActivatedJob:
        with self.office.work() as uow:
            return jobs.activate(uow, self.program, "post", worker="w", lock_ms=60_000, limit=1)[0]

    def nothing_is_handed_out(self) -> bool:
        with self.office.work() as uow:
            return jobs.activate(uow, self.program, "post", worker="w", lock_ms=60_000, limit=1) == ()

    def complete(self, command_id: str = "", **results: object) -> None:
        key = self.office.job_key(self.case)
        command = CompleteJob(command_id=CommandId(command_id or new_command_id()), key=key, variables=results)
        with self.office.work() as uow:
            jobs.complete(uow, command, self.program, TESTER)

    def throw(self, code: str, message: str = "", **results: object) -> None:
        command = ThrowError(
            command_id=new_command_id(),
            key=self.office.job_key(self.case),
            code=code,
            message=message,
            variables=results,
        )
        with self.office.work() as uow:
            jobs.throw_error(uow, command, self.program, TESTER)

    def fail(self, retries: int = 0) -> None:
        command = FailJob(command_id=new_command_id(), key=self.office.job_key(self.case), retries=retries)
        with self.office.work() as uow:
            jobs.fail(uow, command, self.program, TESTER)

    def update(self, actor: Actor, retries: int | None = None, lock_ms: int | None = None) -> None:
        key = self.office.job_key(self.case)
        command = UpdateJob(command_id=new_command_id(), key=key, retries=retries, lock_ms=lock_ms)
        with self.office.work() as uow:
            jobs.update(uow, command, actor, TESTER)

    def incidents(self, **equal: object) -> tuple[IncidentRow, ...]:
        with self.office.work() as uow:
            return incidents.search(uow, self.operator, None, 50, **(equal or {"state": "ACTIVE"})).rows

    def resolve(self, command_id: str = "", actor: Actor | None = None) -> None:
        (found,) = self.incidents()
        command = ResolveIncident(
            command_id=CommandId(command_id or new_command_id()), key=found.key, reason="王先生已到岗"
        )
        with self.office.work() as uow:
            mending.resolve(uow, command, actor or self.operator, TESTER)

    def route_around(self, reason: str = "代办", **given: object) -> None:
        (found,) = self.incidents()
        command = RouteAround(command_id=new_command_id(), key=found.key, reason=reason, variables=given)
        with self.office.work() as uow:
            mending.route_around(uow, command, self.operator, TESTER)

    def change(self, key: int, reason: str = "登记有误", *, local: bool = False, **given: object) -> None:
        command = ChangeVariables(command_id=new_command_id(), key=key, variables=given, reason=reason, local=local)
        with self.office.work() as uow:
            mending.change_variables(uow, command, self.operator, TESTER)

    def kinds(self) -> list[str]:
        return [entry.kind.rpartition(".v")[0] for entry in self.office.view("gao", self.case).timeline]

    def current(self) -> tuple[str, ...]:
        view: CaseRow = self.office.view("lin", self.case).case
        return view.current

    def is_whole(self) -> None:
        """The trace verifies, fits its schemas, and folds to the variables that there are."""
        assert folded(self.office, self.case.key)[""] == variables(self.office, self.case.key)
        with self.office.work() as uow:
            assert verification.verify(uow, self.office.actor("gao"), TESTER, self.case.key).ok


def test_results_that_cannot_be_carried_out_wait_for_a_retry(office: Office) -> None:
    """The worker is done; the element stays; mending the cause and retrying carries out exactly these results."""
    m = Mender(office, UNKNOWN)
    m.given()
    m.complete("only-once", receipt=12, whom="nobody-at-all")
    m.complete("only-once", receipt=12, whom="nobody-at-all")
    (found,) = m.incidents()
    assert (found.kind, found.code, found.params) == (
        IncidentKind.ASSIGNMENT_FAILED, "assignment.unknown_person", {"person": "nobody-at-all"},
    )  # fmt: skip
    assert m.current() == ("send",)
    assert m.nothing_is_handed_out()
    assert "receipt" not in variables(office, m.case.key)
    with pytest.raises(Refused, match="nobody-at-all"):
        m.resolve()
    with office.work() as uow:
        new = people.NewPerson(
            username="nobody-at-all", name="王", unit_code="JH", password=None, roles=(("clerk", Scope.UNIT),)
        )
        people.create(uow, new, None, TESTER)
    m.resolve("mend-once")
    assert m.incidents() == ()
    assert m.current() == ("after",)
    assert variables(office, m.case.key) == {"receipt": 12, "whom": "nobody-at-all"}
    assert m.kinds() == [
        "process_instance.started", "incident.created", "command.refused", "incident.resolved", "job.completed",
    ]  # fmt: skip
    resolved = office.view("gao", m.case).timeline[3]
    assert (resolved.person_name, resolved.message, resolved.incident) == ("运维", "王先生已到岗", "assignment_failed")
    m.is_whole()
    with office.work() as uow:
        assert [row.state for row in jobs.search(uow, m.program).rows] == [JobState.COMPLETED]


def test_changing_the_case_and_retrying(office: Office) -> None:
    """When the results name nobody, the case's own variable decides: the operator changes that, old and new traced."""
    m = Mender(office, UNKNOWN)
    m.change(m.case.key, whom="ghost")
    m.complete(receipt=1)
    assert [row.code for row in m.incidents()] == ["assignment.unknown_person"]
    m.change(m.incidents()[0].place_key, whom="sun", more=[1])
    m.resolve()
    assert m.current() == ("after",)
    office.answer("sun", m.case, "after", note="x")
    assert office.view("lin", m.case).case.state is InstanceState.COMPLETED
    changed = [entry for entry in payloads(office, m.case.key) if "old" in entry]
    assert [(entry["at"], entry["old"], entry["reason"]) for entry in changed] == [
        ("", {}, "登记有误"), ("send#1", {"whom": "ghost"}, "登记有误"),
    ]  # fmt: skip
    m.is_whole()
    with pytest.raises(Conflict) as late:
        m.change(m.case.key, whom="lin")
    assert late.value.code == "case.over"


def test_routing_around_completes_the_element_in_its_place(office: Office) -> None:
    """With a reason and given variables; what the worker brought is left out; the trace says who did it."""
    m = Mender(office, UNKNOWN)
    m.complete(whom="ghost", receipt=1)
    with pytest.raises(Invalid):
        m.route_around(" ", whom="sun")
    m.route_around("邮局停业，专人送达", whom="sun")
    assert m.incidents() == ()
    assert variables(office, m.case.key) == {"whom": "sun"}
    assert m.current() == ("after",)
    assert m.kinds()[-2:] == ["incident.resolved", "element.routed_around"]
    told = office.view("gao", m.case).timeline[-1]
    assert (told.element_name, told.person_name, told.message) == ("send", "运维", "邮局停业，专人送达")
    m.is_whole()


def test_an_error_is_caught_by_the_boundary_event(office: Office) -> None:
    """The job is over as ERROR_THROWN, the path of the event goes on with the error's message."""
    m = Mender(office, CATCHING)
    key = m.given().job.key
    m.throw("E1", "查无此人", place="柳荫")
    assert m.current() == ("search",)
    assert variables(office, m.case.key) == {"why": "查无此人"}
    with office.work() as uow:
        assert [(row.key, row.state) for row in jobs.search(uow, m.program).rows] == [(key, JobState.ERROR_THROWN)]
    told = office.view("gao", m.case).timeline[-1]
    assert (told.kind, told.message, told.job_type) == ("job.error_thrown.v1", "查无此人", "post")
    assert m.incidents(instance_key=m.case.key) == ()
    m.is_whole()


def test_an_error_that_nothing_catches_is_an_incident(office: Office) -> None:
    """The job is handed out again once it has retries and the incident is resolved, in this order."""
    m = Mender(office, CATCHING)
    m.given()
    m.throw("OTHER", "broken")
    (found,) = m.incidents()
    assert (found.kind, found.code) == (IncidentKind.ERROR_UNHANDLED, "error.not_caught")
    assert m.nothing_is_handed_out()
    with pytest.raises(Conflict) as early:
        m.resolve()
    assert early.value.code == "incident.no_retries"
    m.update(m.operator, retries=2)
    assert m.nothing_is_handed_out()
    m.resolve()
    assert m.given().job.retries == 2
    m.complete()
    assert office.view("lin", m.case).case.state is InstanceState.COMPLETED
    assert m.kinds()[1:] == [
        "incident.created", "command.refused", "job.updated", "incident.resolved", "job.completed",
    ]  # fmt: skip
    m.is_whole()


def test_an_error_whose_path_cannot_go_on_waits_for_a_retry(office: Office) -> None:
    """It is caught, but nobody can be found for what follows: the error itself is tried again."""
    model = bpmn(
        start(), job("send"), boundary("lost", "send", of("error", "E1")), ask("search", assignee="=whom"), end(),
        chain("s", "send", "e"), chain("lost", "search", "e"),
    )  # fmt: skip
    m = Mender(office, model)
    m.throw("E1")
    assert [row.kind for row in m.incidents()] == [IncidentKind.ASSIGNMENT_FAILED]
    m.change(m.case.key, whom="sun")
    m.resolve()
    assert m.current() == ("search",)
    with office.work() as uow:
        assert [row.state for row in jobs.search(uow, m.program).rows] == [JobState.ERROR_THROWN]
    m.is_whole()


def test_a_job_without_retries_is_handed_out_again_once_mended(office: Office) -> None:
    """Retries, then resolution; the incident is over, and so it is when somebody completes the job instead."""
    m = Mender(office, line("p", job("send"), ask("after"), ids=("send", "after")))
    m.given()
    m.fail()
    (found,) = m.incidents()
    assert (found.kind, found.job_key) == (IncidentKind.JOB_FAILED, office.job_key(m.case))
    m.update(m.operator, retries=1)
    m.complete(receipt=1)
    assert m.incidents() == ()
    assert m.current() == ("after",)


def test_a_worker_makes_its_time_longer(office: Office) -> None:
    """Only while the job is lent; the deadline that the list shows moves."""
    m = Mender(office, UNKNOWN)
    with pytest.raises(Conflict) as idle:
        m.update(m.program, lock_ms=1000)
    assert idle.value.code == "job.not_lent"
    until = m.given().job.locked_until
    m.update(m.program, lock_ms=3_600_000)
    with office.work() as uow:
        after = jobs.search(uow, m.program).rows[0].locked_until
    assert until is not None
    assert after is not None
    assert (after - until).total_seconds() > 3000


def test_changed_variables_wake_conditional_events(office: Office) -> None:
    """A condition that becomes true by the change goes on in the same step."""
    model = bpmn(
        start(), ask("u"), end(), chain("s", "u", "e"),
        on_event("sub", becomes("amount > 5"), ask("look"), end("sub_e"), chain("sub_on", "look", "sub_e"),
            interrupting=False),
    )  # fmt: skip
    m = Mender(office, model)
    m.change(m.case.key, amount=6)
    assert set(m.current()) == {"u", "look"}
    m.is_whole()


def test_variables_are_set_where_they_are_declared(office: Office) -> None:
    """From a job of a loop: a name of the loop's own scope stays there, any other goes outwards, unless local."""
    model = line("p", job("send", inner=many("[1, 2]")), ids=("send",))
    m = Mender(office, model)
    key = office.job_key(m.case)
    m.change(key, item=20, sum=5)
    m.change(key, local=True, own=1)
    seen = {row.job.key: row.variables for row in [m.given(), m.given()]}
    assert seen[key] == {"item": 20, "loopCounter": 2, "sum": 5, "own": 1}
    assert [other for at, other in seen.items() if at != key] == [{"item": 1, "loopCounter": 1, "sum": 5}]
    assert variables(office, m.case.key)["sum"] == 5


@pytest.mark.parametrize(
    ("username", "act"),
    [
        ("sysadmin", lambda m, actor: m.resolve(actor=actor)),
        ("lin", lambda m, actor: m.resolve(actor=actor)),
    ],
)
def test_who_may_try_again(office: Office, username: str, act: Callable[[Mender, Actor], None]) -> None:
    """The system administrator may have a step tried again without seeing anything of it, a clerk may not."""
    m = Mender(office, UNKNOWN)
    m.change(m.case.key, whom="ghost")
    m.complete()
    m.change(m.case.key, whom="sun")
    actor = office.actor(username)
    if username == "sysadmin":
        act(m, actor)
        assert m.current() == ("after",)
        return
    with pytest.raises(NotAllowed):
        act(m, actor)


def test_incidents_of_other_units_are_not_known(office: Office) -> None:
    """Neither found, nor shown, nor resolved, nor their variables changed; and never by an administrator."""
    m = Mender(office, UNKNOWN)
    m.complete(whom="ghost")
    (found,) = m.incidents()
    new = people.NewPerson(
        username="elsewhere", name="别处运维", unit_code="JH-LC", password=None, roles=(("operator", Scope.SUBTREE),)
    )
    with office.work() as uow:
        people.create(uow, new, None, TESTER)
    stranger = office.actor("elsewhere")
    change = ChangeVariables(command_id=new_command_id(), key=m.case.key, variables={"x": 1}, reason="r")
    attempts: list[tuple[Actor, Act, type[MingjingError]]] = [
        (stranger, lambda uow, actor: incidents.one(uow, actor, found.key), NotFound),
        (
            stranger,
            lambda uow, actor: mending.resolve(
                uow, ResolveIncident(command_id=new_command_id(), key=found.key), actor, TESTER
            ),
            NotFound,
        ),
        (stranger, lambda uow, actor: mending.change_variables(uow, change, actor, TESTER), NotFound),
        (
            office.actor("sysadmin"),
            lambda uow, actor: mending.change_variables(uow, change, actor, TESTER),
            NotAllowed,
        ),
        (
            m.operator,
            lambda uow, actor: mending.resolve(
                uow, ResolveIncident(command_id=new_command_id(), key=IncidentKey(1)), actor, TESTER
            ),
            NotFound,
        ),
    ]
    for actor, act, error in attempts:
        with pytest.raises(error), office.work() as uow:
            act(uow, actor)
    with office.work() as uow:
        assert incidents.search(uow, stranger).rows == ()
        assert incidents.one(uow, m.operator, found.key) == found


def test_a_persons_completion_is_refused_to_that_person(office: Office) -> None:
    """No incident: whoever stands before the form can mend what they typed."""
    model = bpmn(
        start(), ask("u"), ask("after", assignee="=note"), end(), flow("s", "u"), flow("u", "after"), flow("after", "e")
    )
    m = Mender(office, model)
    with pytest.raises(Refused):
        office.answer("lin", m.case, "u", note="ghost")
    assert m.incidents() == ()
