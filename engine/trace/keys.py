"""The key folder of demonstrations and small installations: ``master.key`` and ``signing.key``, each 0600.

Several processes may start at once on an empty folder: each key is written to a file of its own, flushed, and then
linked to its name, which succeeds for exactly one of them; all read what the winner wrote.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.model.errors import Broken

MASTER: Final = "master.key"
SIGNING: Final = "signing.key"
MASTER_BYTES: Final = 32


class KeyFolder:
    """Makes the two keys on first use and loads them ever after.

    master: 32 random bytes, raw in the file. signing: Ed25519, PKCS #8 PEM. Broken when a key is lost, damaged or
    readable by other users of the machine: a new master key would make every case unreadable, so none is made then.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (path / SIGNING).exists() and not (path / MASTER).exists():
            raise Broken("keys.master_lost", f"{path / MASTER} is gone. Restore it from a backup of the key folder.")
        self.master = self._load(MASTER, lambda: secrets.token_bytes(MASTER_BYTES))
        if len(self.master) != MASTER_BYTES:
            raise Broken("keys.damaged", f"{path / MASTER} must hold {MASTER_BYTES} bytes.")
        self.signing = self._load_signing()

    def _load_signing(self) -> Ed25519PrivateKey:
        return _signing_key(self._load(SIGNING, _new_signing_key), self.path / SIGNING)

    def _load(self, name: str, make: Callable[[], bytes]) -> bytes:
        file = self.path / name
        if not file.exists():
            _create_once(file, make())
        return _read_closed(file)


def load_signing(file: Path) -> Ed25519PrivateKey:
    """A signing key kept elsewhere than in the key folder, PKCS #8 PEM. Broken when it is missing, open or no key."""
    if not file.exists():
        raise Broken("keys.signing_lost", f"{file} (MINGJING_SIGNING_KEY) is not there.")
    return _signing_key(_read_closed(file), file)


def _read_closed(file: Path) -> bytes:
    if file.stat().st_mode & 0o077:
        raise Broken("keys.open_to_others", f"{file} can be read by others. Run: chmod 600 {file}")
    return file.read_bytes()


def _signing_key(pem: bytes, file: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise Broken("keys.damaged", f"{file} is not a private key in PEM.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Broken("keys.damaged", f"{file} is not an Ed25519 key.")
    return key


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _create_once(file: Path, content: bytes) -> None:
    """Write `content` under the file's name unless somebody else has; whole or not at all, also after a power cut."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
