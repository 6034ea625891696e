"""Hints about photos as they rest: encrypted under the case's key, beside the original bytes that are never changed."""

from collections.abc import Mapping
from dataclasses import asdict, replace

import simplejson

from engine.files import pictures
from engine.model.photos import PhotoHints
from engine.service.equipment import Work
from engine.store import drafts as stored
from engine.trace.crypto import CaseCipher

MAX_ACCURACY_M = 100_000


def found(data: bytes, position: str) -> PhotoHints:
    """What a photo says of itself, and where the sending device said it was: ``latitude,longitude,accuracy in m``."""
    hints = pictures.hints(data)
    try:
        latitude, longitude, accuracy = (float(part) for part in position.split(","))
    except ValueError:
        return hints
    if not (abs(latitude) <= 90 and abs(longitude) <= 180 and 0 <= accuracy <= MAX_ACCURACY_M):
        return hints
    return replace(
        hints,
        device_latitude=round(latitude, 6),
        device_longitude=round(longitude, 6),
        device_accuracy_m=round(accuracy, 1),
    )


def sealed(cipher: CaseCipher, key: int, hints: PhotoHints) -> bytes:
    """The hints as they rest."""
    return cipher.encrypt(simplejson.dumps(asdict(hints)).encode(), context=_context(key))


def opened(cipher: CaseCipher | None, key: int, body: bytes | None) -> PhotoHints | None:
    """The hints of a stored photo; None when there are none or the case's key is destroyed."""
    if body is None or cipher is None:
        return None
    return PhotoHints(**simplejson.loads(cipher.decrypt(body, context=_context(key))))


def of_case(uow: Work, instance_key: int, cipher: CaseCipher | None) -> Mapping[int, PhotoHints | None]:
    """The hints of the photos of a case that travelled with a completion, by key."""
    files = stored.case_files(uow, instance_key) if cipher is not None else {}
    return {key: opened(cipher, key, record.hints) for key, record in files.items() if record.hints is not None}


def _context(key: int) -> bytes:
    return f"mingjing.photo-hints.v1:{key}".encode()
