"""Twenty ways to cheat with one stream: each is found, and the first bad entry named."""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.trace_entries import EntryKind, Head, SealedEntry, TraceDraft
from engine.trace import canonical, chain, crypto
from engine.trace.chain import EMPTY_HEAD, verify
from engine.trace.crypto import CaseCipher, DefaultProvider
from engine.trace.verify import Fault, VerifyReport

STREAM = 9001
LENGTH = 8
Draft = Callable[[EntryKind], TraceDraft]


@pytest.fixture(scope="module")
def entries(draft_of: Draft, provider: DefaultProvider) -> list[SealedEntry]:
    """A case of eight entries."""
    return _sealed(draft_of, provider, STREAM)


@pytest.fixture(scope="module")
def head(entries: list[SealedEntry]) -> Head:
    """Its stored head."""
    return chain.head_after(entries[-1])


def _sealed(draft_of: Draft, provider: DefaultProvider, stream: int) -> list[SealedEntry]:
    cipher = CaseCipher(provider, provider.new_case_key()[0])
    kinds = itertools.cycle([EntryKind.PROCESS_INSTANCE_STARTED, EntryKind.USER_TASK_COMPLETED])
    sealed, last = [], EMPTY_HEAD
    for number, kind in zip(range(LENGTH), kinds, strict=False):
        draft = draft_of(kind)
        entry = chain.seal(
            replace(draft, at=draft.at + timedelta(minutes=number)), stream=stream, head=last, cipher=cipher
        )
        sealed.append(entry)
        last = chain.head_after(entry)
    return sealed


def _rehashed(entry: SealedEntry, old: bytes, new: bytes) -> SealedEntry:
    """The body changed and its hash computed anew, as somebody who knows the format would."""
    assert old in entry.body
    body = entry.body.replace(old, new, 1)
    return replace(entry, body=body, hash=crypto.leaf_hash(body))


def _put(entries: list[SealedEntry], seq: int, entry: SealedEntry) -> list[SealedEntry]:
    return [*entries[: seq - 1], entry, *entries[seq:]]


def _named(report: VerifyReport) -> tuple[bool, int | None, Fault | None]:
    assert report.reason or report.ok
    return report.ok, report.first_bad_seq, report.fault


def test_untouched(entries: list[SealedEntry], head: Head) -> None:
    """Nothing altered: everything counted."""
    assert verify(STREAM, entries, head) == VerifyReport(ok=True, entries=LENGTH, files=0)
    assert verify(STREAM, [], EMPTY_HEAD) == VerifyReport(ok=True, entries=0, files=0)


@pytest.mark.parametrize("seq", [1, 4, LENGTH])
def test_changed_body(entries: list[SealedEntry], head: Head, seq: int) -> None:
    """UPDATE of the body names that entry."""
    body = entries[seq - 1].body.replace("赵受理".encode(), "钱受理".encode())
    changed = _put(entries, seq, replace(entries[seq - 1], body=body))
    assert _named(verify(STREAM, changed, head)) == (False, seq, Fault.HASH)


@pytest.mark.parametrize("seq", [1, 4, LENGTH - 1])
def test_changed_body_and_hash(entries: list[SealedEntry], head: Head, seq: int) -> None:
    """With the hash computed anew, the next entry still vouches for the old one: the changed entry is named."""
    changed = _put(entries, seq, _rehashed(entries[seq - 1], "赵受理".encode(), "钱受理".encode()))
    assert _named(verify(STREAM, changed, head)) == (False, seq, Fault.CHAIN)


def test_changed_last_body_and_hash(entries: list[SealedEntry], head: Head) -> None:
    """For the last entry it is the stored head that vouches."""
    changed = _put(entries, LENGTH, _rehashed(entries[-1], "赵受理".encode(), "钱受理".encode()))
    assert _named(verify(STREAM, changed, head)) == (False, LENGTH, Fault.HEAD)


@pytest.mark.parametrize("seq", [2, 4, LENGTH])
def test_changed_link(entries: list[SealedEntry], head: Head, seq: int) -> None:
    """An entry whose own link was changed, and its hash with it, is itself named."""
    old = entries[seq - 1].previous_hash.hex().encode()
    changed = _rehashed(entries[seq - 1], old, b"00" * 32)
    report = verify(STREAM, _put(entries, seq, replace(changed, previous_hash=bytes(32))), head)
    assert _named(report) == (False, seq, Fault.CHAIN)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kind": "command.refused.v1"}, Fault.COLUMN),
        ({"at": datetime(2025, 1, 1, tzinfo=UTC)}, Fault.COLUMN),
        ({"at": datetime(2026, 1, 5, 1, 5, 3, 450)}, Fault.COLUMN),  # noqa: DTZ001
        ({"stream": 9002}, Fault.COLUMN),
        ({"previous_hash": bytes(32)}, Fault.COLUMN),
        ({"algorithm": "md5"}, Fault.COLUMN),
        ({"algorithm": "sm3"}, Fault.HASH),
        ({"hash": bytes(32)}, Fault.HASH),
        ({"hash": b""}, Fault.HASH),
    ],
)
def test_changed_column(entries: list[SealedEntry], head: Head, change: dict[str, object], fault: Fault) -> None:
    """UPDATE of any column of the fourth entry names the fourth entry."""
    changed = _put(entries, 4, replace(entries[3], **change))  # type: ignore[arg-type]  # the column's own type
    assert _named(verify(STREAM, changed, head)) == (False, 4, fault)


