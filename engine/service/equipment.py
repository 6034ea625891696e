"""What the service functions need beside the database: keys, files, compiled definitions, the clock and the zone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from engine.files.blobs import FolderStore
from engine.model.errors import Broken, Refused
from engine.service.live_instances import LiveInstances
from engine.store.work import DatabaseSession, UnitOfWork
from engine.trace.crypto import CaseCipher, DefaultProvider, Provider
from engine.trace.keys import KeyFolder

T = TypeVar("T")

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class CompiledCache:
    """Values compiled from content-addressed bytes: what a digest gives never changes, so nothing is ever stale."""

    _values: dict[tuple[str, ...], Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """The value of `key`, made on first use (two threads may make it twice; one result is kept)."""
        found = self._values.get(key)
        if found is None:
            made = make()
            with self._lock:
                found = self._values.setdefault(key, made)
        return found  # type: ignore[no-any-return]  # one key prefix, one type


@dataclass(frozen=True, slots=True)
class Equipment:
    """Made once per operating-system process; safe to share between threads."""

    provider: Provider
    blobs: FolderStore
    demonstration: bool = False
    zone: ZoneInfo = BUSINESS_ZONE
    clock: Callable[[], datetime] = system_clock
    compiled: CompiledCache = field(default_factory=CompiledCache)
    live: LiveInstances = field(default_factory=LiveInstances)
    discipline_keys: Path | None = None

    @classmethod
    def open(cls, var: Path, *, demonstration: bool = False) -> "Equipment":
        """Keys from ``var/keys`` (made on first use), files from ``var/files``, keys of discipline bodies from
        ``var/discipline``: in a demonstration only; else that folder is where the desk of the body is, not here."""
        keys, blobs = DefaultProvider(KeyFolder(var / "keys")), FolderStore(var / "files")
        return cls(keys, blobs, demonstration, discipline_keys=var / "discipline")


class Work(UnitOfWork):
    """A unit of work with the equipment at hand; what every service function is given as `uow`."""

    def __init__(self, session: DatabaseSession, equipment: Equipment) -> None:
        super().__init__(session)
        self.equipment = equipment
        self.memo: dict[str, Any] = {}  # what this command has read and reads no more: the calendar in force

    def now(self) -> datetime:
        """The instant of this command, server time."""
        return self.equipment.clock()

    def cipher(self, wrapped: bytes | None) -> CaseCipher | None:
        """The cipher of a case; None when its key was destroyed."""
        if wrapped is None:
            return None
        return CaseCipher(self.equipment.provider, self.equipment.provider.unwrap(wrapped))

    def required_cipher(self, wrapped: bytes | None) -> CaseCipher:
        """The cipher of a case that is to go on; Refused when its personal data was erased."""
        cipher = self.cipher(wrapped)
        if cipher is None:
            raise Refused("case.erased", "the personal data of this case was erased; it cannot be changed any more")
        return cipher


def required(value: T | None, what: str) -> T:
    """`value`, which the database's own constraints promise; Broken when it is not there."""
    if value is None:
        raise Broken("database.inconsistent", f"{what} is missing although others refer to it")
    return value
