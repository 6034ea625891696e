"""Background work: an ended case is verified by the worker, orphans are swept, partitions are made."""

import asyncio
import threading
import time
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from engine.service import background_jobs, clock, drafts, system_trace
from engine.service.background_jobs import Bench
from engine.service.demonstration_city import sample_cases
from tests.integration.models import ask, form, line
from tests.integration.office import TESTER, Office
from tests.integration.waiting import advance
from tests.unit.runtime.builder import catch, timer


def work_once(office: Office) -> None:
    """Run a worker until no job is left."""
    Bench.dsn, Bench.equipment = office.dsns.app, office.equipment
    app = background_jobs.app(office.dsns.app)

    async def run() -> None:
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, queues=[background_jobs.QUEUE])

    # A browser test of the same worker process may have a loop running in this thread.
    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    thread.join()
    Bench.close()


def test_an_ended_case_is_verified_in_the_background(office: Office) -> None:
    """The job is deferred with the completion, and its result stands in the system stream."""
    case, _ = office.run(sample_cases()[0])
    work_once(office)
    with office.work() as uow:
        newest = system_trace.read(uow, office.actor("auditor"), TESTER).rows[0]
    assert newest.entry.kind == "trace.verified.v1"
    assert newest.entry.person_name == ""
    assert (newest.case_number, newest.about) == (case.number, (("result", "ok"),))


def test_orphans_are_swept_and_what_is_named_stays(office: Office) -> None:
    """Bytes whose transaction never committed go after a day; attachments and open drafts stay."""
    case = office.start("lin")
    task = office.task("lin", case, "Receipt")
    office.attach("lin", task, "application")
    orphan = office.equipment.blobs.put(b"never committed")
    with office.work() as uow:
        assert drafts.sweep_orphans(uow, uow.now() - timedelta(days=1)) == 0
        assert drafts.sweep_orphans(uow, uow.now() + timedelta(seconds=5)) == 1
    assert not office.equipment.blobs.exists(orphan)
    assert len(list(office.equipment.blobs.iterate())) == 1


def test_the_clock_of_a_worker_fires_what_is_due_until_it_is_stopped(office: Office) -> None:
    """By itself, within a few looks; stopped, it has finished what it began, and fires nothing more."""
    office.deploy(p_bpmn=line("p", catch("t", timer("PT1H")), ask("after"), ids=("t", "after")), note_form=form("note"))
    advance(office)
    case = office.start("lin", "p")
    advance(office, hours=1)
    Bench.dsn, Bench.equipment = office.dsns.app, office.equipment
    scheduler = BackgroundScheduler(timezone="UTC")
    running = clock.Clock(scheduler)
    scheduler.start()
    try:
        deadline = time.monotonic() + 60
        while office.view("lin", case).case.current != ("after",):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        running.stop()
        Bench.close()
    later = office.start("lin", "p")
    advance(office, hours=2)
    assert office.view("lin", later).case.current == ("t",)


def test_the_clocks_duties_run_on_a_real_database(office: Office) -> None:
    """Every duty works with the rights of the serving role."""
    for duty in (
        clock.ensure_partitions,
        clock.sweep,
        clock.report_stuck_cases,
        clock.verify_nightly,
        clock.hand_out_head,
    ):
        with office.work() as uow:
            duty(uow)
    with office.work() as uow:
        newest = system_trace.read(uow, office.actor("auditor"), TESTER).rows[0]
    assert newest.entry.kind == "trace.verified.v1"
    assert newest.case_number == ""
