"""Messages reach exactly one, at once or from the buffer; signals reach everybody; both may begin a case."""

import threading

import pytest

from engine.model.actors import Scope
from engine.model.errors import Conflict, NotAllowed, NotFound, Refused
from engine.model.views import InstanceState
from engine.service import clock, people, verification
from engine.service import incidents as incident_service
from engine.store import incidents as stored_incidents
from tests.integration.folding import payloads, variables
from tests.integration.models import ask, form, line
from tests.integration.office import TESTER, Office
from tests.integration.waiting import advance, broadcast, correlate, incidents, publish, rows, tick
from tests.unit.runtime.builder import (
    boundary,
    bpmn,
    catch,
    chain,
    end,
    ends,
    mapped,
    node,
    of,
    script,
    start,
    throw,
    timer,
)

PAID, FLOOD = of("message", "paid"), of("signal", "flood")
BILL = line("p", script("k", '"A-17"', "key"), catch("m", PAID), ask("after"), ids=("k", "m", "after"))
HOUR_MS = 3_600_000


def began(process_id: str, event: str, *, extension: str = "") -> bytes:
    """A process that an event begins."""
    first = node("startEvent", "s", inner=event, extension=extension)
    return bpmn(first, ask("after", assignee="lin"), end(), chain("s", "after", "e"), process_id=process_id)


def cases(office: Office) -> list[int]:
    return [row["key"] for row in rows(office, "select key from process_instance order by key")]


def test_a_message_reaches_the_case_with_its_key_at_once(office: Office) -> None:
    """Name and key must fit; the variables arrive; the entry names message and publisher; no key is stored in plain."""
    office.deploy(p_bpmn=BILL, note_form=form("note"))
    program = office.program()
    case = office.start("lin", "p")
    assert publish(office, program, "paid", "A-18").instance_key is None
    assert publish(office, program, "moved", "A-17").instance_key is None
    found = publish(office, program, "paid", "A-17", message_id="1", amount=12)
    assert found.instance_key == case.key
    assert office.view("lin", case).case.current == ("after",)
    assert variables(office, case.key)["amount"] == 12
    entry = payloads(office, case.key)[-1]
    assert (entry["message"], entry["name"], entry["message_id"]) == (str(found.key), "paid", "1")
    assert (entry["published_by"], entry["source"], entry["element"]["id"]) == (str(program.person_key), None, "m")
    told = office.view("gao", case).timeline[-1]
    assert (told.kind, told.person_name, told.event_name) == ("message.correlated.v1", "接口程序", "paid")
    assert rows(office, "select * from subscription") == []
    stored = str(rows(office, "select * from publication"))
    assert "A-17" not in stored
    assert rows(office, "select state, body from publication where key = %s", found.key) == [
        {"state": "CORRELATED", "body": None}
    ]
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_a_message_waits_for_its_case(office: Office) -> None:
    """Published first, within its time to live: the case that begins to wait gets it, and no second one does."""
    office.deploy(p_bpmn=BILL, note_form=form("note"))
    program = office.program()
    advance(office)
    assert publish(office, program, "paid", "A-17", live_ms=HOUR_MS, amount=3).instance_key is None
    tick(office)
    first, second = office.start("lin", "p"), office.start("lin", "p")
    advance(office, seconds=1)
    tick(office)
    assert office.view("lin", first).case.current == ("after",)
    assert variables(office, first.key)["amount"] == 3
    assert office.view("lin", second).case.current == ("m",)
    assert rows(office, "select * from due") == []


def test_a_message_whose_time_is_over_reaches_nobody(office: Office) -> None:
    """Without a time to live it is not kept; with one until it is over, and then its variables are forgotten."""
    office.deploy(p_bpmn=BILL, note_form=form("note"))
    program = office.program()
    advance(office)
    publish(office, program, "paid", "A-17", amount=1)
    tick(office)
    publish(office, program, "paid", "A-17", live_ms=HOUR_MS, amount=2)
    tick(office)
    advance(office, hours=2)
    case = office.start("lin", "p")
    tick(office)
    assert office.view("lin", case).case.current == ("m",)
    with office.work() as uow:
        clock.sweep(uow)
    found = rows(office, "select state, body is null as forgotten from publication order by key")
    assert found == [{"state": "EXPIRED", "forgotten": True}] * 2


