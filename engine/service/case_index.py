"""The index that search goes by: keyed hashes of pairs of characters of what rests encrypted of a case.

A pair stands for Chinese words as well as for Latin ones, so no dictionary is needed. What the index finds is looked
up in the opened text again, so a pair that happens to be there proves nothing. Decided in
docs/decisions/0016-search-over-encrypted-cases.md.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.service import rows
from engine.service.equipment import Work
from engine.store import case_terms, cases, entries
from engine.store.cases import CaseRecord
from engine.store.worklists import Reach
from engine.trace import chain

BATCH = 200
"""Cases that one search brings up to date at most; the clock does the rest."""

_TERM_BYTES = 8


def normal(text: str) -> str:
    """The form in which texts are compared: full-width and case do not count, nor does white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text in normal form."""
    plain = normal(text)
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))


def terms(uow: Work, field: str, text: str) -> list[int]:
    """The keyed hashes of the pairs of a text, as signed 64-bit numbers."""
    index = uow.equipment.provider.blind_index
    return [
        int.from_bytes(index(pair, domain=f"case.{field}")[:_TERM_BYTES], "big", signed=True)
        for pair in sorted(pairs(text))
    ]


def catch_up(uow: Work, reach: Reach, limit: int = BATCH) -> bool:
    """Index what has happened in cases in reach since they were indexed. False when more are left."""
    stale = case_terms.stale(uow, reach, limit + 1)
    for key in stale[:limit]:
        case = cases.case(uow, key)
        if case is not None:
            _index(uow, case)
    return len(stale) <= limit


def texts(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Field and text of what an opened payload gives to search by. Erased values give none."""
    for name in ("opinion", "reason"):
        if isinstance(payload.get(name), str):
            yield "opinion", payload[name]
    for file in (*payload.get("attachments", ()), *payload.get("photos", ())):
        if isinstance(file.get("name"), str):
            yield "file", file["name"]


def holds(uow: Work, case: CaseRecord, wanted: Mapping[str, str]) -> bool:
    """Whether a case really has the wanted texts (by field, in normal form)."""
    left = dict(wanted)
    if "subject" in left and left["subject"] in normal(rows.subject(uow, case.key, case.subject, case.wrapped_key)):
        del left["subject"]
    if not left or "subject" in left:
        return not left
    cipher = uow.cipher(case.wrapped_key)
    for entry in entries.stream_entries(uow, case.key):
        for field, text in texts(chain.open_payload(entry, cipher)):
            if field in left and left[field] in normal(text):
                del left[field]
        if not left:
            return True
    return False


def _index(uow: Work, case: CaseRecord) -> None:
    cipher = uow.cipher(case.wrapped_key)
    if cipher is None:
        case_terms.forget(uow, case.key, case.head.seq)
        return
    found = set(terms(uow, "subject", rows.subject(uow, case.key, case.subject, case.wrapped_key)))
    for entry in entries.stream_entries(uow, case.key, after=case_terms.indexed(uow, case.key)):
        for field, text in texts(chain.open_payload(entry, cipher)):
            found.update(terms(uow, field, text))
    case_terms.add(uow, case.key, case.head.seq, sorted(found))


def all_terms(uow: Work, wanted: Mapping[str, str]) -> Sequence[int]:
    """What the index must hold of a case that has all these texts (by field)."""
    return [term for field, text in wanted.items() for term in terms(uow, field, text)]
