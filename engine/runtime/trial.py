"""A trial start of every process before it may be deployed, in a child process with limits of time and memory.

Rules read a drawing; this starts it. Whatever a model does to the interpreter (never ends, eats memory, overflows the
stack, crashes a C library), it does to the child. One child tries all files of a deployment. It gets the files on
stdin (length in 8 bytes, then the bytes), no environment but its path, and answers one JSON line a file; nothing is
pickled. Starting without data mostly ends in a refused expression, which is as it should be.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import IO

from engine.model.definitions import ElementDefinition, LintFinding
from engine.model.errors import MingjingError, Refused
from engine.model.findings import Judgement, RiskLevel
from engine.runtime import gate, interpreter
from engine.runtime.environment import Decided, Environment
from engine.runtime.executable import ExecutableProcess
from engine.runtime.rules.model import Reporter

MAX_SECONDS = 20
"""Of the processor, for all files of a deployment. Of the clock, three times as many: the machine may be busy."""
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space of the child; the interpreter alone takes about a quarter of it."""
PROGRAM = ("-m", "engine.runtime.trial")

_MAX_ANSWER = 2000


def run(
    files: Sequence[tuple[str, bytes]], *, seconds: int = MAX_SECONDS, program: Sequence[str] = PROGRAM
) -> list[LintFinding]:
    """Start the processes of BPMN files (name and bytes) that have passed the gate. Findings are errors.

    program: what is given to Python as the child.
    """
    if not files:
        return []
    child = subprocess.Popen(
        [sys.executable, *program, str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    sent = b"".join(len(body).to_bytes(8) + body for _, body in files)
    try:
        answers, _ = child.communicate(sent, timeout=3 * seconds)
        died = f"it used too much time or memory, or crashed (exit status {child.returncode})"
    except subprocess.TimeoutExpired:
        child.kill()
        answers, _ = child.communicate()
        died = f"it had not come to rest after {3 * seconds} s"
    lines = [line for line in answers.split(b"\n") if line]
    found = [
        _finding(name, process_id, problem)
        for (name, _), line in zip(files, lines, strict=False)
        for process_id, problem in json.loads(line)
    ]
    if len(lines) < len(files):
        found.append(_finding(files[len(lines)][0], "", died))
    return found


def _finding(resource_name: str, process_id: str, problem: str) -> LintFinding:
    return Reporter(resource=resource_name).error(
        "trial-start",
        process_id,
        f"The trial start failed: {problem}.",
        "Make the process smaller, or let something wait before it goes on.",
    )


def _main(arguments: Sequence[str]) -> None:
    """The child."""
    seconds = int(arguments[0])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for body in _bodies(sys.stdin.buffer):
        sys.stdout.write(json.dumps(list(_problems(body))) + "\n")
        sys.stdout.flush()


def _bodies(stream: IO[bytes]) -> Iterator[bytes]:
    while size := stream.read(8):
        yield stream.read(int.from_bytes(size))


def _problems(body: bytes) -> Iterator[tuple[str, str]]:
    """Process id and what is wrong with it."""
    try:
        drawn = gate.drawn(body)
    except MingjingError:
        return
    for process in drawn:
        nodes = [node for node in process.nodes if node.type == "startEvent" and node.parent == process.id]
        starts: list[str | None] = [node.id for node in nodes]
        for start in starts or [None]:
            problem = _problem(body, process.id, start)
            if problem:
                yield process.id, problem[:_MAX_ANSWER]
                break


def _problem(body: bytes, process_id: str, start: str | None) -> str:
    try:
        interpreter.start(interpreter.load(body, process_id), {}, _WORLD, start_event=start)
    except Refused as refused:
        return refused.message.rstrip(".") if refused.code == "step.too_long" else ""
    except MemoryError:
        return f"it needs more than {MAX_MEMORY_BYTES // 1024 // 1024} MiB"
    except MingjingError as error:
        return error.message.rstrip(".")
    except Exception as error:  # whatever goes wrong is what we want to know
        return f"{type(error).__name__}: {error}"
    return ""


def _undecided(decision: str, *_: object) -> Decided:
    raise Refused("decision.failed", f"{decision} is not decided in a trial.")


def _clear(element: ElementDefinition, *_: object) -> Judgement:
    return Judgement(element_id=element.id, level=RiskLevel.NONE, results=())


def _uncalled(*_: object) -> ExecutableProcess:
    raise Refused("process.not_called", "Nothing is called in a trial.")


_WORLD = Environment(now=datetime(2026, 1, 5, tzinfo=UTC), decide=_undecided, judge=_clear, call=_uncalled)

if __name__ == "__main__":
    _main(sys.argv[1:])
