"""kill -9 of the process that fires, again and again in the middle of it: every event occurs exactly once."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from engine.service import due_work, verification
from engine.service.equipment import Equipment, Work
from engine.store.work import DatabaseSession, open_engine
from tests.integration.folding import folded, variables
from tests.integration.models import ask, form
from tests.integration.office import TESTER, Office
from tests.integration.waiting import advance, rows, tick
from tests.unit.runtime.builder import boundary, bpmn, catch, chain, end, of, script, start, sub, throw, timer

PUBLISH = '<zeebe:publishMessage correlationKey="=key"/>'
INSIDE = (
    start("i_s"), catch("first", timer("PT1H")), throw("send", of("message", "paid"), PUBLISH),
    catch("then", timer("PT1H")), end("i_e"), chain("i_s", "first", "send", "then", "i_e"),
)  # fmt: skip
MODEL = bpmn(
    start(), script("k", "string(now())", "key"), script("z", "0", "count"), ask("work"),
    boundary("told", "work", of("message", "paid"), interrupting=False), script("add", "count + 1", "count"),
    end("e", "f"), sub("inner", *INSIDE), end("g"),
    chain("s", "k", "z", "work", "e"), chain("z", "inner", "g"), chain("told", "add", "f"),
)  # fmt: skip
CASES, KILLS = 40, 6


def fire(dsn: str, var: Path, now: datetime) -> None:
    """A clock in a process of its own, until it is killed or nothing is due."""
    engine = open_engine(dsn)
    equipment = Equipment.open(var, demonstration=True)
    object.__setattr__(equipment, "clock", lambda: now)

    @contextmanager
    def working() -> Iterator[Work]:
        with DatabaseSession(engine) as session, Work(session, equipment) as uow:
            yield uow

    due_work.do_all(working)
    engine.dispose()


def fired(office: Office) -> int:
    """Entries of timers and messages so far."""
    (found,) = rows(
        office, "select count(*) as n from trace_entry where kind in ('timer.fired.v1', 'message.correlated.v1')"
    )
    return int(found["n"])


def test_killing_the_clock_while_it_fires_loses_and_doubles_nothing(office: Office, tmp_path: Path) -> None:
    """Forty cases, each with two timers in a subprocess and a message that it sends to itself; six clocks die."""
    office.deploy(p_bpmn=MODEL, note_form=form("note"))
    begun = []
    for _ in range(CASES):
        advance(office, milliseconds=1)
        begun.append(office.start("lin", "p"))
    context = multiprocessing.get_context("spawn")
    now = advance(office, hours=1)
    killed = 0
    for kill in range(KILLS):
        clock = context.Process(target=fire, args=(office.dsns.app, tmp_path / "var", now))
        clock.start()
        wanted = fired(office) + 2 + kill
        while clock.is_alive() and fired(office) < wanted:
            time.sleep(0.005)
        if clock.pid is not None and clock.is_alive():
            os.kill(clock.pid, signal.SIGKILL)
        clock.join()
        killed += clock.exitcode == -signal.SIGKILL
        now = advance(office, seconds=due_work.LEASE.total_seconds() + 1)
    assert killed >= KILLS // 2
    while rows(office, "select 1 from due"):
        advance(office, minutes=5)
        tick(office)
    per_case = rows(
        office,
        "select stream, kind, count(*) as n from trace_entry"
        " where kind in ('timer.fired.v1', 'message.correlated.v1') group by stream, kind",
    )
    assert {(row["stream"], row["kind"], row["n"]) for row in per_case} == {
        (case.key, kind, n) for case in begun for kind, n in (("timer.fired.v1", 2), ("message.correlated.v1", 1))
    }
    for case in begun:
        assert variables(office, case.key)["count"] == 1
        assert folded(office, case.key) == {"": variables(office, case.key)}
        with office.work() as uow:
            assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok
    assert office.answer("lin", begun[-1], "work", note="x").ended
