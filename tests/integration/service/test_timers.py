"""Timers of cases: fired once each by the clock, in the trace, never lost, and no failure holds up the others."""

import multiprocessing
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.model.views import InstanceState
from engine.service import due_work, verification
from engine.service.equipment import Equipment, Work
from engine.store import cases, due
from engine.store.work import DatabaseSession, open_engine
from tests.integration.folding import folded, payloads, variables
from tests.integration.models import ask, form, line
from tests.integration.office import TESTER, Office
from tests.integration.waiting import advance, incidents, rows, set_clock, tick, working
from tests.unit.feel.dmn_builder import decision, definitions, table
from tests.unit.runtime.builder import boundary, bpmn, catch, chain, cycle, end, node, script, start, sub, timer

PAUSE = line("p", catch("t", timer("PT1H")), ask("after"), ids=("t", "after"))
LIMITED = bpmn(
    start(), ask("work"), boundary("late", "work", timer("P5D")), ask("explain"),
    boundary("urge", "work", cycle("R3/P1D"), interrupting=False), script("note", "count + 1", "count"),
    script("none", "0", "count"), end("e", "f", "g"),
    chain("s", "none", "work", "e"), chain("late", "explain", "f"), chain("urge", "note", "g"),
)  # fmt: skip


def fee(*results: str) -> bytes:
    """A decision of as many rules, all of which match: more than one cannot decide."""
    return definitions(decision("fee", table(["1"], [(["-"], [one]) for one in results])))


def test_a_timer_fires_when_it_is_due_and_not_before(office: Office) -> None:
    """The case waits an hour, then goes on to its user task; the entry says by whom, where, and when it was due."""
    office.deploy(p_bpmn=PAUSE, note_form=form("note"))
    advance(office)
    case = office.start("lin", "p")
    assert case.current == ("t",)
    advance(office, minutes=59)
    assert tick(office) == 0
    at = advance(office, minutes=1)
    assert tick(office) == 1
    assert office.view("lin", case).case.current == ("after",)
    entry = payloads(office, case.key)[-1]
    assert (entry["element"]["id"], entry["wait"], entry["starts"]) == ("t", "t#1", False)
    told = office.view("gao", case).timeline[-1]
    assert (told.kind, told.person_name, told.element_id, told.at) == ("timer.fired.v1", "", "t", at)
    assert (told.due_at, told.starts) == (at, False)
    assert rows(office, "select * from due") == []
    assert tick(office) == 0
    office.answer("lin", case, "after", note="x")
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_boundary_timers_urge_and_then_take_the_task_away(office: Office) -> None:
    """Three times beside the task, then the time limit cancels it; the clock was off meanwhile and forgets nothing."""
    office.deploy(p_bpmn=LIMITED, note_form=form("note"))
    advance(office)
    case = office.start("lin", "p")
    assert len(rows(office, "select * from due")) == 2
    advance(office, days=2)
    assert tick(office) == 2
    assert variables(office, case.key)["count"] == 2
    advance(office, days=30)
    assert tick(office) == 2
    assert variables(office, case.key)["count"] == 3
    assert office.view("lin", case).case.current == ("explain",)
    assert folded(office, case.key) == {"": variables(office, case.key)}
    office.answer("lin", case, "explain", note="x")
    assert office.view("lin", case).case.state is InstanceState.COMPLETED


def test_a_task_that_is_done_in_time_takes_its_timers_along(office: Office) -> None:
    """Nothing is left in the due table when the case ends."""
    office.deploy(p_bpmn=LIMITED, note_form=form("note"))
    case = office.start("lin", "p")
    assert office.answer("lin", case, "work", note="x").ended
    assert rows(office, "select * from due") == []


def test_a_timer_begins_and_ends_with_its_subprocess(office: Office) -> None:
    """Timers inside of a subprocess, armed by a completion and closed by one."""
    inside = (start("i_s"), ask("u"), boundary("b", "u", timer("PT1H")), end("i_e", "i_f"),
              chain("i_s", "u", "i_e"), chain("b", "i_f"))  # fmt: skip
    model = line("p", ask("first"), sub("q", *inside), ask("after"), ids=("first", "q", "after"))
    office.deploy(p_bpmn=model, note_form=form("note"))
    case = office.start("lin", "p")
    assert rows(office, "select * from due") == []
    office.answer("lin", case, "first", note="x")
    assert [row["element_instance"] for row in rows(office, "select * from due")] == ["b@1"]
    office.answer("lin", case, "u", note="x")
    assert rows(office, "select * from due") == []


