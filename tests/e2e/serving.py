"""A real `mingjing serve` for browser and crash tests: its own folder, a free port on loopback, all children known."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

PATIENCE_S = 120.0


def wait_until(ready: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Look every tenth of a second until `ready`; fails with `what` after `patience_s`."""
    deadline = time.monotonic() + patience_s
    while not ready():
        assert time.monotonic() < deadline, f"waited {patience_s:.0f} s for {what}"
        time.sleep(0.1)


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class Server:
    """One installation in a folder of its own; may be killed and started again."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self.environment = environment or {}
        self.folder = Path(tempfile.mkdtemp(prefix="mj-e2e-", dir="/tmp"))
        self.folder.chmod(0o711)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._parent: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self.folder / "serve.log").read_text(errors="replace")

    def start(self) -> None:
        """Start, and wait until it is ready."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        command = [sys.executable, "-m", "engine.cli", "serve", "--port", str(self.port)]
        with (self.folder / "serve.log").open("ab") as log:
            self._parent = subprocess.Popen(
                [*command, "--var", str(self.folder / "var")],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment | {"MINGJING_DEMO": "1", **self.environment},
            )
        self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until the web server reaches its database."""
        wait_until(self._ready, f"the server to be ready; its log ends with:\n{self.log[-2000:]}")

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self, what: str) -> None:
        """kill -9 one of: parent, web, worker, database."""
        for pid in self.pids(what):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if what == "parent" and self._parent is not None:
            self._parent.wait()

    def pids(self, what: str) -> list[int]:
        """Process ids of one kind, from /proc."""
        var = str(self.folder / "var")
        if what == "database":
            return [int((self.folder / "var" / "pg" / "postmaster.pid").read_text().split()[0])]
        assert self._parent is not None
        if what == "parent":
            return [self._parent.pid]
        marks = {"web": f"127.0.0.1:{self.port}", "worker": var}
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            verb = "gunicorn" if what == "web" else "worker"
            if any(marks[what] in word for word in words) and verb in words:
                found.append(int(folder.name))
        return found

    def stop(self) -> None:
        """Stop as Ctrl-C does; the parent must end by itself, with status 0 and without a traceback."""
        if self._parent is None or self._parent.poll() is not None:
            return
        self._parent.send_signal(signal.SIGINT)
        status = self._parent.wait(timeout=60)
        assert status == 0, self.log[-2000:]

    def remove(self) -> None:
        """Stop and delete everything."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def errors(self) -> list[str]:
        """Lines of the log that no healthy server writes."""
        return [line for line in self.log.splitlines() if re.search(r'Traceback|"status": 5\d\d', line)]
