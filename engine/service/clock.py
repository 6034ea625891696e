"""What the clock does by itself (APScheduler): what is due, partitions, sweeping, nightly verification, jobs of dead
workers.

Every process may run one: what is due is claimed row by row, and every other duty is guarded by an advisory lock, so
that two clocks never do the same.
"""

import asyncio
import logging
import os
import threading
import warnings
from collections.abc import Callable, Mapping
from datetime import timedelta

import procrastinate
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.service import (
    background_jobs,
    built_in_jobs,
    case_index,
    drafts,
    due_work,
    handing_out,
    rounds,
    stuck_cases,
    sweeps,
)
from engine.service.background_jobs import Bench
from engine.service.equipment import Work
from engine.service.recording import CLOCK
from engine.store import commands, entries, publications
from engine.store import jobs as stored_jobs
from engine.store.worklists import EVERYWHERE

log = logging.getLogger(__name__)

MONTHS_AHEAD = 4
DOING_LIMIT_S = 90
"""A background job that runs longer has been lost by its worker."""
RESCUE_S = 10
"""Between two looks at jobs that a dead worker has left."""
ORPHAN_AGE = timedelta(days=1)
RESULT_LIFE = timedelta(days=90)
PAUSE_S = 1.0
"""Between two looks at what is due."""
TROUBLE_S = 5.0
"""The same when the database could not be reached."""
LAST_STEP_S = 10.0
"""How long a stopping clock waits for the step it is in."""


def ensure_partitions(uow: Work) -> None:
    """Keep the trace's month partitions ready."""
    entries.ensure_partitions(uow, uow.now().date(), MONTHS_AHEAD)


def sweep(uow: Work) -> None:
    """Delete stored files that nothing names, unfinished ones too; forget old command results and publications."""
    drafts.sweep_orphans(uow, uow.now() - ORPHAN_AGE)
    uow.equipment.blobs.sweep_unfinished(uow.now() - ORPHAN_AGE)
    commands.prune(uow, uow.now() - RESULT_LIFE)
    publications.expire(uow, uow.now())
    publications.prune(uow, uow.now() - RESULT_LIFE)


def index_cases(uow: Work) -> None:
    """Bring the index of search up to date, a batch at a time; a search does the same for what it needs."""
    case_index.catch_up(uow, EVERYWHERE)


def verify_nightly(uow: Work) -> None:
    """A round of verification; what is wrong raises alarms, stands in the system stream and is logged as an error."""
    for found in rounds.nightly(uow, CLOCK).faults:
        log.error("stream %s: %s", found["stream"], found["reason"])


def hand_out_head(uow: Work) -> None:
    """Take what was committed into the log, sign its head and hand it out."""
    handing_out.make_head(uow)


def sweep_cases(_: Work) -> None:
    """Judge every running case where it stands; each in a transaction of its own, beside the one that guards this."""
    sweeps.nightly(Bench.working)


def report_stuck_cases(uow: Work) -> None:
    """Open an incident in each case that nothing moves any more."""
    stuck_cases.report(uow)


class Clock:
    """A running clock."""

    def __init__(self, scheduler: BackgroundScheduler) -> None:
        self._scheduler = scheduler
        self._stopped, self._rests = threading.Event(), threading.Event()
        scheduler.add_job(self._do_what_is_due, id="due_work", misfire_grace_time=None)

    def stop(self) -> None:
        """Begin nothing more, and wait for the step that is under way."""
        self._stopped.set()
        self._scheduler.shutdown(wait=False)
        self._rests.wait(LAST_STEP_S)

    def _do_what_is_due(self) -> None:
        """Look every `PAUSE_S`, by a clock that nobody can set: a scheduler would wait for the wall clock to come by
        again after it was set back.
        """
        pause = 0.0
        while not self._stopped.wait(pause):
            pause = PAUSE_S
            try:
                due_work.do_all(Bench.working, self._stopped)
            except Exception as problem:  # the clock goes on, whatever happens
                log.warning("the clock could not look at what is due: %s", problem, exc_info=problem)
                pause = TROUBLE_S
        self._rests.set()


def start(jobs: procrastinate.App) -> Clock:
    """A running clock; the caller stops it. `jobs`: an open procrastinate application of this event loop."""
    scheduler = BackgroundScheduler(timezone="UTC")
    duties: list[tuple[Callable[[Work], None], CronTrigger | IntervalTrigger]] = [
        (ensure_partitions, CronTrigger(hour=16)),
        (sweep, IntervalTrigger(hours=1)),
        (verify_nightly, CronTrigger(hour=18)),
        (hand_out_head, IntervalTrigger(seconds=head_every_s())),
        (report_stuck_cases, CronTrigger(hour=19)),
        (index_cases, IntervalTrigger(minutes=1)),
        (sweep_cases, CronTrigger(hour=20)),
    ]
    for duty, trigger in duties:
        scheduler.add_job(_alone, trigger, args=[duty], id=duty.__name__, coalesce=True, misfire_grace_time=3600)
    loop = asyncio.get_running_loop()
    scheduler.add_job(
        _rescue,
        IntervalTrigger(seconds=RESCUE_S),
        args=[jobs, loop],
        id="rescue_jobs",
        coalesce=True,
        misfire_grace_time=30,
    )
    running = Clock(scheduler)
    scheduler.start()
    return running


def head_every_s(environment: Mapping[str, str] = os.environ) -> int:
    """How often a tree head is signed: ``MINGJING_HEAD_SECONDS``, five minutes."""
    return max(10, int(environment.get("MINGJING_HEAD_SECONDS") or 300))


def _alone(duty: Callable[[Work], None]) -> None:
    with Bench.work() as uow:
        try:
            if commands.try_duty(uow, duty.__name__):
                duty(uow)
            uow.commit()
        finally:
            uow.session.close()


def _rescue(jobs: procrastinate.App, loop: asyncio.AbstractEventLoop) -> None:
    """Jobs of a killed worker stay `doing`: put them back."""
    asyncio.run_coroutine_threadsafe(_retry_stalled(jobs), loop).result(timeout=30)


def _take_back(key: int) -> None:
    """What a dead worker of ours had lent need not wait until its loan is over."""
    with Bench.working() as uow:
        stored_jobs.take_back(uow, key, built_in_jobs.WORKER)


async def _retry_stalled(jobs: procrastinate.App) -> None:
    """Put back what no worker will finish: its worker is dead, or could not write the outcome (the database was away).

    The second kind has a living worker, so only its age tells; all our jobs are short and repeatable.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # by age is deprecated upstream, and right here
        by_age = await jobs.job_manager.get_stalled_jobs(nb_seconds=DOING_LIMIT_S)
    dead = await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=background_jobs.DEAD_S)
    for job in {job.id: job for job in (*dead, *by_age)}.values():
        log.warning("job %s was left unfinished and is put back", job.id)
        if job.task_name == background_jobs.RUN_JOB:
            await asyncio.to_thread(_take_back, int(str(job.task_kwargs["key"])))
        await jobs.job_manager.retry_job(job)
