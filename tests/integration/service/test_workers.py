"""Workers in processes of their own: each job once, and what a killed one held is handed out again."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from engine.model.views import InstanceState
from tests.conftest import ROOT
from tests.integration.folding import payloads
from tests.integration.models import job, line
from tests.integration.office import Office
from tests.unit.runtime.builder import many, script


def begin(office: Office, name: str, log: Path, dies_at: int = 0) -> "subprocess.Popen[bytes]":
    var = office.equipment.blobs.root.parent
    arguments = (office.dsns.app, str(var), name, str(log), str(dies_at))
    return subprocess.Popen([sys.executable, "-m", "tests.integration.worker_program", *arguments], cwd=ROOT)


def model(size: int) -> bytes:
    """A case with so many jobs at once."""
    return line("p", script("l", f"for i in 1..{size} return i", "items"), job("send", inner=many()), ids=("l", "send"))


def test_two_workers_take_five_hundred_jobs_once_each(office: Office, tmp_path: Path) -> None:
    """Five cases of a hundred jobs: nobody is given a job that another has, and every case ends."""
    office.deploy(p_bpmn=model(100))
    office.program()
    cases = [office.start("lin", "p") for _ in range(5)]
    workers = [begin(office, name, tmp_path / name) for name in ("one", "two")]
    assert [worker.wait() for worker in workers] == [0, 0]
    taken = [line for name in ("one", "two") for line in (tmp_path / name).read_text().split()]
    assert len(taken) == len(set(taken)) == 500
    assert {office.view("lin", case).case.state for case in cases} == {InstanceState.COMPLETED}


def test_what_a_killed_worker_held_is_handed_out_again(office: Office, tmp_path: Path) -> None:
    """kill -9 between the work and its completion: done a second time by another, completed once in the trace."""
    office.deploy(p_bpmn=model(20))
    office.program()
    case = office.start("lin", "p")
    assert begin(office, "dying", tmp_path / "dying", dies_at=10).wait() == -9
    assert begin(office, "second", tmp_path / "second").wait() == 0
    assert office.view("lin", case).case.state is InstanceState.ACTIVE
    with office.work() as uow:  # the loan is over
        from engine.store import jobs as stored

        for row in stored.of_case(uow, case.key):
            stored.change(uow, row.key, retries=None, locked_until=uow.now() - timedelta(seconds=1))
    assert begin(office, "third", tmp_path / "third").wait() == 0
    assert office.view("lin", case).case.state is InstanceState.COMPLETED
    done = [entry["job"] for entry in payloads(office, case.key) if "worker" in entry]
    assert len(done) == len(set(done)) == 20
    first, third = ((tmp_path / name).read_text().split() for name in ("dying", "third"))
    assert set(first[9:]) <= set(third)
