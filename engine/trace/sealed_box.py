"""A box that only one body can open: X25519, HKDF-SHA-256, AES-256-GCM, all boxes of one size.

``box = ephemeral public key (32) || nonce (12) || ciphertext and tag``. The key is derived from the shared secret and
both public keys. Nothing outside names the recipient: whoever holds a private key tries. What is sealed is compressed
and filled up to `BOX_BYTES`, so that length says nothing.
"""

import os
import zlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.model.errors import Broken

ALGORITHM: Final = "X25519-HKDF-SHA256-AES-256-GCM"
PLAIN_BYTES: Final = 4096
_LENGTH_BYTES = 4


def new_private_key() -> bytes:
    """32 raw bytes of a fresh private key."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_key(private: bytes) -> bytes:
    """The 32 raw bytes that others seal with."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def fits(plain: bytes) -> bool:
    """Whether it can be sealed."""
    return len(zlib.compress(plain, 9)) <= PLAIN_BYTES - _LENGTH_BYTES


def seal(public: bytes, plain: bytes) -> bytes:
    """A box for the holder of the private key. Raises ValueError for what does not fit; ask `fits`."""
    packed = zlib.compress(plain, 9)
    if len(packed) > PLAIN_BYTES - _LENGTH_BYTES:
        raise ValueError("too long for a box of the one size that all boxes have")
    filled = len(packed).to_bytes(_LENGTH_BYTES) + packed.ljust(PLAIN_BYTES - _LENGTH_BYTES, b"\0")
    ephemeral = X25519PrivateKey.generate()
    sender = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    nonce = os.urandom(12)
    return sender + nonce + AESGCM(_key(shared, sender, public)).encrypt(nonce, filled, sender)


def open_box(private: bytes, box: bytes) -> bytes | None:
    """What is in a box; None when it was sealed for somebody else. Broken when it is no box."""
    if len(box) < 32 + 12 + 16:
        raise Broken("discipline.box_damaged", "A sealed report is damaged.")
    sender, nonce = box[:32], box[32:44]
    shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(sender))
    try:
        filled = AESGCM(_key(shared, sender, public_key(private))).decrypt(nonce, box[44:], sender)
    except InvalidTag:
        return None
    length = int.from_bytes(filled[:_LENGTH_BYTES])
    return zlib.decompress(filled[_LENGTH_BYTES : _LENGTH_BYTES + length])


def _key(shared: bytes, sender: bytes, recipient: bytes) -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"mingjing sealed box v1" + sender + recipient)
    return derived.derive(shared)
