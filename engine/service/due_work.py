"""Everything that is due, done by any number of clocks: claimed in batches, each in a transaction of its own.

What fails never holds up the rest: it is tried again later, ever more seldom. Where a case cannot go on, an incident
says why; where there is no case yet, the row keeps the code of the problem and the log the rest. A clock that dies
leaves what it had claimed to the next one after `LEASE`.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import repeat

from engine.model.errors import Broken, MingjingError, Unavailable
from engine.service import climbing, deadlines, deliveries, rechecks, timers
from engine.service.equipment import Work
from engine.store import due
from engine.store.due import DueRow

log = logging.getLogger(__name__)

BATCH = 50
THREADS = 3
"""How many do a full batch: while one waits for the database another works."""

LEASE = timedelta(seconds=10)
"""A batch takes less. Were one slower, another clock would look in vain at what was done meanwhile."""
BUSY = timedelta(milliseconds=500)
"""How soon a case is looked at again that somebody was working on."""

_OF_MODELS = frozenset({"element", "positions", "process", "decision"})

Doing = Callable[[Work, DueRow], bool]
"""Does a row that is due; False when somebody works on its case right now. Raises when it cannot be done."""

KINDS: Mapping[str, Doing] = {
    "timer": timers.fire,
    "start": timers.begin,
    "message": deliveries.message,
    "look": deliveries.look,
    "broadcast": deliveries.broadcast,
    "signal": deliveries.signal,
    "deadline": deadlines.turn,
    "alert": climbing.climb,
    "after": rechecks.after,
    "watch": rechecks.watch,
}
Working = Callable[[], AbstractContextManager[Work]]
"""A transaction of its own, committed on leaving."""


def do_all(working: Working, stopped: threading.Event | None = None) -> int:
    """Do everything that is due, until nothing is or `stopped` is set; returns how many rows were done."""
    count = 0
    while stopped is None or not stopped.is_set():
        with working() as uow:
            now = uow.now()
            rows = due.claim(uow, now, now + LEASE, BATCH)
        if len(rows) < BATCH:
            count += _do_in_turn(working, rows, stopped)
        else:
            with ThreadPoolExecutor(THREADS) as threads:
                parts = _apart(rows)
                count += sum(threads.map(_do_in_turn, repeat(working), parts, repeat(stopped)))
        if not rows:
            break
    return count


def _do_in_turn(working: Working, rows: Sequence[DueRow], stopped: threading.Event | None) -> int:
    return sum(do(working, row) for row in rows if stopped is None or not stopped.is_set())


def _apart(rows: Sequence[DueRow]) -> list[list[DueRow]]:
    """Rows that may be done at the same time: those of different cases. What belongs to no case keeps its order."""
    groups: dict[int | None, list[DueRow]] = {}
    for row in rows:
        groups.setdefault(row.instance_key, []).append(row)
    return list(groups.values())


def do(working: Working, row: DueRow) -> bool:
    """Do one row, or put it off; whether it was done."""
    try:
        with working() as uow:
            if KINDS[row.kind](uow, row):
                return True
            due.put_off(uow, row.key, uow.now() + BUSY)
    except Unavailable as later:
        log.warning("due %s %s is put off: %s", row.kind, row.key, later.message)
    except MingjingError as problem:
        _note(working, row, problem)
    except Exception as fault:
        log.exception("due %s %s failed", row.kind, row.key)
        _note(working, row, Broken("clock.failed", f"{type(fault).__name__} while this was being done"))
    return False


def _note(working: Working, row: DueRow, problem: MingjingError) -> None:
    """Keep the reason, and try again later. Nothing that happens here may stop the clock."""
    log.warning("due %s %s cannot be done: %s", row.kind, row.key, problem.code)
    try:
        with working() as uow:
            due.failed(uow, row.key, due.later(uow.now(), row.attempts), problem.code, named(problem))
    except MingjingError as later:
        log.warning("due %s %s is left to its lease: %s", row.kind, row.key, later.message)


def named(problem: MingjingError) -> dict[str, str]:
    """The parameters that name parts of the model; others may quote what people have entered."""
    return {name: value for name, value in problem.params.items() if name in _OF_MODELS}
