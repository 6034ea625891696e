"""`mingjing serve`: one parent holds the database and keeps a web server and a worker alive.

::

    serve ─┬─ PostgreSQL        (embedded; started again within a second when it dies; left when we leave)
           ├─ gunicorn ── 2 × web worker
           └─ mingjing worker

The children get the database by environment, as the `app` role; the owner's DSN never reaches them.
"""

import errno
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from engine.model.errors import Conflict, MingjingError, Unavailable
from engine.service.children import Child
from engine.store.embedded import Cluster, Dsns, configured_dsns

Say = Callable[[str], None]

_LOOK_EVERY_SECONDS = 0.2
_LOG_EVERY_SECONDS = 60.0
_PORT_PATIENCE_SECONDS = 3.0
_STOP_SECONDS = 25.0
_HOPELESS_AFTER = 3


class Stopped(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived while we were still starting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address for a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - read, not bound
        return f"http://{host}:{self.port}"


def serve(address: Address, var: Path, say: Say) -> int:
    """Run everything until SIGINT, SIGTERM or SIGHUP; returns the exit status.

    Raises Unavailable when the port is taken, when the database or the web server does not come up.
    """
    signals = _Signals()
    began = time.monotonic()
    _await_port(address)
    house = _only_one(var)
    configured = configured_dsns()
    cluster = None
    try:
        if configured is None:
            say("Starting PostgreSQL …")
            cluster = Cluster(var, say=say)
        dsns = configured or _dsns_of(cluster)
        _prepare(dsns, var, say)
        signals.defer()
        House(address, var, dsns.app, cluster, say).keep(signals, began)
    except Stopped:
        say("Stopped while starting.")
    finally:
        signals.defer()
        if cluster is not None:
            cluster.close()
        house.close()
    say("Stopped.")
    return 0


def _only_one(var: Path) -> IO[str]:
    """Hold the folder for ourselves. Raises Conflict when another `serve` runs on it; a dead one's hold is gone."""
    folder = var / "lock"
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "serve").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Conflict(
            "serve.running", f"another mingjing serve runs on {var} already; stop it, or choose another --var"
        ) from None
    return lock


class House:
    """The running whole: the children, and the database when it is ours."""

    def __init__(self, address: Address, var: Path, app_dsn: str, cluster: Cluster | None, say: Say) -> None:
        self._address = address
        self._cluster = cluster
        self._say = say
        self._log_due_at = 0.0
        environment = _environment(var, app_dsn, terminal=sys.stdout.isatty())
        self._web = Child(name="web server", command=_gunicorn(address), environment=environment, say=say)
        worker = [sys.executable, "-m", "engine.cli", "worker", "--var", str(var)]
        self._children = (self._web, Child(name="worker", command=worker, environment=environment, say=say))

    def keep(self, signals: "_Signals", began: float) -> None:
        """Tend everything until a signal asks to stop; then end the children in order."""
        ready = False
        try:
            while not signals.stopping:
                self._tend_database()
                for child in self._children:
                    child.tend()
                if not ready and _answers(self._address):
                    ready = True
                    self._say(f"Ready after {time.monotonic() - began:.1f} s: {self._address.url}")
                if not ready and self._web.failures >= _HOPELESS_AFTER:
                    raise Unavailable("serve.web_failed", "the web server does not start; its messages are above")
                time.sleep(_LOOK_EVERY_SECONDS)
            self._say("Stopping …")
        finally:
            self._end_children()

    def _tend_database(self) -> None:
        if self._cluster is None:
            return
        if not self._cluster.alive:
            self._say("PostgreSQL ended; starting it again …")
            try:
                self._cluster.ensure_running()
            except MingjingError as problem:
                self._say(f"{problem}; trying again")
                time.sleep(1)
            else:
                self._say("PostgreSQL runs again")
        if time.monotonic() > self._log_due_at:
            self._log_due_at = time.monotonic() + _LOG_EVERY_SECONDS
            self._cluster.rotate_log()

    def _end_children(self) -> None:
        for child in self._children:
            child.ask_to_stop()
        deadline = time.monotonic() + _STOP_SECONDS
        for child in self._children:
            child.end(within_seconds=max(0.1, deadline - time.monotonic()))


class _Signals:
    """SIGINT, SIGTERM and SIGHUP: raise `Stopped` while starting; afterwards only set `stopping`."""

    def __init__(self) -> None:
        self.stopping = False
        self._deferred = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._arrived)

    def defer(self) -> None:
        """From now on only set `stopping`, so that no step is cut in the middle."""
        self._deferred = True

    def _arrived(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        if not self._deferred:
            self._deferred = True
            raise Stopped


def _prepare(dsns: Dsns, var: Path, say: Say) -> None:
    """Migrate, then load what a first start needs."""
    from engine.service import bootstrap  # noqa: PLC0415 - the port and the database answer before all rooms load
    from engine.store import backup, migrate  # noqa: PLC0415

    backup.check_keys(var)
    say("Bringing the database to the newest schema …")
    migrate.upgrade(dsns.owner)
    bootstrap.prepare(dsns.app, var, say)


def _dsns_of(cluster: Cluster | None) -> Dsns:
    if cluster is None:
        raise Unavailable("database.not_configured", "there is no database")
    return cluster.dsns


def _environment(var: Path, app_dsn: str, *, terminal: bool) -> dict[str, str]:
    """What the children are given. In a terminal the address stays in sight: request lines go to VAR/log/web.log."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    quiet = {"MINGJING_LOG": str((var / "log" / "web.log").resolve())} if terminal else {}
    return {**quiet, **kept, "MINGJING_VAR": str(var), "DATABASE_URL": app_dsn}


def _gunicorn(address: Address) -> list[str]:
    host = f"[{address.host}]" if ":" in address.host else address.host
    options = {
        "--config": "python:web.serving",
        "--bind": f"{host}:{address.port}",
        "--worker-class": "gthread",
        "--workers": "2",
        "--threads": "8",
        "--timeout": "60",
        "--graceful-timeout": "20",
        "--log-level": "warning",
    }
    flat = [word for pair in options.items() for word in pair]
    return [sys.executable, "-m", "gunicorn", *flat, "--no-control-socket", "web.factory:create_app()"]


def _await_port(address: Address) -> None:
    """Raise Unavailable when the port is taken; a predecessor that is just ending gets a moment."""
    deadline = time.monotonic() + _PORT_PATIENCE_SECONDS
    while True:
        try:
            _try_port(address)
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            reason = "is in use" if problem.errno == errno.EADDRINUSE else f"cannot be used: {problem.strerror}"
            raise Unavailable(
                "serve.port",
                f"port {address.port} on {address.host} {reason}; choose another with --port (make run PORT=…)",
            ) from problem
        return


def _try_port(address: Address) -> None:
    family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(place)


def _answers(address: Address) -> bool:
    """Whether the web server answers its liveness question."""
    host = address.url.removeprefix("http://").rpartition(":")[0].strip("[]")
    connection = http.client.HTTPConnection(host, address.port, timeout=2)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    return False
