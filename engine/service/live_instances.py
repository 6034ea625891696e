"""Live instances that stay in memory between two commands of this operating-system process.

The protocol: `take` under the lock of the instance's row, with the version that the row shows; `put` only after the
commit, with the version that was committed; whatever raises in between simply never puts it back. So an instance in
here equals the stored state of its version, and nobody else holds it. Other processes notice nothing: what they hold
is of an older version than the row shows, and they read the deltas since.

What is in here is plain text in memory, as it is during every command; nothing of it is ever written anywhere.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from engine.runtime.live import LiveInstance

MAX_INSTANCES = 2_000
MAX_BYTES = 64 * 1024 * 1024
"""Of the stored states; in memory an instance takes several times as much."""


@dataclass(slots=True, kw_only=True)
class KeptInstance:
    """A live instance, the version of its case that it equals, and the sizes of its stored snapshot and log."""

    live: LiveInstance
    version: int
    snapshot_bytes: int
    log_bytes: int = 0

    @property
    def size(self) -> int:
        """Bytes of the stored state."""
        return self.snapshot_bytes + self.log_bytes


class LiveInstances:
    """Bounded in number and size; the least recently used leave first. Safe to share between threads."""

    def __init__(self, max_instances: int = MAX_INSTANCES, max_bytes: int = MAX_BYTES) -> None:
        self._max_instances, self._max_bytes = max_instances, max_bytes
        self._lock = Lock()
        self._kept: OrderedDict[int, KeptInstance] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def forget(self) -> None:
        """Let go of all of them."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def take(self, key: int, version: int) -> KeptInstance | None:
        """The instance, out of here: as of `version`, or of an earlier one when it was moved on elsewhere since."""
        with self._lock:
            found = self._remove(key)
        return found if found is not None and found.version <= version else None

    def put(self, key: int, kept: KeptInstance) -> None:
        """Keep an instance, unless a newer one is here: of two commands the later one may have been quicker to put."""
        with self._lock:
            newer = self._kept.get(key)
            if newer is not None and newer.version >= kept.version:
                return
            self._remove(key)
            self._kept[key] = kept
            self._bytes += kept.size
            while len(self._kept) > self._max_instances or self._bytes > self._max_bytes:
                self._remove(next(iter(self._kept)))

    def _remove(self, key: int) -> KeptInstance | None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= found.size
        return found
