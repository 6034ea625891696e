"""What operators see: one JSON line a request on standard output, and the numbers behind /metrics.

Never personal data, bodies, query strings, tokens or names: a line holds keys, codes and times only.

Under several processes the numbers are gathered through files in VAR/metrics; `web.serving` names the folder in
``PROMETHEUS_MULTIPROC_DIR`` before prometheus_client is imported.
"""

import contextlib
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

from engine.service import log_lines
from web.commands import known_command_id

REQUEST_SECONDS = Histogram(
    "mingjing_http_request_seconds",
    "Time to answer a request, by endpoint.",
    ["endpoint", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
COMMANDS = Counter("mingjing_commands", "Requests that may change something, by code.", ["endpoint", "code"])

MAX_LOG_BYTES = 10 * 1024 * 1024

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_QUIET = frozenset({"health.live", "health.ready", "health.metrics", "static"})

log: Any = structlog.get_logger("mingjing.web")


class QuietLog:
    """Writes every line into a file, and warnings and worse on standard output as well.

    `mingjing serve` in a terminal asks for it, so that request lines do not scroll its address away. Several processes
    append to the file; it begins anew at MAX_LOG_BYTES, one old file stays.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def msg(self, line: str) -> None:
        """A line for the file."""
        with contextlib.suppress(FileNotFoundError):  # another process may have moved it in this moment
            if self._path.stat().st_size > MAX_LOG_BYTES:
                self._path.replace(self._path.with_suffix(".log.1"))
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def loud(self, line: str) -> None:
        """A line for the file and for whoever sits at the terminal."""
        self.msg(line)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    debug = info = log = msg
    warning = warn = error = err = critical = fatal = exception = failure = loud


def configure_logging(quiet: Path | None = None) -> None:
    """JSON lines on standard output, for structlog and for the standard library's loggers alike.

    quiet: the file that takes the request lines instead, see `QuietLog`.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout) if quiet is None else lambda *_: QuietLog(quiet),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def note_problem(code: str) -> None:
    """Remember the code of the problem that this request is answered with."""
    g.problem_code = code


def log_failure(error: BaseException) -> None:
    """An unforeseen error, with its traceback but without its message's values in our own answer.

    Only the type and the places in the code are logged: messages of database errors quote the values of the row.
    """
    cause = type(error.__cause__).__name__ if error.__cause__ else ""
    log.error(
        "failure",
        command_id=known_command_id(),
        error=type(error).__name__,
        cause=cause,
        frames=log_lines.frames(error),
    )


def _start() -> None:
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(command_id=known_command_id())


def _finish(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    endpoint = request.endpoint or "none"
    code = g.get("problem_code", "ok")
    REQUEST_SECONDS.labels(endpoint, request.method, str(response.status_code)).observe(seconds)
    if request.method in _UNSAFE:
        COMMANDS.labels(endpoint, code).inc()
    response.headers["X-Command-Id"] = known_command_id()
    if endpoint not in _QUIET:
        actor = g.get("actor")
        log.info(
            "request",
            command_id=known_command_id(),
            actor=str(actor.person_key) if actor else None,
            endpoint=endpoint,
            method=request.method,
            status=response.status_code,
            code=code,
            ms=round(seconds * 1000, 1),
        )
    return response


def exposition() -> Response:
    """The numbers in Prometheus' text format, of all processes of this server."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types here
    else:
        registry = REGISTRY
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def init_app(app: Flask) -> None:
    """Time and log every request."""
    app.before_request(_start)
    app.after_request(_finish)
