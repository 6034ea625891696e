"""Cryptography behind one interface. Algorithms are named in every record, so that others can stand beside them.

What is used today::

    hash        sha-256       leaf hashes (sm3 is known to the verifier as well)
    mac         HMAC-SHA-256  blind indexes: equality search over what is encrypted
    cipher      AES-256-GCM   personal values and files, under the data key of their case
    wrap        AES-256-KW    the data key itself (RFC 3394), under a key derived from master.key
    signature   Ed25519       tree heads

The master key is never used directly: HKDF-SHA-256 derives one key for each purpose.
"""

import base64
import hashlib
import os
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.model.errors import Broken
from engine.trace import canonical
from engine.trace.keys import KeyFolder

HASH: Final = "sha-256"
"""The hash that new entries are sealed with."""

NONCE_BYTES: Final = 12


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


HASHES: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "sha-256": lambda data: hashlib.sha256(data).digest(),
    "sm3": _sm3,
}


def leaf_hash(body: bytes, algorithm: str = HASH) -> bytes:
    """The hash of an entry: hash(0x00 || body), the leaf hash of RFC 6962. KeyError for an unknown algorithm."""
    return HASHES[algorithm](b"\x00" + body)


class Provider(Protocol):
    """What the engine asks of cryptography. Master and signing key stay inside; an HSM can stand behind it."""

    @property
    def cipher_algorithm(self) -> str: ...
    @property
    def wrap_algorithm(self) -> str: ...
    @property
    def mac_algorithm(self) -> str: ...
    @property
    def signature_algorithm(self) -> str: ...

    def new_case_key(self) -> tuple[bytes, bytes]:
        """A fresh data key and its wrapped form. Only the wrapped form is stored."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key of a wrapped form; Broken when it was wrapped by another master key or altered."""

    def encrypt(self, key: bytes, plain: bytes, *, context: bytes) -> bytes:
        """nonce || ciphertext || tag; `context` is authenticated, not stored."""

    def decrypt(self, key: bytes, sealed: bytes, *, context: bytes) -> bytes:
        """The plain bytes; Broken when key, bytes or context are not those of `encrypt`."""

    def blind_index(self, value: str, *, domain: str = "identifier") -> bytes:
        """A keyed hash for equality search. The caller normalises; equal values of different domains differ."""

    def sign(self, data: bytes) -> bytes: ...
    def public_key(self) -> bytes: ...


class DefaultProvider:
    """Keys from a folder, algorithms of the `cryptography` package. Safe to share between threads."""

    cipher_algorithm = "AES-256-GCM"
    wrap_algorithm = "AES-256-KW"
    mac_algorithm = "HMAC-SHA-256"
    signature_algorithm = "Ed25519"

    def __init__(
        self,
        keys: KeyFolder,
        *,
        signing: Ed25519PrivateKey | None = None,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._random = random
        self._wrapping_key = _derive(keys.master, b"mingjing case key wrap v1")
        self._index_key = _derive(keys.master, b"mingjing blind index v1")
        self._signing_key: Ed25519PrivateKey = signing or keys.signing
        self.master_id = _derive(keys.master, b"mingjing master key id v1")[:8].hex()

    def new_case_key(self) -> tuple[bytes, bytes]:
        data_key = self._random(32)
        wrapped = keywrap.aes_key_wrap(self._wrapping_key, data_key)
        record = {"alg": self.wrap_algorithm, "master": self.master_id, "key": base64.b64encode(wrapped).decode()}
        return data_key, canonical.encode(record)

    def unwrap(self, wrapped: bytes) -> bytes:
        try:
            record = canonical.decode(wrapped)
            algorithm, master, key = record["alg"], record["master"], base64.b64decode(record["key"], validate=True)
        except (ValueError, KeyError, TypeError) as error:
            raise Broken("crypto.wrapped_key_damaged", "The wrapped key of this case is damaged.") from error
        if algorithm != self.wrap_algorithm or master != self.master_id:
            raise Broken(
                "crypto.wrong_master_key",
                "This case's key was wrapped by another master key than the one in the key folder.",
                params={"expected": str(master), "found": self.master_id},
            )
        try:
            return keywrap.aes_key_unwrap(self._wrapping_key, key)
        except (keywrap.InvalidUnwrap, ValueError) as error:
            raise Broken("crypto.wrapped_key_damaged", "The wrapped key of this case is damaged.") from error

    def encrypt(self, key: bytes, plain: bytes, *, context: bytes) -> bytes:
        nonce = self._random(NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, plain, context)

    def decrypt(self, key: bytes, sealed: bytes, *, context: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError) as error:
            raise Broken("crypto.cannot_decrypt", "Encrypted bytes, their key or their place were altered.") from error

    def blind_index(self, value: str, *, domain: str = "identifier") -> bytes:
        mac = hmac.HMAC(self._index_key, hashes.SHA256())
        mac.update(canonical.encode([domain, value]))
        return mac.finalize()

    def sign(self, data: bytes) -> bytes:
        return self._signing_key.sign(data)

    def public_key(self) -> bytes:
        """The 32 raw bytes of the Ed25519 public key."""
        return self._signing_key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


class CaseCipher:
    """Encrypts under the data key of one case (or of the system stream). `name` stands in every encrypted value."""

    def __init__(self, provider: Provider, data_key: bytes, *, name: str = "case") -> None:
        self._provider = provider
        self._data_key = data_key
        self.name = name
        self.algorithm = provider.cipher_algorithm

    def encrypt(self, plain: bytes, *, context: bytes) -> bytes:
        """nonce || ciphertext || tag. The same context must be given to `decrypt`."""
        return self._provider.encrypt(self._data_key, plain, context=context)

    def decrypt(self, sealed: bytes, *, context: bytes) -> bytes:
        return self._provider.decrypt(self._data_key, sealed, context=context)


def file_context(stream: int, sha256: str) -> bytes:
    """The context under which a file is encrypted: its case and the hash of its original bytes."""
    return canonical.encode(["mingjing.file.v1", str(stream), sha256])


def signature_is_valid(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether an Ed25519 signature is right; for verifiers that hold the public key only."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(master)
