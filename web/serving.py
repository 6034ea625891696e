"""Settings of gunicorn for the web server: ``gunicorn --config python:web.serving "web.factory:create_app()"``.

This module is imported before the application, so that prometheus_client finds its folder for several processes.
"""

import os
from pathlib import Path
from typing import Any

worker_class = "gthread"
workers = 2
threads = 8
timeout = 60
graceful_timeout = 20
loglevel = "warning"
limit_request_line = 8190
limit_request_fields = 100

_metrics = Path(os.environ.get("MINGJING_VAR", "var")).resolve() / "metrics"
_metrics.mkdir(parents=True, exist_ok=True, mode=0o700)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)


def on_starting(_server: Any) -> None:
    """Forget the numbers of the processes of last time."""
    for left in _metrics.glob("*.db"):
        left.unlink(missing_ok=True)


def child_exit(_server: Any, worker: Any) -> None:
    """A worker ended: gauges of a process that is no more are dropped."""
    from prometheus_client import multiprocess  # noqa: PLC0415  # only after the folder was named

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # the library has no types here