def test_messages_of_one_key_arrive_in_order(office: Office) -> None:
    """Three in the buffer, two waits one after the other: the first two arrive, each once."""
    model = line(
        "p", script("k", '"A-17"', "key"), catch("m", PAID), script("x", "n", "first"), catch("o", PAID),
        ask("after"),        ids=("k", "m", "x", "o", "after"),
    )  # fmt: skip
    office.deploy(p_bpmn=model, note_form=form("note"))
    program = office.program()
    advance(office)
    for number in (1, 2, 3):
        publish(office, program, "paid", "A-17", live_ms=HOUR_MS, n=number)
    tick(office)
    case = office.start("lin", "p")
    tick(office)
    assert office.view("lin", case).case.current == ("after",)
    seen = variables(office, case.key)
    assert (seen["first"], seen["n"]) == (1, 2)
    states = [row["state"] for row in rows(office, "select state from publication order by key")]
    assert states == ["CORRELATED", "CORRELATED", "BUFFERED"]


def test_a_message_id_is_published_once_and_a_command_answered_again(office: Office) -> None:
    """The same command again gives the first answer; the same message id under another command is a conflict."""
    office.deploy(p_bpmn=BILL, note_form=form("note"))
    program = office.program()
    first = publish(office, program, "paid", "A-17", message_id="7", live_ms=HOUR_MS, command_id="c1")
    assert publish(office, program, "paid", "A-17", message_id="7", live_ms=HOUR_MS, command_id="c1") == first
    with pytest.raises(Conflict) as twice:
        publish(office, program, "paid", "A-17", message_id="7", live_ms=HOUR_MS)
    assert twice.value.code == "message.already_published"
    publish(office, program, "moved", "A-17", message_id="7")
    assert len(rows(office, "select * from publication")) == 2


def test_correlation_answers_now_or_not_at_all(office: Office) -> None:
    """Nobody waits: it says so and keeps nothing. Somebody does: it names the case."""
    office.deploy(p_bpmn=BILL, note_form=form("note"))
    program = office.program()
    with pytest.raises(NotFound) as nobody:
        correlate(office, program, "paid", "A-17")
    assert nobody.value.code == "message.not_correlated"
    assert rows(office, "select * from publication") == []
    case = office.start("lin", "p")
    assert correlate(office, program, "paid", "A-17", amount=1).instance_key == case.key


def test_a_message_that_the_case_cannot_go_on_with_is_not_lost(office: Office) -> None:
    """Nobody holds the position behind it: it has reached the case, whose incident keeps it; the next one waits."""
    model = line("p", script("k", '"A-17"', "key"), catch("m", PAID), ask("w", positions="nobody"), ids=("k", "m", "w"))
    office.deploy(p_bpmn=model, note_form=form("note"))
    program = office.program()
    advance(office)
    case = office.start("lin", "p")
    found = publish(office, program, "paid", "A-17", amount=5)
    assert found.instance_key == case.key
    (open_one,) = incidents(office)
    assert (open_one.element_instance, open_one.cause, open_one.code) == ("m#1", "message", "assignment.nobody")
    with office.work() as uow:
        cause = incident_service.cause_of(uow, stored_incidents.incident(uow, open_one.key))
    assert (cause.name, cause.variables, cause.reference) == ("paid", {"amount": 5}, str(found.key))
    assert office.view("lin", case).case.current == ("m",)
    assert publish(office, program, "paid", "A-17", live_ms=HOUR_MS, amount=6).instance_key is None
    tick(office)
    assert [row["state"] for row in rows(office, "select state from publication order by key")] == [
        "CORRELATED", "BUFFERED",
    ]  # fmt: skip
    office.start("lin", "p")
    with pytest.raises(Refused):  # whoever correlates at once is told, and nothing is kept
        correlate(office, program, "paid", "A-17")
    assert len(incidents(office)) == 1


def test_a_signal_that_a_case_cannot_go_on_with_is_not_lost(office: Office) -> None:
    """Its incident keeps it; the other case goes on."""
    waits = line("p", catch("c", FLOOD), ask("after"), ids=("c", "after"))
    stuck = line("q", catch("c", FLOOD), ask("w", positions="nobody"), ids=("c", "w"))
    office.deploy(p_bpmn=waits, q_bpmn=stuck, note_form=form("note"))
    program = office.program()
    advance(office)
    office.start("lin", "q")
    case = office.start("lin", "p")
    broadcast(office, program, "flood", level=2)
    tick(office)
    assert office.view("lin", case).case.current == ("after",)
    assert [(one.cause, one.element_instance) for one in incidents(office)] == [("signal", "c#1")]
    assert rows(office, "select * from due") == []


