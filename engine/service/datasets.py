"""Datasets that checks look things up in: asked by their keys, one statement a need, bodies decrypted on the way out.

What is searched is a keyed hash of the normalised value (half-width, upper case, without spaces, hyphens and dots),
so nobody who reads the tables learns whose row it is.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.model.lookups import Found, RowsNeed, Unavailable
from engine.service.equipment import Work
from engine.store import datasets
from engine.trace import canonical
from engine.trace.crypto import CaseCipher

_NOISE = re.compile(r"[\s\-_/.·]+")
_NOT_THERE = "尚未接入"


def normalised(value: object) -> str:
    """A key as it should have been written."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(value))).upper()


def look_up(uow: Work, need: RowsNeed) -> Found | Unavailable:
    """The rows that a check asks for, each field a text. Unavailable when the dataset was never declared."""
    match = [
        (field, _index(uow, need.source, field, value))
        for field, values in need.match
        for value in dict.fromkeys(normalised(value) for value in values)
    ]
    answer = datasets.look_up(uow, need.source, match)
    if answer is None:
        return Unavailable(reason=_NOT_THERE)
    cipher = _cipher(uow, answer.wrapped_key)
    rows = tuple(canonical.decode(cipher.decrypt(body, context=_context(need.source))) for body in answer.bodies)
    return Found(value=rows, version=answer.version, as_of=answer.as_of)


def load(
    uow: Work,
    code: str,
    *,
    name: str,
    owner: str,
    version: str,
    as_of: datetime,
    keys: Sequence[str],
    rows: Sequence[Mapping[str, str]],
) -> None:
    """Take a dataset anew: earlier rows are forgotten, those given are stored. keys: the fields that are searched."""
    data_key, wrapped = uow.equipment.provider.new_case_key()
    cipher = CaseCipher(uow.equipment.provider, data_key, name="dataset")
    datasets.declare(uow, code, name=name, owner=owner, version=version, as_of=as_of, wrapped=wrapped)
    datasets.add_rows(
        uow,
        code,
        [
            (
                cipher.encrypt(canonical.encode(dict(row)), context=_context(code)),
                {field: _index(uow, code, field, normalised(row[field])) for field in keys if row.get(field)},
            )
            for row in rows
        ],
    )


def _cipher(uow: Work, wrapped: bytes) -> CaseCipher:
    return CaseCipher(uow.equipment.provider, uow.equipment.provider.unwrap(wrapped), name="dataset")


def _index(uow: Work, code: str, field: str, value: str) -> bytes:
    return uow.equipment.provider.blind_index(value, domain=f"dataset.{code}.{field}")


def _context(code: str) -> bytes:
    """What ties an encrypted row to its dataset."""
    return f"mingjing.dataset.v1:{code}".encode()
