"""Jobs per second: two workers in two processes take jobs, seven at a time, and complete each in a commit of its own.

Once with a job in each of many cases, and once with many jobs in few cases, where the workers wait for each other's
lock. What the processes need to start is measured without jobs and taken off. PostgreSQL with fsync on; a completion
runs the case on, seals its trace entry and writes its state.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.runtime.house import CITY, CLIENT, House, actor, house
from engine.model.actors import Scope
from engine.model.commands import Deploy, StartInstance
from engine.service import deployment, instances, people
from engine.service.equipment import Equipment, Work
from engine.service.handling import new_command_id
from engine.store.work import DatabaseSession, open_engine
from tests.integration.models import job, line
from tests.unit.runtime.builder import many, script

ROOT = Path(__file__).resolve().parents[1]
SINGLE, CROWDED, CASES = 400, 100, 4
WORKERS = 2


def rows() -> list[dict[str, Any]]:
    """Both kinds, measured."""
    found = []
    with house() as made:
        for name, size, cases in (("one job a case", 1, SINGLE), (f"{CROWDED} jobs a case", CROWDED, CASES)):
            idle = _work(made, size, 0)
            took = _work(made, size, cases) - idle
            row = {
                "name": name,
                "engine": f"{WORKERS} workers",
                "value": round(size * cases / took, 1),
                "unit": "jobs/s",
            }
            found.append({**row, "jobs": size * cases, "seconds": round(took, 2), "starting_s": round(idle, 2)})
    return found


def ratios(found: list[dict[str, Any]]) -> dict[str, float]:
    """How much the lock of a case costs."""
    return {"crowded_beside_single": found[1]["value"] / found[0]["value"]}


def _work(made: House, size: int, cases: int) -> float:
    """Seconds until two fresh processes have done all jobs of so many cases and ended; all cases must have ended."""
    database = made.copy(CITY)
    engine, equipment = open_engine(made.app(database)), Equipment.open(made.var)
    model = line(
        "p", script("l", f"for i in 1..{size} return i", "items"), job("send", inner=many()), ids=("l", "send")
    )
    new = people.NewPerson(
        username="program", name="program", unit_code="JH", password=None, roles=(("service", Scope.ALL),)
    )
    with DatabaseSession(engine) as session, Work(session, equipment) as uow:
        people.create(uow, new, None, CLIENT)
        command = Deploy(command_id=new_command_id(), resources=(("p.bpmn", model),))
        deployment.deploy(uow, command, actor(uow, "du"), CLIENT)
    for _ in range(cases):
        with DatabaseSession(engine) as session, Work(session, equipment) as uow:
            start = StartInstance(command_id=new_command_id(), process_id="p")
            instances.start(uow, start, actor(uow, "lin"), CLIENT)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        workers = [
            subprocess.Popen(
                [
                    sys.executable, "-m", "tests.integration.worker_program", made.app(database), str(made.var),
                    f"w{number}", f"{folder}/{number}", "0",
                ],
                cwd=ROOT,
            )
            for number in range(WORKERS)
        ]  # fmt: skip
        statuses = [worker.wait() for worker in workers]
        took = time.perf_counter() - began
        done = [len(Path(f"{folder}/{number}").read_text().split()) for number in range(WORKERS)]
    engine.dispose()
    if any(statuses) or sum(done) != size * cases:
        raise RuntimeError(f"workers ended with {statuses} after {done} of {size * cases} jobs")
    return took