def test_publishers_reach_their_own_units_only(office: Office) -> None:
    """A clerk has not the right; a program of another unit neither reaches nor learns of the case."""
    office.deploy(p_bpmn=BILL, note_form=form("note"))
    case = office.start("lin", "p")
    with pytest.raises(NotAllowed):
        publish(office, office.actor("lin"), "paid", "A-17")
    with pytest.raises(NotAllowed):
        broadcast(office, office.actor("lin"), "flood")
    new = people.NewPerson(
        username="elsewhere", name="别处程序", unit_code="JH-LC", password=None, roles=(("service", Scope.SUBTREE),)
    )
    with office.work() as uow:
        people.create(uow, new, None, TESTER)
    with pytest.raises(NotFound):
        correlate(office, office.actor("elsewhere"), "paid", "A-17")
    assert correlate(office, office.program(), "paid", "A-17").instance_key == case.key


def test_a_boundary_message_that_does_not_interrupt_arrives_every_time(office: Office) -> None:
    """Beside the user task, as often as it comes."""
    model = bpmn(
        start(), script("k", '"1"', "key"), script("z", "0", "count"), ask("work"),
        boundary("more", "work", PAID, interrupting=False), script("n", "count + 1", "count"), end("e", "f"),
        chain("s", "k", "z", "work", "e"), chain("more", "n", "f"),
    )  # fmt: skip
    office.deploy(p_bpmn=model, note_form=form("note"))
    program = office.program()
    case = office.start("lin", "p")
    for _ in range(3):
        publish(office, program, "paid", "1")
    assert variables(office, case.key)["count"] == 3
    office.answer("lin", case, "work", note="x")
    assert publish(office, program, "paid", "1").instance_key is None


def test_a_message_start_event_begins_a_case(office: Office) -> None:
    """In the publisher's unit and name, with the message's variables; the trace names the message."""
    office.deploy(p_bpmn=began("p", PAID, extension=mapped("< amount + 1 -> more")), note_form=form("note"))
    program = office.program()
    found = publish(office, program, "paid", "A-17", amount=1)
    assert cases(office) == [found.instance_key]
    key = cases(office)[0]
    assert [entry.get("name") for entry in payloads(office, key)] == [None, "paid"]
    assert payloads(office, key)[-1]["starts"]
    (stored,) = rows(office, "select starter_key, unit_key, last_seq from process_instance")
    assert (stored["starter_key"], stored["unit_key"], stored["last_seq"]) == (
        program.person_key, program.unit.key, 2,
    )  # fmt: skip
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, key).ok


def test_a_running_case_comes_before_a_start_event(office: Office) -> None:
    """One message reaches exactly one: the case that waits; the next one begins a case."""
    office.deploy(p_bpmn=BILL, q_bpmn=began("q", PAID), note_form=form("note"))
    program = office.program()
    case = office.start("lin", "p")
    assert publish(office, program, "paid", "A-17").instance_key == case.key
    assert len(cases(office)) == 1
    assert publish(office, program, "paid", "A-17").instance_key != case.key
    assert len(cases(office)) == 2


def test_a_new_version_takes_over_the_start_events(office: Office) -> None:
    """Only the newest version begins cases, and a version without the event begins none."""
    office.deploy(p_bpmn=began("p", PAID), note_form=form("note"))
    office.deploy(p_bpmn=began("p", FLOOD))
    program = office.program()
    assert publish(office, program, "paid").instance_key is None
    advance(office)
    broadcast(office, program, "flood")
    tick(office)
    assert len(cases(office)) == 1
    office.deploy(p_bpmn=began("p", timer("R/P1D", "timeCycle")))
    broadcast(office, program, "flood")
    tick(office)
    assert len(cases(office)) == 1
    assert rows(office, "select * from subscription") == []


def test_a_message_from_before_the_deployment_begins_a_case(office: Office) -> None:
    """What is in the buffer when a process with its start event is deployed begins a case, each one."""
    program = office.program()
    advance(office)
    for number in (1, 2):
        publish(office, program, "paid", str(number), live_ms=HOUR_MS)
    tick(office)
    office.deploy(p_bpmn=began("p", PAID), note_form=form("note"))
    tick(office)
    assert len(cases(office)) == 2


