"""`mingjing worker`: runs background jobs and the clock until SIGINT or SIGTERM."""

import asyncio
import signal
from pathlib import Path

from procrastinate.exceptions import ConnectorException

from engine.model.errors import Unavailable
from engine.service import background_jobs, built_in_jobs, clock, log_lines
from engine.service.background_jobs import Bench
from engine.service.equipment import Equipment

CONCURRENCY = 2


def run(app_dsn: str, var: Path) -> None:
    """Work until a signal asks to stop; jobs in hand are finished first.

    Raises Unavailable when the database goes away and a new start is needed; the parent sees to that.
    """
    log_lines.configure()
    built_in_jobs.register()
    Bench.dsn, Bench.equipment = app_dsn, Equipment.open(var)
    try:
        asyncio.run(_run(app_dsn))
    except ConnectorException as problem:
        raise Unavailable("database.unavailable", "the worker lost the database") from problem


async def _run(app_dsn: str) -> None:
    jobs = background_jobs.app(app_dsn)
    async with jobs.open_async():
        running = clock.start(jobs)
        working = asyncio.create_task(
            jobs.run_worker_async(
                queues=[background_jobs.QUEUE],
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                update_heartbeat_interval=background_jobs.HEARTBEAT_S,
                stalled_worker_timeout=background_jobs.DEAD_S,
            )
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, working.cancel)
        try:
            await working
        except asyncio.CancelledError:
            pass
        finally:
            await asyncio.to_thread(running.stop)
            Bench.close()