@pytest.mark.parametrize(("number", "named"), [(99, (4, Fault.MISSING)), (3, (3, Fault.REPEATED))])
def test_changed_number(entries: list[SealedEntry], head: Head, number: int, named: tuple[int, Fault]) -> None:
    """UPDATE of the fourth entry's number: its place is empty, or the number that it took is there twice."""
    changed = sorted(_put(entries, 4, replace(entries[3], seq=number)), key=lambda entry: entry.seq)
    assert _named(verify(STREAM, changed, head)) == (False, *named)


@pytest.mark.parametrize("seq", [1, 4, LENGTH])
def test_deleted(entries: list[SealedEntry], head: Head, seq: int) -> None:
    """DELETE at the beginning, in the middle and at the end names the entry that is gone."""
    left = [*entries[: seq - 1], *entries[seq:]]
    assert _named(verify(STREAM, left, head)) == (False, seq, Fault.MISSING)


def test_deleted_all(entries: list[SealedEntry], head: Head) -> None:
    """An emptied stream with a head is not an empty stream."""
    assert _named(verify(STREAM, [], head)) == (False, 1, Fault.MISSING)


def test_deleted_and_renumbered(entries: list[SealedEntry], head: Head) -> None:
    """Closing the gap by renumbering the column shows at the first renumbered entry."""
    left = [*entries[:3], *(replace(entry, seq=entry.seq - 1) for entry in entries[4:])]
    assert _named(verify(STREAM, left, head)) == (False, 4, Fault.COLUMN)


@pytest.mark.parametrize("forged_first", [True, False])
def test_repeated(entries: list[SealedEntry], head: Head, *, forged_first: bool) -> None:
    """A second entry with a number that is taken already, whichever of the two comes first."""
    forged = _rehashed(entries[3], "赵受理".encode(), "钱受理".encode())
    pair = [forged, entries[3]] if forged_first else [entries[3], forged]
    assert verify(STREAM, [*entries[:3], *pair, *entries[4:]], head).first_bad_seq == 4
    assert _named(verify(STREAM, [*entries[:4], *entries[3:]], head)) == (False, 4, Fault.REPEATED)


def test_inserted_and_renumbered(entries: list[SealedEntry], head: Head) -> None:
    """An entry put in the middle, with those after it moved up."""
    shifted = [replace(entry, seq=entry.seq + 1) for entry in entries[3:]]
    forged = _rehashed(entries[3], "赵受理".encode(), "钱受理".encode())
    assert verify(STREAM, [*entries[:3], forged, *shifted], head).first_bad_seq == 5


def test_appended(entries: list[SealedEntry], head: Head, draft_of: Draft, cipher: CaseCipher) -> None:
    """A well-made entry beyond the stored head."""
    extra = chain.seal(draft_of(EntryKind.USER_TASK_COMPLETED), stream=STREAM, head=head, cipher=cipher)
    assert _named(verify(STREAM, [*entries, extra], head)) == (False, LENGTH + 1, Fault.SURPLUS)


def test_reordered(entries: list[SealedEntry], head: Head) -> None:
    """Two entries that swapped their numbers."""
    swapped = [*entries[:3], replace(entries[4], seq=4), replace(entries[3], seq=5), *entries[5:]]
    assert _named(verify(STREAM, swapped, head)) == (False, 4, Fault.COLUMN)


def test_rewritten_tail(entries: list[SealedEntry], head: Head, draft_of: Draft, cipher: CaseCipher) -> None:
    """All entries from the fourth on sealed anew: only the head knows, and says so."""
    rewritten, last = entries[:3], chain.head_after(entries[2])
    for _ in range(3, LENGTH):
        entry = chain.seal(draft_of(EntryKind.USER_TASK_COMPLETED), stream=STREAM, head=last, cipher=cipher)
        rewritten, last = [*rewritten, entry], chain.head_after(entry)
    report = verify(STREAM, rewritten, head)
    assert _named(report) == (False, LENGTH, Fault.HEAD)
    assert "before" in report.reason


def test_swapped_cases(entries: list[SealedEntry], head: Head, draft_of: Draft, provider: DefaultProvider) -> None:
    """A whole other case under this case's key, head included."""
    other = [replace(entry, stream=STREAM) for entry in _sealed(draft_of, provider, 9002)]
    assert _named(verify(STREAM, other, chain.head_after(other[-1]))) == (False, 1, Fault.COLUMN)


