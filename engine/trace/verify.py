"""Was anything altered? Walks one stream's entries in the order of `seq` and names the first bad one.

Each entry is looked at in this order; the first answer counts::

    missing      its number is not the one that must come next: an entry was taken out
    repeated     its number was there already: an entry was put in, or numbers were changed
    surplus      it lies beyond the stored head: an entry was put in at the end
    hash         body and hash do not belong together
    body         the body is not a canonical entry of a known version
    column       a column says something else than the body (stream, seq, kind, at, algorithm, previous_hash)
    chain        it is not the entry that its successor (or the stored head) vouches for: it was rewritten together
                 with its hash; or its own `prev` was
    file         an attachment or photo is missing or changed

and after the last entry::

    missing      the stored head is further on: entries were taken out at the end
    head         the stored head has another hash than the last entry

What cannot be seen from inside the database: a stream rewritten as a whole together with its head. That is what
signed tree heads outside the database are for (docs/decisions/0004-threat-model.md).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from engine.model.trace_entries import Head, SealedEntry
from engine.trace import canonical, crypto

BlobCheck = Callable[[str], str | None]
"""Given the SHA-256 of a stored file: None when it is there and unchanged, else what is wrong with it."""

KNOWN_VERSIONS: Final = frozenset({1})
_START: Final = Head(seq=0, hash=b"")


class Fault(StrEnum):
    """What is wrong with the first bad entry; see the table above."""

    MISSING = "missing"
    REPEATED = "repeated"
    SURPLUS = "surplus"
    HASH = "hash"
    BODY = "body"
    COLUMN = "column"
    CHAIN = "chain"
    FILE = "file"
    HEAD = "head"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """The answer for one stream.

    entries, files: how many were found good, up to the first bad entry.
    fault, first_bad_seq, reason: only when not ok; `reason` is one English sentence.
    """

    ok: bool
    entries: int
    files: int
    first_bad_seq: int | None = None
    fault: Fault | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flaw:
    seq: int
    fault: Fault
    reason: str


def verify(
    stream: int,
    entries: Iterable[SealedEntry],
    head: Head,
    *,
    blob: BlobCheck | None = None,
    start: Head = _START,
) -> VerifyReport:
    """Verify `entries`, which come ordered by `seq`, against the stored head. Two entries are in memory at a time.

    blob: asked for every attachment and photo; None leaves files out.
    start: where an earlier verification ended, to go on from there; `entries` begin after it.
    """
    last, count, files = start, 0, 0
    for entry, following in _pairs(entries):
        flaw, stored = _examine(stream, entry, following, last=last, start=start, head=head)
        if flaw is None and blob is not None:
            flaw = _file_flaw(entry.seq, stored, blob)
        if flaw is not None:
            return _report(flaw, count, files, start)
        last, count, files = Head(seq=entry.seq, hash=bytes(entry.hash)), count + 1, files + len(stored) * bool(blob)
    flaw = _end_flaw(last, head)
    return _report(flaw, count, files, start) if flaw else VerifyReport(ok=True, entries=count, files=files)


def _report(flaw: _Flaw, count: int, files: int, start: Head) -> VerifyReport:
    good = min(count, flaw.seq - start.seq - 1)
    return VerifyReport(
        ok=False, entries=good, files=files, first_bad_seq=flaw.seq, fault=flaw.fault, reason=flaw.reason
    )


def _pairs(entries: Iterable[SealedEntry]) -> Iterator[tuple[SealedEntry, SealedEntry | None]]:
    iterator = iter(entries)
    current = next(iterator, None)
    while current is not None:
        following = next(iterator, None)
        yield current, following
        current = following


def _examine(
    stream: int, entry: SealedEntry, following: SealedEntry | None, *, last: Head, start: Head, head: Head
) -> tuple[_Flaw | None, tuple[str, ...]]:
    """The flaw of one entry, and the digests of the stored files that it names."""
    flaw = _number_flaw(entry, last, head)
    body = None if flaw else _body(entry)
    flaw = flaw or _content_flaw(stream, entry, body)
    if flaw is None and bytes(entry.previous_hash) != last.hash:
        flaw = _broken_link(entry, following, last=last, start=start, head=head)
    return (flaw, ()) if flaw or body is None else (None, _stored_files(body["payload"]))


def _content_flaw(stream: int, entry: SealedEntry, body: dict[str, Any] | None) -> _Flaw | None:
    """What is wrong with an entry taken alone."""
    seq = entry.seq
    if entry.algorithm not in crypto.HASHES:
        return _Flaw(seq=seq, fault=Fault.COLUMN, reason=f"Entry {seq} names no known hash algorithm.")
    if crypto.leaf_hash(entry.body, entry.algorithm) != entry.hash:
        return _Flaw(seq=seq, fault=Fault.HASH, reason=f"Body and hash of entry {seq} do not belong together.")
    if body is None:
        return _Flaw(seq=seq, fault=Fault.BODY, reason=f"The body of entry {seq} is not a canonical entry.")
    column = _wrong_column(stream, entry, body)
    if column:
        return _Flaw(seq=seq, fault=Fault.COLUMN, reason=f"Column {column} of entry {seq} contradicts its body.")
    return None


def _number_flaw(entry: SealedEntry, last: Head, head: Head) -> _Flaw | None:
    seq, expected = entry.seq, last.seq + 1
    if seq < expected:
        return _Flaw(seq=seq, fault=Fault.REPEATED, reason=f"There is more than one entry {seq}.")
    if expected > head.seq:
        reason = f"Entry {seq} lies beyond the stored head, which is entry {head.seq}."
        return _Flaw(seq=seq, fault=Fault.SURPLUS, reason=reason)
    if seq > expected:
        return _Flaw(seq=expected, fault=Fault.MISSING, reason=f"Entry {expected} is missing.")
    return None


def _broken_link(entry: SealedEntry, following: SealedEntry | None, *, last: Head, start: Head, head: Head) -> _Flaw:
    """`entry` does not follow `last`. If its own successor vouches for it, `last` is the one that was replaced."""
    if following is None:
        vouched = head == Head(seq=entry.seq, hash=bytes(entry.hash))
    else:
        vouched = following.seq == entry.seq + 1 and following.previous_hash == entry.hash
    if vouched and last.seq > start.seq:
        reason = f"Entry {last.seq} (or one before it) was rewritten: entry {entry.seq} vouches for another one."
        return _Flaw(seq=last.seq, fault=Fault.CHAIN, reason=reason)
    reason = f"Entry {entry.seq} does not follow the entry before it."
    return _Flaw(seq=entry.seq, fault=Fault.CHAIN, reason=reason)


def _end_flaw(last: Head, head: Head) -> _Flaw | None:
    if last.seq < head.seq:
        missing = last.seq + 1
        reason = f"Entry {missing} is missing: the stored head is entry {head.seq}."
        return _Flaw(seq=missing, fault=Fault.MISSING, reason=reason)
    if last != Head(seq=head.seq, hash=bytes(head.hash)):
        reason = f"The stored head vouches for another entry {last.seq}: it, or one before it, was rewritten."
        return _Flaw(seq=last.seq, fault=Fault.HEAD, reason=reason)
    return None


def _file_flaw(seq: int, stored: tuple[str, ...], blob: BlobCheck) -> _Flaw | None:
    for digest in stored:
        wrong = blob(digest)
        if wrong is not None:
            return _Flaw(seq=seq, fault=Fault.FILE, reason=f"File {digest} of entry {seq}: {wrong}")
    return None


def _body(entry: SealedEntry) -> dict[str, Any] | None:
    """The parsed body if it is canonical (so that every JSON reader reads the same) and of a known version."""
    try:
        body = canonical.decode(entry.body)
        if not canonical.is_canonical(entry.body, body):
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    known = isinstance(body, dict) and body.get("v") in KNOWN_VERSIONS and isinstance(body.get("payload"), dict)
    return body if known else None


def _wrong_column(stream: int, entry: SealedEntry, body: dict[str, Any]) -> str:
    columns: dict[str, tuple[object, object]] = {
        "stream": ((str(stream), str(entry.stream)), (body.get("stream"), body.get("stream"))),
        "seq": (entry.seq, body.get("seq")),
        "kind": (entry.kind, body.get("kind")),
        "at": (_instant(entry), body.get("at")),
        "algorithm": (entry.algorithm, body.get("alg")),
        "previous_hash": (bytes(entry.previous_hash).hex(), body.get("prev")),
    }
    return next((name for name, (column, told) in columns.items() if column != told), "")


def _instant(entry: SealedEntry) -> str:
    return "" if entry.at.tzinfo is None else canonical.timestamp(entry.at)


def _stored_files(payload: dict[str, Any]) -> tuple[str, ...]:
    """Digests of the stored bytes of all attachments and photos that a payload names."""
    files = [*_list(payload.get("attachments")), *_list(payload.get("photos"))]
    return tuple(str(file["stored"]) for file in files if isinstance(file, dict) and "stored" in file)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
