"""Signed tree heads: a few bytes that, once in other hands, fix every entry before them.

The body is canonical JSON, signed as bytes and handed out as text, so that nobody ever serialises it again::

    {"alg":"sha-256","at":"…Z","key":"<id of the signing key>","root":"<hex>","size":n,"v":1}
    signature = Ed25519("mingjing.tree-head.v1" 0x00 body)

`at` is when it was signed, server time; a time stamp of RFC 3161 beside it bounds it.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.model.errors import Invalid
from engine.trace import canonical, crypto

VERSION: Final = 1
PREFIX: Final = b"mingjing.tree-head.v1\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeHead:
    """The log of `size` entries had this root at that moment. public_key: 32 raw bytes of Ed25519.

    time_stamp: of RFC 3161 over the signature, DER; empty without one.
    """

    size: int
    root: bytes
    at: datetime
    body: bytes
    signature: bytes
    public_key: bytes
    time_stamp: bytes = b""


def key_id(public_key: bytes) -> str:
    """What a head calls the key that signed it."""
    return hashlib.sha256(public_key).hexdigest()


def sign(size: int, root: bytes, at: datetime, provider: crypto.Provider) -> TreeHead:
    """A head of now."""
    public = provider.public_key()
    fields = {
        "v": VERSION,
        "alg": crypto.HASH,
        "size": size,
        "root": root.hex(),
        "at": canonical.timestamp(at),
        "key": key_id(public),
    }
    body = canonical.encode(fields)
    return TreeHead(size=size, root=root, at=at, body=body, signature=provider.sign(PREFIX + body), public_key=public)


def signed(head: TreeHead) -> bool:
    """Whether the key that the head names has signed exactly this head."""
    try:
        told = canonical.decode(head.body)
        fits = isinstance(told, dict) and told == {
            "v": VERSION,
            "alg": crypto.HASH,
            "size": head.size,
            "root": head.root.hex(),
            "at": canonical.timestamp(head.at),
            "key": key_id(head.public_key),
        }
        return fits and crypto.signature_is_valid(head.public_key, head.signature, PREFIX + head.body)
    except ValueError:
        return False


def shown(head: TreeHead) -> dict[str, object]:
    """The head as JSON, as it is handed out."""
    return {
        "head": head.body.decode(),
        "signature": base64.b64encode(head.signature).decode(),
        "public_key": base64.b64encode(head.public_key).decode(),
        "time_stamp": base64.b64encode(head.time_stamp).decode(),
    }


def read(found: Mapping[str, Any], *, where: str) -> TreeHead:
    """A head from JSON. Invalid ``tree_head.unreadable`` when it is none, ``tree_head.signature`` when it is forged."""
    try:
        body = str(found["head"]).encode()
        told = canonical.decode(body)
        head = TreeHead(
            size=int(told["size"]),
            root=bytes.fromhex(told["root"]),
            at=canonical.instant(told["at"]),
            body=body,
            signature=_bytes(found["signature"]),
            public_key=_bytes(found["public_key"]),
            time_stamp=_bytes(found.get("time_stamp") or ""),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("tree_head.unreadable", f"{where} is not a tree head of Mingjing") from error
    if not signed(head):
        raise Invalid("tree_head.signature", f"{where} holds a tree head whose signature is not right")
    return head


def load(text: bytes, *, where: str) -> Mapping[str, Any]:
    """The JSON object of a file that was handed out. Raises Invalid as `read` does."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid("tree_head.unreadable", f"{where} is not a tree head of Mingjing")
    return found


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
