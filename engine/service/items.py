"""The item of a loop that a user task is about, in a few words, so that a hundred equal tasks can be told apart."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal

from engine.trace.crypto import CaseCipher

MAX_LABEL = 80
_NAMES = ("name", "title", "label", "姓名", "名称", "id", "code")


def label(item: object) -> str:
    """A text, number or date as it is; of a context its name, title, label, id or code, else its first plain value."""
    if isinstance(item, Mapping):
        plain = {str(key): text for key, value in item.items() if (text := _plain(value))}
        named = (plain[name] for name in _NAMES if name in plain)
        return next(named, next(iter(plain.values()), ""))[:MAX_LABEL]
    return _plain(item)[:MAX_LABEL]


def _plain(value: object) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, bool) or not isinstance(value, int | Decimal | date | time):
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def seal(text: str, key: int, cipher: CaseCipher) -> bytes | None:
    """The label of a user task as it rests; None when there is none."""
    return cipher.encrypt(text.encode(), context=_context(key)) if text else None


def read(stored: bytes | None, key: int, cipher: CaseCipher | None) -> str:
    """The label again; empty once the case's key is destroyed."""
    return cipher.decrypt(stored, context=_context(key)).decode() if stored is not None and cipher else ""


def _context(key: int) -> bytes:
    """What ties a label to its user task."""
    return f"mingjing.item.v1:{key}".encode()