@pytest.mark.parametrize("moved", [Head(seq=LENGTH - 1, hash=b""), Head(seq=LENGTH + 1, hash=b""), EMPTY_HEAD])
def test_changed_head(entries: list[SealedEntry], moved: Head) -> None:
    """A head that was moved does not fit the entries."""
    assert not verify(STREAM, entries, moved).ok
    same_seq = Head(seq=LENGTH, hash=bytes(32))
    assert _named(verify(STREAM, entries, same_seq)) == (False, LENGTH, Fault.HEAD)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body + b" ",
        lambda body: body.replace(b'{"actor"', b'{"actor":null,"actor"', 1),
        lambda body: body.replace(b'"v":1}', b'"v":2}'),
        lambda body: b"[]",
        lambda body: b"not json",
    ],
)
def test_body_that_is_no_canonical_entry(
    entries: list[SealedEntry], head: Head, spoil: Callable[[bytes], bytes]
) -> None:
    """Bytes that other readers might read otherwise are refused although their hash fits."""
    body = spoil(entries[3].body)
    changed = replace(entries[3], body=body, hash=crypto.leaf_hash(body))
    assert _named(verify(STREAM, _put(entries, 4, changed), head)) == (False, 4, Fault.BODY)


def test_files(entries: list[SealedEntry], head: Head) -> None:
    """Every attachment and photo is asked for; a missing or changed one names its entry."""
    asked: list[str] = []

    def fine(digest: str) -> str | None:
        asked.append(digest)
        return None

    assert verify(STREAM, entries, head, blob=fine) == VerifyReport(ok=True, entries=LENGTH, files=LENGTH)
    photo = hashlib.sha256("门牌.jpg".encode() + b"stored").hexdigest()
    assert asked.count(photo) == LENGTH // 2
    report = verify(STREAM, entries, head, blob=lambda digest: "changed" if digest == photo else None)
    assert _named(report) == (False, 2, Fault.FILE)
    assert photo in report.reason


def test_goes_on_from_an_earlier_verification(entries: list[SealedEntry], head: Head) -> None:
    """The second half alone, from where the first ended; a change before that shows at the first entry after it."""
    start = chain.head_after(entries[3])
    assert verify(STREAM, entries[4:], head, start=start) == VerifyReport(ok=True, entries=4, files=0)
    other = Head(seq=4, hash=bytes(32))
    assert _named(verify(STREAM, entries[4:], head, start=other)) == (False, 5, Fault.CHAIN)


def test_streams(entries: list[SealedEntry], head: Head) -> None:
    """Entries are taken one after another; after the first bad one at most one more is asked for."""
    taken: list[int] = []

    def reading() -> Iterator[SealedEntry]:
        for entry in _put(entries, 3, replace(entries[2], hash=bytes(32))):
            taken.append(entry.seq)
            yield entry

    assert verify(STREAM, reading(), head).entries == 2
    assert taken == [1, 2, 3, 4]


COLUMNS = st.sampled_from(["body", "hash", "previous_hash", "kind", "at", "algorithm"])


@given(seq=st.integers(1, LENGTH), column=COLUMNS, place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_any_changed_byte_is_found(
    entries: list[SealedEntry], head: Head, seq: int, column: str, place: int, flip: int
) -> None:
    """Any single byte of any column of any entry, changed in any way: found, and that entry named."""
    entry = entries[seq - 1]
    value = getattr(entry, column)
    if column == "at":
        changed = replace(entry, at=value + timedelta(microseconds=flip))
    else:
        raw = bytearray(value if isinstance(value, bytes) else value.encode("latin-1"))
        if not raw:
            raw = bytearray(1)
        raw[place % len(raw)] ^= flip
        altered = bytes(raw) if isinstance(value, bytes) else raw.decode("latin-1")
        changed = replace(entry, **{column: altered})  # type: ignore[arg-type]  # the column's own type
    assert verify(STREAM, _put(entries, seq, changed), head).first_bad_seq == seq


@given(seq=st.integers(1, LENGTH), place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_any_changed_byte_with_a_new_hash_is_found(
    entries: list[SealedEntry], head: Head, seq: int, place: int, flip: int
) -> None:
    """The same with the hash computed anew: that entry is named, by its successor or the head."""
    raw = bytearray(entries[seq - 1].body)
    raw[place % len(raw)] ^= flip
    changed = replace(entries[seq - 1], body=bytes(raw), hash=crypto.leaf_hash(bytes(raw)))
    assert verify(STREAM, _put(entries, seq, changed), head).first_bad_seq == seq


def test_an_outsider_can_verify(entries: list[SealedEntry], head: Head) -> None:
    """The procedure of docs/developer/trace.md, with the standard library alone."""
    previous = b""
    for number, entry in enumerate(entries, 1):
        body = canonical.decode(entry.body)
        assert (body["stream"], body["seq"], body["prev"]) == (str(STREAM), number, previous.hex())
        previous = hashlib.sha256(b"\x00" + entry.body).digest()
    assert (len(entries), previous) == (head.seq, head.hash)
