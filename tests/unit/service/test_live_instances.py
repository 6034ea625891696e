"""Instances that stay in memory: taken out by version, bounded, and safe between threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from engine.runtime import interpreter, live
from engine.service.live_instances import KeptInstance, LiveInstances
from tests.unit.runtime.builder import WORLD, bpmn, chain, end, start, user

MODEL = interpreter.load(bpmn(start(), user("a"), end(), chain("s", "a", "e")), "p")


def kept(version: int = 1, size: int = 100) -> KeptInstance:
    return KeptInstance(live=live.begin(MODEL, {}, WORLD), version=version, snapshot_bytes=size)


def test_an_instance_is_taken_out_once() -> None:
    """Whoever takes it holds it alone."""
    instances = LiveInstances()
    instances.put(7, kept(3))
    found = instances.take(7, 3)
    assert found is not None
    assert found.version == 3
    assert instances.take(7, 3) is None
    assert len(instances) == 0


def test_an_older_version_catches_up_and_a_newer_one_is_of_no_use() -> None:
    """What another process has moved on meanwhile is given with its version; what was never committed is dropped."""
    instances = LiveInstances()
    instances.put(7, kept(3))
    found = instances.take(7, 5)
    assert found is not None
    assert found.version == 3
    instances.put(7, kept(6))
    assert instances.take(7, 5) is None
    assert len(instances) == 0


def test_the_newer_version_stays() -> None:
    """Of two commands the later one may have been quicker to put its instance back."""
    instances = LiveInstances()
    instances.put(7, kept(4))
    instances.put(7, kept(3))
    assert instances.take(7, 4) is not None


def test_the_least_recently_used_leave_first() -> None:
    """Bounded in number, and in bytes."""
    few = LiveInstances(max_instances=2)
    for key in (1, 2, 3):
        few.put(key, kept())
    assert [few.take(key, 1) is None for key in (1, 2, 3)] == [True, False, False]
    small = LiveInstances(max_bytes=250)
    for key in (1, 2, 3):
        small.put(key, kept())
    assert [small.take(key, 1) is None for key in (1, 2, 3)] == [True, False, False]
    small.put(4, kept(size=1000))
    assert len(small) == 0


def test_threads() -> None:
    """Eight threads that take and put the same few instances never hold one of them twice."""
    instances = LiveInstances(max_instances=3)
    held: set[int] = set()
    lock = Lock()

    def work(seed: int) -> int:
        taken = 0
        for turn in range(400):
            key = (seed + turn) % 4
            found = instances.take(key, 1)
            if found is None:
                instances.put(key, kept())
                continue
            with lock:
                assert id(found) not in held
                held.add(id(found))
            taken += 1
            with lock:
                held.remove(id(found))
            instances.put(key, found)
        return taken

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) > 0
    assert len(instances) <= 3