def test_a_failing_timer_holds_up_nothing_and_is_tried_again(office: Office) -> None:
    """Nobody can be found behind one timer: the others fire, the reason is kept, and it is tried ever more seldom."""
    bad = line("bad", catch("t", timer("PT1H")), ask("who", positions="nobody_at_all"), ids=("t", "who"))
    office.deploy(p_bpmn=PAUSE, bad_bpmn=bad, note_form=form("note"))
    advance(office)
    stuck = office.start("lin", "bad")
    case = office.start("lin", "p")
    advance(office, hours=1)
    tick(office)
    assert office.view("lin", case).case.current == ("after",)
    assert office.view("lin", stuck).case.current == ("t",)
    (left,) = rows(office, "select * from due")
    assert (left["instance_key"], left["attempts"], left["problem"]) == (stuck.key, 1, "assignment.nobody")
    (found,) = incidents(office)
    assert (found.instance_key, found.element_instance, found.cause) == (stuck.key, "t#1", "timer")
    assert found.reason.startswith("nobody can be found for who")
    advance(office, seconds=11)
    tick(office)
    assert rows(office, "select attempts from due") == [{"attempts": 2}]
    assert len(incidents(office)) == 1
    kinds = [entry.kind for entry in office.view("gao", stuck).timeline]
    assert kinds == ["process_instance.started.v2", "incident.created.v1"]
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, stuck.key).ok


def test_what_could_not_be_done_goes_on_by_itself_once_it_can(office: Office) -> None:
    """A decision is deployed later: the timer, tried again, fires, and the incident is closed by the clock."""
    rule = node("businessRuleTask", "rule", extension='<zeebe:calledDecision decisionId="fee" resultVariable="fee"/>')
    urge = boundary("b", "work", cycle("R/PT1H"), interrupting=False)
    model = bpmn(start(), ask("work"), urge, rule, end("e", "f"), chain("s", "work", "e"), chain("b", "rule", "f"))
    office.deploy(fee_dmn=fee("1"), p_bpmn=model, note_form=form("note"))
    advance(office)
    case = office.start("lin", "p")
    office.deploy(fee_dmn=fee("1", "3"))
    advance(office, hours=1)
    tick(office)
    assert [(one.kind, one.element_instance) for one in incidents(office)] == [("decision_failed", "b@1")]
    office.deploy(fee_dmn=fee("2"))
    advance(office, seconds=11)
    tick(office)
    assert incidents(office) == ()
    assert variables(office, case.key)["fee"] == 2
    kinds = [entry.kind for entry in office.view("gao", case).timeline]
    assert kinds[1:] == ["incident.created.v1", "timer.fired.v1", "incident.resolved.v1"]
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_a_case_that_is_being_worked_on_is_not_waited_for(office: Office) -> None:
    """While a completion holds the case its timer is put off and the others fire; afterwards it fires, once."""
    office.deploy(p_bpmn=PAUSE, note_form=form("note"))
    advance(office)
    first, second = office.start("lin", "p"), office.start("lin", "p")
    advance(office, hours=1)
    with office.work() as uow:
        assert cases.case(uow, first.key, lock=True)
        assert tick(office) == 1
    assert office.view("lin", second).case.current == ("after",)
    advance(office, seconds=1)
    assert tick(office) == 1
    assert office.view("lin", first).case.current == ("after",)


def test_what_a_dead_clock_had_claimed_comes_back(office: Office) -> None:
    """A clock that dies after claiming loses nothing: after its lease the next one fires."""
    office.deploy(p_bpmn=PAUSE, note_form=form("note"))
    advance(office)
    case = office.start("lin", "p")
    now = advance(office, hours=1)
    with office.work() as uow:
        assert len(due.claim(uow, now, now + due_work.LEASE, 10)) == 1
    assert tick(office) == 0
    advance(office, seconds=due_work.LEASE.total_seconds())
    assert tick(office) == 1
    assert office.view("lin", case).case.current == ("after",)


def test_a_clock_that_is_set_forgets_and_doubles_nothing(office: Office) -> None:
    """Forward: it fires early by that clock. Back: what fired does not fire again, what did not waits for its time."""
    office.deploy(p_bpmn=PAUSE, note_form=form("note"))
    begun = advance(office)
    first = office.start("lin", "p")
    set_clock(office, begun + timedelta(days=1))
    second = office.start("lin", "p")
    assert tick(office) == 1
    set_clock(office, begun)
    assert tick(office) == 0
    assert office.view("lin", first).case.current == ("after",)
    set_clock(office, begun + timedelta(days=1, hours=1))
    assert tick(office) == 1
    assert office.view("lin", second).case.current == ("after",)


