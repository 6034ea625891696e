"""`mingjing serve` as the operating system sees it: ports, signals, kills of every part, and no orphans."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.store.postgres_files import Places, postmaster

PATIENCE_SECONDS = 120


def command(*words: str) -> list[str]:
    """The mingjing command of this environment."""
    return [sys.executable, "-m", "engine.cli", *words]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def soon(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds, on a machine that may be busy."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Server:
    """A running `mingjing serve`, its words in a log file."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.log = var.parent / "serve.log"
        environment = {**os.environ, "MINGJING_DEMO": "1"}
        environment.pop("DATABASE_URL", None)
        with self.log.open("wb") as log:
            words = command("serve", "--port", str(self.port), "--var", str(var))
            self.process = subprocess.Popen(words, stdout=log, stderr=log, env=environment)
        soon(lambda: "Ready after" in self.text or self.process.poll() is not None)

    @property
    def text(self) -> str:
        """Everything that it said."""
        return self.log.read_text()

    @property
    def postgres(self) -> int | None:
        """The postmaster's pid."""
        return postmaster(Places.of(self.var).data)

    def children(self, part: str) -> list[int]:
        """Pids of the processes of this server whose command line holds `part`."""
        found = subprocess.run(["pgrep", "-f", f"{part}.*({self.port}|{self.var})"], capture_output=True, check=False)
        return [int(pid) for pid in found.stdout.split() if int(pid) != self.process.pid]

    def ready(self) -> bool:
        """Whether it can work: the database answers and is migrated."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait(self) -> int:
        """Its exit status."""
        return self.process.wait(PATIENCE_SECONDS)


@pytest.fixture
def server(short_var: Path) -> Iterator[Server]:
    """A server of its own on a fresh VAR."""
    running = Server(short_var)
    yield running
    running.process.kill()
    running.process.wait()
    soon(lambda: not running.children("gunicorn") and not running.children("engine.cli worker"))
    if (pid := running.postgres) is not None:
        os.kill(pid, signal.SIGKILL)
        soon(lambda: running.postgres is None)


def test_every_part_comes_back_and_the_whole_ends_clean(server: Server) -> None:
    """kill -9 of PostgreSQL, worker and web server: each is started again; SIGINT then ends all without a traceback."""
    assert server.ready(), server.text
    old = server.postgres
    assert old is not None
    os.kill(old, signal.SIGKILL)
    soon(lambda: server.postgres not in (None, old))
    soon(server.ready)
    for part in ("engine.cli worker", "gunicorn"):
        before = server.children(part)
        assert before
        os.kill(before[0], signal.SIGKILL)
        soon(lambda part=part, before=before: bool(set(server.children(part)) - set(before)))  # type: ignore[misc]
    soon(server.ready)
    server.process.send_signal(signal.SIGINT)
    assert server.wait() == 0
    assert "Traceback" not in server.text
    assert server.text.endswith("Stopped.\n")
    assert server.postgres is None
    assert server.children("gunicorn") == []


def test_a_killed_parent_leaves_nobody_and_a_second_start_works(server: Server) -> None:
    """kill -9 of the parent: its children end by themselves, and the next start takes over the same state."""
    server.process.kill()
    server.wait()
    soon(lambda: not server.children("gunicorn") and not server.children("engine.cli worker"))
    again = Server(server.var)
    try:
        assert again.ready(), again.text
        assert "Loading the demonstration city" not in again.text
        again.process.terminate()
        assert again.wait() == 0
    finally:
        again.process.kill()
        again.process.wait()


def test_a_port_in_use_is_one_clear_line(short_var: Path) -> None:
    """Nothing is started, nothing is made, and the exit status says so."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = command("serve", "--port", str(port), "--var", str(short_var))
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 1
    assert re.fullmatch(rf"mingjing: port {port} on 127\.0\.0\.1 is in use; .*\n", done.stderr)
    assert not short_var.exists()
