"""The file store: bytes by their hash, whole or not at all, unchanged for ever."""

import hashlib
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.files.blobs import FolderStore
from engine.model.errors import Broken, Unavailable

STORED = b"ciphertext of a photo"
DIGEST = hashlib.sha256(STORED).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def test_put_and_get(store: FolderStore) -> None:
    """What was put comes back under the SHA-256 of its bytes."""
    assert store.put(STORED) == DIGEST
    assert store.get(DIGEST) == STORED
    assert store.exists(DIGEST)
    assert store.fault(DIGEST) is None


def test_layout(store: FolderStore) -> None:
    """Two levels of folders, no temporary file left, nothing readable by others."""
    store.put(STORED)
    files = [file.relative_to(store.root) for file in store.root.rglob("*") if file.is_file()]
    assert files == [Path(DIGEST[:2], DIGEST[2:4], DIGEST)]
    assert store.path(DIGEST).stat().st_mode & 0o077 == 0


def test_put_again_renews_its_age(store: FolderStore) -> None:
    """The same bytes twice are one file, young again, so that the sweeper spares it."""
    store.put(STORED)
    os.utime(store.path(DIGEST), (0, 0))
    store.put(STORED)
    [(digest, at)] = store.iterate()
    assert digest == DIGEST
    assert datetime.now(UTC) - at < timedelta(minutes=1)


@pytest.mark.parametrize("damage", [b"", STORED + b"x", b"C" + STORED[1:]])
def test_changed_file_is_told(store: FolderStore, damage: bytes) -> None:
    """Changed bytes are never handed out, and putting the right ones mends them."""
    store.put(STORED)
    store.path(DIGEST).write_bytes(damage)
    assert store.fault(DIGEST) == "changed"
    with pytest.raises(Broken) as caught:
        store.get(DIGEST)
    assert caught.value.code == "file.damaged"
    store.put(STORED)
    assert store.get(DIGEST) == STORED


def test_missing_file_is_told(store: FolderStore) -> None:
    """A file that is gone is damage, not an empty answer."""
    assert store.fault(DIGEST) == "missing"
    assert not store.exists(DIGEST)
    with pytest.raises(Broken) as caught:
        store.get(DIGEST)
    assert caught.value.code == "file.missing"


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", DIGEST.upper(), DIGEST + "0", DIGEST + "\n"])
def test_only_digests_are_paths(store: FolderStore, digest: str) -> None:
    """Nothing outside the store can be named."""
    with pytest.raises(ValueError, match="digest"):
        store.path(digest)


def test_delete(store: FolderStore) -> None:
    """Deleting what is not there is no error: the sweeper may run twice."""
    store.put(STORED)
    store.delete(DIGEST)
    store.delete(DIGEST)
    assert list(store.iterate()) == []


def test_unfinished_files_are_swept(store: FolderStore) -> None:
    """What a crash left behind goes when it is old; finished files stay, and neither is ever listed."""
    store.put(STORED)
    left = store.path(DIGEST).with_name(".put-0123")
    left.write_bytes(b"half")
    now = datetime.now(UTC)
    assert store.sweep_unfinished(now - timedelta(hours=1)) == 0
    assert [digest for digest, _ in store.iterate()] == [DIGEST]
    assert store.sweep_unfinished(now + timedelta(minutes=1)) == 1
    assert not left.exists()
    assert store.exists(DIGEST)


def test_store_that_cannot_be_written(store: FolderStore) -> None:
    """A disk that refuses is Unavailable: trying again may help, and nothing half written is there."""
    (store.root / DIGEST[:2]).write_bytes(b"a file where a folder should be")
    with pytest.raises(Unavailable):
        store.put(STORED)
    assert list(store.iterate()) == []


def test_many_at_once(store: FolderStore) -> None:
    """Threads that put the same and different bytes do not disturb each other."""
    contents = [b"%d" % (number % 5) for number in range(20)]
    threads = [threading.Thread(target=store.put, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(store.get(digest) for digest, _ in store.iterate()) == sorted(set(contents))
