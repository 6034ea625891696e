"""Background jobs (procrastinate, in PostgreSQL): deferred in the transaction of the command that wants them.

At least once: a job may run again after a crash, so each is written to be repeatable.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import procrastinate
from procrastinate import PsycopgConnector, RetryStrategy

from engine.model.actors import Client
from engine.model.built_in_jobs import BUILT_IN_JOBS
from engine.service import verification
from engine.service.equipment import Equipment, Work
from engine.store.work import DatabaseEngine, DatabaseSession, open_engine

QUEUE = "mingjing"
VERIFY_CASE = "mingjing:verify_case"
RUN_JOB = "mingjing:run_job"
RECOUNT = "mingjing:recount_deadlines"
SWEEP = "mingjing:sweep"
DELIVER = "mingjing:deliver"
WORKER = Client(channel="worker")
ATTEMPTS = 30
RETRY_S = 5
HEARTBEAT_S = 5.0
DEAD_S = 20.0
"""A worker that has not been heard of for so long is dead, and what it was doing is done again."""


class Bench:
    """Where jobs get their unit of work from; set up once by the worker's process."""

    dsn: str = ""
    equipment: Equipment | None = None

    @classmethod
    def work(cls) -> Work:
        """A unit of work of its own for one job."""
        if cls.equipment is None:
            raise RuntimeError("the worker has not set up its bench")
        if cls._engine is None:
            cls._engine = open_engine(cls.dsn, pool_size=4, max_overflow=4)
        return Work(DatabaseSession(cls._engine), cls.equipment)

    @classmethod
    @contextmanager
    def working(cls) -> Iterator[Work]:
        """A unit of work of its own, committed on leaving, its connection given back."""
        made = cls.work()
        try:
            with made:
                yield made
        finally:
            made.session.close()

    @classmethod
    def close(cls) -> None:
        """Give the connections back."""
        if cls._engine is not None:
            cls._engine.dispose()
        cls._engine = None

    _engine: DatabaseEngine | None = None


def verify_case(stream: int) -> None:
    """Verify the trace of a case that has just ended, and write the result into the system stream."""
    with Bench.work() as uow:
        try:
            verification.record(uow, None, WORKER, [verification.stream_report(uow, stream)])
            uow.commit()
        finally:
            uow.session.close()


TASKS: dict[str, Callable[..., None]] = {VERIFY_CASE: verify_case}
"""What the worker can do, by name. `built_in_jobs.register` adds its own: it needs what needs this module."""


def app(dsn: str) -> procrastinate.App:
    """The procrastinate application over a DSN; opened by the worker only."""
    made = procrastinate.App(connector=PsycopgConnector(conninfo=dsn))
    retry = RetryStrategy(max_attempts=ATTEMPTS, wait=RETRY_S)
    for name, task in TASKS.items():
        made.task(name=name, queue=QUEUE, retry=retry)(task)
    return made


_deferring = app("")


def defer_jobs(uow: Work, kinds: Iterable[tuple[int, str]], *, after_ms: int = 0) -> None:
    """Have jobs that our own worker does (by key and type; others are passed over) done once this has committed."""
    for key, kind in kinds:
        if kind in BUILT_IN_JOBS:
            task = _deferring.configure_task(
                RUN_JOB,
                queue=QUEUE,
                connection=uow.driver_connection(),
                schedule_in={"milliseconds": after_ms} if after_ms else None,
            )
            task.defer(key=key)


def defer_verification(uow: Work, stream: int) -> None:
    """Have a case verified once this transaction has committed."""
    task = _deferring.tasks[VERIFY_CASE]
    task.configure(connection=uow.driver_connection()).defer(stream=stream)


def defer_recount(uow: Work) -> None:
    """Have the limits of all running cases counted anew once this transaction has committed: the calendar changed."""
    _deferring.configure_task(RECOUNT, queue=QUEUE, connection=uow.driver_connection()).defer()


def defer_sweep(uow: Work, person_key: int, unit_path: str) -> None:
    """Have a subtree swept once this transaction has committed, never twice at a time."""
    lock = f"{SWEEP}:{unit_path}"
    task = _deferring.configure_task(SWEEP, queue=QUEUE, connection=uow.driver_connection(), lock=lock)
    task.defer(person_key=person_key, unit_path=unit_path)


def defer_deliveries(uow: Work, keys: Iterable[int], *, after: timedelta = timedelta()) -> None:
    """Have notices sent once this transaction has committed, or that long afterwards."""
    for key in keys:
        task = _deferring.configure_task(
            DELIVER,
            queue=QUEUE,
            connection=uow.driver_connection(),
            schedule_in={"seconds": int(after.total_seconds())} if after else None,
        )
        task.defer(key=key)
