"""A child process of `mingjing serve`: started, started again when it dies, and never left behind.

On Linux the kernel ends a child whose parent is killed with -9 (``PR_SET_PDEATHSIG``). Every child leads a process
group of its own, so that Ctrl-C in the terminal reaches the parent alone, which then ends them in order.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

_PR_SET_PDEATHSIG = 1
_FIRST_DELAY_SECONDS = 0.25
_LONGEST_DELAY_SECONDS = 10.0
_HEALTHY_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class Child:
    """One child. `failures` counts deaths in a row; it is forgotten after a healthy minute."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    say: Callable[[str], None]
    failures: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _next_start_at: float = field(default=0.0)

    @property
    def pid(self) -> int | None:
        """The pid while it lives."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def tend(self) -> None:
        """Start it when it is due. Call often; never blocks."""
        now = time.monotonic()
        if self.pid is not None:
            if self.failures and now - self._started_at > _HEALTHY_SECONDS:
                self.failures = 0
            return
        if self._process is not None:
            delay = min(_LONGEST_DELAY_SECONDS, _FIRST_DELAY_SECONDS * 2**self.failures)
            self.say(f"The {self.name} ended ({_how(self._process.returncode)}); starting it again in {delay:g} s")
            self._clear_group()
            self.failures += 1
            self._next_start_at = now + delay
            self._process = None
        if now >= self._next_start_at:
            self._start()

    def ask_to_stop(self) -> None:
        """Let it finish what it does (SIGTERM)."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self, *, within_seconds: float) -> None:
        """Wait for it, then kill what is left of its group."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=within_seconds)
        except subprocess.TimeoutExpired:
            self.say(f"The {self.name} did not stop in time; it is killed")
        self._clear_group()
        self._process.wait()

    def _start(self) -> None:
        parent = os.getpid()
        libc = ctypes.CDLL(None) if sys.platform == "linux" else None

        def follow_parent() -> None:
            if libc is not None:
                libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=follow_parent,  # noqa: PLW1509 - the parent has one thread; nothing else can set the death signal
        )

    def _clear_group(self) -> None:
        """Kill grandchildren that outlived a child (a gunicorn worker keeps the port)."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _how(status: int) -> str:
    return f"exit status {status}" if status >= 0 else f"signal {signal.Signals(-status).name}"