def test_working_days_are_counted_by_the_calendar(office: Office) -> None:
    """Over the national holiday and a Saturday that is worked, same time of day; local times are the office's."""
    working_days = node(
        "boundaryEvent", "late", extension='<supervision:calendar days="working"/>', inner=timer("P5D"),
        attachedToRef="work",
    )  # fmt: skip
    noon = boundary("noon", "work", timer("2026-10-01T12:00:00", "timeDate"), interrupting=False)
    model = bpmn(start(), ask("work"), working_days, noon, end("e", "f", "g"), chain("s", "work", "e"),
                 chain("late", "f"), chain("noon", "g"))  # fmt: skip
    office.deploy(p_bpmn=model, note_form=form("note"))
    set_clock(office, datetime(2026, 9, 29, 2, tzinfo=UTC))
    office.start("lin", "p")
    found = rows(office, "select element_id, due_at from due order by element_id")
    assert found == [
        {"element_id": "late", "due_at": datetime(2026, 10, 12, 2, tzinfo=UTC)},
        {"element_id": "noon", "due_at": datetime(2026, 10, 1, 4, tzinfo=UTC)},
    ]


def test_holidays_that_are_not_known_yet_are_not_guessed(office: Office) -> None:
    """A time limit that leads into a year without a notice is refused with the reason."""
    far = node("intermediateCatchEvent", "t", extension='<supervision:calendar days="working"/>', inner=timer("P300D"))
    office.deploy(p_bpmn=line("p", far, ids=("t",)))
    set_clock(office, datetime(2030, 9, 29, 2, tzinfo=UTC))
    with pytest.raises(Exception, match="holidays of 2030 are not known"):
        office.start("lin", "p")


def _clock(dsn: str, var: Path, now: datetime, ready: object) -> None:
    """One clock in an operating-system process of its own."""
    engine = open_engine(dsn)
    equipment = Equipment.open(var, demonstration=True)
    object.__setattr__(equipment, "clock", lambda: now)
    ready.wait()  # type: ignore[attr-defined]  # a barrier

    @contextmanager
    def transaction():  # type: ignore[no-untyped-def]
        with DatabaseSession(engine) as session, Work(session, equipment) as uow:
            yield uow

    due_work.do_all(transaction)
    engine.dispose()


def test_two_clocks_fire_a_thousand_timers_once_each(office: Office, tmp_path: Path) -> None:
    """A thousand timers of fifty cases are due; two processes fire; every timer has exactly one entry."""
    many = "".join(boundary(f"b{n}", "work", timer("PT1H"), interrupting=False) for n in range(20))
    ends = end("e", *(f"e{n}" for n in range(20))) + "".join(chain(f"b{n}", f"e{n}") for n in range(20))
    office.deploy(p_bpmn=bpmn(start(), ask("work"), many, ends, chain("s", "work", "e")), note_form=form("note"))
    advance(office)
    begun = [office.start("lin", "p") for _ in range(50)]
    assert rows(office, "select count(*) as n from due") == [{"n": 1000}]
    now = advance(office, hours=1)
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(2)
    clocks = [context.Process(target=_clock, args=(office.dsns.app, tmp_path / "var", now, ready)) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert [one.exitcode for one in clocks] == [0, 0]
    while rows(office, "select 1 from due"):
        advance(office, seconds=1)
        tick(office)
    fired = rows(office, "select stream, count(*) as n from trace_entry where kind = 'timer.fired.v1' group by stream")
    assert {(row["stream"], row["n"]) for row in fired} == {(case.key, 20) for case in begun}
    for case in begun[:3]:
        waits = [entry["wait"] for entry in payloads(office, case.key)[1:]]
        assert len(set(waits)) == 20
        with office.work() as uow:
            assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_a_clock_stops_between_two_steps(office: Office) -> None:
    """Whoever stops the clock is not kept waiting for all that is due; nothing is lost by it."""
    office.deploy(p_bpmn=PAUSE, note_form=form("note"))
    advance(office)
    for _ in range(3):
        office.start("lin", "p")
    advance(office, hours=1)
    stopped = threading.Event()
    stopped.set()
    assert due_work.do_all(lambda: working(office), stopped) == 0
    assert tick(office) == 3
