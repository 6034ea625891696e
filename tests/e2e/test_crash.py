"""kill -9 of anything between and during the steps of the story: nothing acknowledged is lost, nothing is doubled."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from engine.service.demonstration_city import SampleCase, sample_cases
from engine.store.embedded import embedded
from tests.e2e.caller import Caller, RefusedError
from tests.e2e.serving import Server, free_port, wait_until
from tests.e2e.storm import OtherSystem, Storm, expect_begun, expect_once

SAMPLE = sample_cases()[2]
VICTIMS = ("web", "worker", "database", "parent")


@pytest.fixture(scope="module")
def other() -> Iterator[OtherSystem]:
    """A system that cases call."""
    with OtherSystem.listening() as found:
        yield found


@pytest.fixture(scope="module")
def own(other: OtherSystem) -> Iterator[Server]:
    """A server of this module's own, to be killed."""
    found = Server(other.environment)
    found.start()
    yield found
    found.remove()


def kill(own: Server, victim: str) -> None:
    """Kill, and bring back what nobody else brings back."""
    own.kill(victim)
    if victim == "parent":
        own.start()
    own.wait_ready()


def strike(own: Server, victim: str, after_s: float) -> None:
    """Kill a part of the system a moment from now; "" kills nothing."""
    time.sleep(after_s)
    if victim:
        own.kill(victim)


def expect_whole(own: Server, instance: str, sample: SampleCase) -> None:
    """The trace has exactly the start and one completion a step, and verifies. What the clock adds is not counted."""
    gao = Caller(own.url, "gao")
    entries = gao.call("GET", f"/api/process-instances/{instance}/trace")["entries"]
    entries = [entry for entry in entries if not entry["kind"].startswith(("deadline.", "clock."))]
    kinds = [entry["kind"] for entry in entries]
    assert kinds == ["process_instance.started.v2", *["user_task.completed.v2"] * len(sample.steps)]
    assert [entry["element_id"] for entry in entries[1:]] == [step.element for step in sample.steps]
    files = [len(entry["attachments"]) + len(entry["photos"]) for entry in entries[1:]]
    assert files == [len(step.materials) for step in sample.steps]
    report = gao.call("POST", f"/api/process-instances/{instance}/verification")
    assert report["ok"], report


def test_killing_anything_between_two_steps_loses_nothing(own: Server) -> None:
    """Before every step another part of the system is killed; the case goes on to its end as if nothing had been."""
    instance = Caller(own.url, "lin").call("POST", "/v2/process-instances", {"processDefinitionId": "dibao"})[
        "processInstanceKey"
    ]
    for number, step in enumerate(SAMPLE.steps):
        kill(own, VICTIMS[number % len(VICTIMS)])
        worker = Caller(own.url, step.username)
        worker.complete(worker.find(instance, step.element), step)
    expect_whole(own, instance, SAMPLE)


def test_killing_during_a_completion_neither_loses_nor_doubles(own: Server) -> None:
    """Web server or database die while requests are under way; the client repeats with the same id until answered."""
    dice = random.Random(20261123)
    for _ in range(3):
        lin = Caller(own.url, "lin")
        instance = lin.call("POST", "/v2/process-instances", {"processDefinitionId": "dibao"})["processInstanceKey"]
        for step in SAMPLE.steps:
            worker = Caller(own.url, step.username)
            key = worker.find(instance, step.element)
            victim, delay = dice.choice(("web", "database", "")), dice.uniform(0.0, 0.06)
            killer = threading.Thread(target=strike, args=(own, victim, delay))
            killer.start()
            worker.complete(key, step)
            killer.join()
            own.wait_ready()
        expect_whole(own, instance, SAMPLE)


def test_a_second_completion_under_another_id_is_refused_after_a_crash(own: Server) -> None:
    """After a restart the task is still completed: another request for it is told so."""
    lin = Caller(own.url, "lin")
    instance = lin.call("POST", "/v2/process-instances", {"processDefinitionId": "dibao"})["processInstanceKey"]
    key = lin.find(instance, "Receipt")
    lin.complete(key, SAMPLE.steps[0])
    kill(own, "database")
    with pytest.raises(RefusedError, match=r"user_task\.not_open") as caught:
        lin.complete(key, SAMPLE.steps[0])
    assert caught.value.status == 409


def test_the_worker_comes_back_and_verifies_what_ended(own: Server) -> None:
    """A killed worker is started again, and every case that ended is verified in the end."""
    own.kill("worker")
    wait_until(lambda: bool(own.pids("worker")), "the worker to be started again")
    ended = "select count(*) from process_instance where state = 'COMPLETED'"
    verified = "select count(*) from trace_entry where kind = 'trace.verified.v1'"
    with embedded(own.folder / "var", environ={}) as dsns, psycopg.connect(dsns.app, autocommit=True) as connection:

        def count(query: str) -> int:
            row = connection.execute(query.encode()).fetchone()
            return int(row[0]) if row else 0

        wait_until(lambda: count(verified) >= count(ended) > 0, "the worker to verify what ended", patience_s=240)


STRIKES = ((0.2, "second"), (0.9, "one"), (1.3, "database"), (2.0, "worker"), (2.4, "two"), (2.8, "web"))
"""Seconds after the start of the cases, and who is killed then."""


def test_no_kill_changes_what_becomes_of_a_case_that_waits_for_everything(own: Server, other: OtherSystem) -> None:
    """Given 46 elements of every kind, two workers, two programs outside and two cases that nothing disturbs, then four
    others whose every part is killed end with the same entries, transitions and variables; all happened once, outside
    at least once with its key.
    """
    storm = Storm(own, other)
    storm.prepare()
    try:
        calm = storm.begin(2)
        storm.play(list(calm))
        struck = storm.begin(4)
        assert storm.play(list(struck), STRIKES) == len(STRIKES)
        expected, *others = storm.told({**calm, **struck})
        assert all(found == expected for found in others)
        expect_once(storm, {**calm, **struck})
        expect_begun(storm, 6)
    finally:
        storm.close()


def test_a_second_serve_on_the_same_folder_is_refused(own: Server) -> None:
    """Two of them would do everything twice; the second says who is there, and the first goes on."""
    words = ["serve", "--port", str(free_port()), "--var", str(own.folder / "var")]
    done = subprocess.run(
        [sys.executable, "-m", "engine.cli", *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "another mingjing serve runs on" in done.stderr
    own.wait_ready()


def test_stopping_is_clean(own: Server) -> None:
    """Ctrl-C after all that ends with status 0, without a traceback, and nothing of ours is left running."""
    own.stop()
    assert "Traceback" not in own.log
    assert own.pids("web") == []
    assert own.pids("worker") == []
