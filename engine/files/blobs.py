"""Content-addressed storage in a folder: ``<root>/ab/cd/<sha256 of the stored bytes>``.

What is stored is what it is given: the service hands over ciphertext. Stored bytes never change.

A file is there once `put` has returned, also after a power cut: written to a temporary file in the same folder,
flushed, renamed, and the folder flushed. That happens before the database commits; files that no committed entry
names are orphans and are swept later. `put` of something already there renews its age, so that the sweeper, which
takes only old files, does not take it away under a running transaction.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from engine.model.errors import Broken, Unavailable
from engine.model.ids import Digest

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TEMPORARY: Final = ".put-"


class FolderStore:
    """Files in a folder. Safe for any number of threads and processes at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """Where a digest's bytes lie. ValueError for anything that is not a digest (so never outside the root)."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not a SHA-256 digest: {digest!r}")
        return self.root / digest[:2] / digest[2:4] / digest

    def put(self, stored: bytes) -> Digest:
        """Store bytes under their SHA-256 and return it. Storing them again changes nothing.

        Unavailable when the disk is full or cannot be written; then nothing of it is there under its digest.
        """
        digest = Digest(hashlib.sha256(stored).hexdigest())
        try:
            self._put(digest, stored)
        except OSError as error:
            raise Unavailable(
                "file.store_unavailable", f"The file store cannot be written: {error.strerror}."
            ) from error
        return digest

    def get(self, digest: str) -> bytes:
        """The stored bytes. Broken when they are missing or are not the bytes that were stored."""
        try:
            stored = self.path(digest).read_bytes()
        except FileNotFoundError as error:
            raise Broken("file.missing", f"The stored file {digest} is missing.") from error
        except OSError as error:
            raise Unavailable("file.store_unavailable", f"The file store cannot be read: {error.strerror}.") from error
        if hashlib.sha256(stored).hexdigest() != digest:
            raise Broken("file.damaged", f"The stored file {digest} was changed.")
        return stored

    def exists(self, digest: str) -> bool:
        return self.path(digest).is_file()

    def fault(self, digest: str) -> str | None:
        """None when the bytes are there and unchanged, else what is wrong, in a few English words. Reads all bytes."""
        try:
            with self.path(digest).open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except (FileNotFoundError, ValueError):
            return "missing"
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        return None if found == digest else "changed"

    def iterate(self) -> Iterator[tuple[Digest, datetime]]:
        """Every stored digest with the instant (UTC) when it was last put; order is not defined."""
        for file in self.root.glob("??/??/*"):
            if _DIGEST.fullmatch(file.name):
                with suppress(FileNotFoundError):
                    yield Digest(file.name), datetime.fromtimestamp(file.stat().st_mtime, UTC)

    def delete(self, digest: str) -> None:
        """Remove the bytes; nothing happens when they are not there. Only the sweeper of orphans may call this."""
        self.path(digest).unlink(missing_ok=True)

    def sweep_unfinished(self, before: datetime) -> int:
        """Remove temporary files that a crash left behind and that are older than an instant; how many."""
        swept = 0
        for file in self.root.glob(f"??/??/{_TEMPORARY}*"):
            with suppress(FileNotFoundError):
                if datetime.fromtimestamp(file.stat().st_mtime, UTC) < before:
                    file.unlink()
                    swept += 1
        return swept

    def _put(self, digest: Digest, stored: bytes) -> None:
        target = self.path(digest)
        if self.fault(digest) is None:
            os.utime(target)
        else:
            self._make_folders(target.parent)
            _write_whole(target, stored)
        _flush_folder(target.parent)

    def _make_folders(self, folder: Path) -> None:
        """Make the two levels of folders, each flushed into the one above it."""
        for level in (folder.parent, folder):
            level.mkdir(mode=0o700, exist_ok=True)
            _flush_folder(level.parent)


def _write_whole(target: Path, stored: bytes) -> None:
    """Whole or not at all: a temporary file in the same folder, flushed, then renamed over the target."""
    draft = target.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(stored)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
