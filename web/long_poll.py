"""Waiting for something to appear without holding anything: no transaction, no database connection, only a thread.

Looking again is a query along an index, so it also sees what becomes free by the clock alone (a back-off or a loan that
is over), which no notification would tell. Of the threads of a process a few may wait at once; whoever comes when they
all do is answered at once with what there is, and asks again.
"""

import threading
import time
from collections.abc import Callable, Sized
from typing import TypeVar

Found = TypeVar("Found", bound=Sized)

MAX_WAITING = 4
"""Requests of one process that wait at once; half of its threads."""

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 0.4

_places = threading.BoundedSemaphore(MAX_WAITING)


def until_found(look: Callable[[], Found], wait_s: float) -> Found:
    """What `look` gives as soon as it is not empty, or after `wait_s` seconds. `look` must hold nothing afterwards."""
    found = look()
    if found or wait_s <= 0 or not _places.acquire(blocking=False):
        return found
    try:
        end, pause = time.monotonic() + wait_s, FIRST_PAUSE_S
        while not found and (left := end - time.monotonic()) > 0:
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, LONGEST_PAUSE_S)
            found = look()
        return found
    finally:
        _places.release()