def test_a_timer_start_event_begins_cases(office: Office) -> None:
    """Every day from the deployment on, three times; nobody started them; the same bytes again change nothing."""
    model = began("p", timer("R3/P1D", "timeCycle"))
    advance(office)
    office.deploy(p_bpmn=model, note_form=form("note"))
    advance(office, hours=23)
    office.deploy(p_bpmn=model)
    tick(office)
    assert cases(office) == []
    advance(office, hours=1)
    tick(office)
    assert len(cases(office)) == 1
    advance(office, days=10)
    tick(office)
    assert len(cases(office)) == 3
    assert rows(office, "select * from due") == []
    assert {row["starter_key"] for row in rows(office, "select starter_key from process_instance")} == {None}
    entries = payloads(office, cases(office)[-1])
    assert (entries[1]["element"]["id"], entries[1]["starts"]) == ("s", True)
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, cases(office)[0]).ok


def test_a_signal_reaches_every_case_and_every_start_event(office: Office) -> None:
    """Two cases wait, one does not, two processes begin with it: each exactly once, with the variables."""
    waits = line("p", catch("c", FLOOD), ask("after"), ids=("c", "after"))
    office.deploy(p_bpmn=waits, q_bpmn=began("q", FLOOD), r_bpmn=began("r", FLOOD), note_form=form("note"))
    program = office.program()
    advance(office)
    first, second = office.start("lin", "p"), office.start("lin", "p")
    key = broadcast(office, program, "flood", level=4)
    late = office.start("lin", "p")
    tick(office)
    for case in (first, second):
        assert office.view("lin", case).case.current == ("after",)
        assert variables(office, case.key)["level"] == 4
        assert payloads(office, case.key)[-1]["signal"] == str(key)
        assert office.view("gao", case).timeline[-1].kind == "signal.caught.v1"
    assert office.view("lin", late).case.current == ("c",)
    assert len(cases(office)) == 5
    assert tick(office) == 0
    assert len(cases(office)) == 5


def test_what_a_case_throws_reaches_others_and_itself(office: Office) -> None:
    """A message and a signal that a case sends: another case and the thrower itself get them after its step."""
    sends = '<zeebe:publishMessage correlationKey="=key" timeToLive="PT1H" messageId="=&quot;m-&quot; + key"/>'
    model = bpmn(
        start(), script("k", '"A-17"', "key"), ask("work"), boundary("b", "work", FLOOD, interrupting=False),
        script("heard", "true", "heard"), throw("t", PAID, extension=sends),
        ends("e", FLOOD), end("f"),
        node("parallelGateway", "g"), ask("beside"), end("h"),
        chain("s", "k", "g", "work", "t", "e"), chain("b", "heard", "f"), chain("g", "beside", "h"),
        boundary("c", "beside", FLOOD, interrupting=False), script("heard2", "true", "beside_heard"), end("i"),
        chain("c", "heard2", "i"),
        process_id="q",
    )  # fmt: skip
    office.deploy(p_bpmn=BILL, q_bpmn=model, note_form=form("note"))
    advance(office)
    other, thrower = office.start("lin", "p"), office.start("lin", "q")
    office.answer("lin", thrower, "work", note="x")
    assert office.view("lin", other).case.current == ("m",)
    tick(office)
    assert office.view("lin", other).case.current == ("after",)
    assert payloads(office, other.key)[-1]["source"] == str(thrower.key)
    assert variables(office, thrower.key).get("beside_heard") is True
    assert "heard" not in variables(office, thrower.key)
    office.answer("lin", thrower, "beside", note="x")
    assert office.view("lin", thrower).case.state is InstanceState.COMPLETED


def test_publishing_and_waiting_at_once_always_meet(office: Office) -> None:
    """Ten messages with a time to live against ten cases that begin to wait at the same moment: all meet, once each."""
    model = line("p", ask("go"), catch("m", PAID), ask("after"), ids=("go", "m", "after"))
    office.deploy(p_bpmn=model, note_form=form("note", "key"))
    program = office.program()
    held = [office.start("lin", "p") for _ in range(10)]
    faults: list[BaseException] = []

    def safely(action: object, *given: object, **more: object) -> None:
        try:
            action(*given, **more)  # type: ignore[operator]  # a function
        except BaseException as fault:
            faults.append(fault)

    threads = [
        threading.Thread(target=safely, args=(office.answer, "lin", case, "go"), kwargs={"key": str(n), "note": "x"})
        for n, case in enumerate(held)
    ] + [
        threading.Thread(target=safely, args=(publish, office, program, "paid", str(n)), kwargs={"live_ms": HOUR_MS})
        for n in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    advance(office, seconds=2)
    tick(office)
    assert {office.view("lin", case).case.current for case in held} == {("after",)}
    assert {row["state"] for row in rows(office, "select state from publication")} == {"CORRELATED"}
