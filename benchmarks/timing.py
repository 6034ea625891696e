"""How long a call takes, on a machine that does other things too."""

import time
from collections.abc import Callable, Mapping

ROUNDS = 150
BATCH_SECONDS = 0.0015


def race(runners: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Microseconds of one call for each runner: the best of many short batches.

    The runners take turns, so that a busy moment of the machine hurts all alike, and the best batch is the one that
    nothing disturbed.
    """
    batches = {name: _batch(run) for name, run in runners.items()}
    best = dict.fromkeys(runners, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runners.items():
            best[name] = min(best[name], _seconds(run, batches[name]) / batches[name])
    return {name: seconds * 1e6 for name, seconds in best.items()}


def _batch(run: Callable[[], object]) -> int:
    """How many calls make a batch."""
    run()
    once = min(_seconds(run, 1) for _ in range(3))
    return max(1, min(20_000, int(BATCH_SECONDS / max(once, 1e-9))))


def _seconds(run: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        run()
    return time.perf_counter() - start
