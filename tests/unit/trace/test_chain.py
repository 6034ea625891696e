"""Sealing and reading back: what is personal is never plain, and what was sealed can be folded."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from engine.model.classes import Classified, DataClass
from engine.model.errors import Broken
from engine.model.trace_entries import EntryKind, TraceDraft
from engine.trace import canonical, chain, crypto
from engine.trace.chain import EMPTY_HEAD
from engine.trace.crypto import CaseCipher, DefaultProvider
from engine.trace.values import Erased

Draft = Callable[[EntryKind], TraceDraft]


@pytest.fixture
def completed(draft_of: Draft) -> TraceDraft:
    """The completion of a user task."""
    return draft_of(EntryKind.USER_TASK_COMPLETED)


def test_entry_is_its_body(completed: TraceDraft, cipher: CaseCipher) -> None:
    """Hash over 0x00 and the body; the columns repeat the body; the next entry names this one."""
    first = chain.seal(completed, stream=9001, head=EMPTY_HEAD, cipher=cipher)
    second = chain.seal(completed, stream=9001, head=chain.head_after(first), cipher=cipher)
    body = canonical.decode(second.body)
    assert second.hash == crypto.leaf_hash(second.body)
    assert (body["stream"], body["seq"], body["kind"]) == ("9001", 2, "user_task.completed.v2")
    assert body["prev"] == first.hash.hex() == second.previous_hash.hex()
    assert canonical.decode(first.body)["prev"] == ""
    assert canonical.encode(body) == second.body


def test_personal_values_are_not_in_the_body(completed: TraceDraft, cipher: CaseCipher) -> None:
    """Names, opinions and file names rest encrypted; the official's name and the outcome stay readable."""
    body = chain.seal(completed, stream=9001, head=EMPTY_HEAD, cipher=cipher).body.decode()
    assert not [word for word in ("王秀兰", "同意受理", "申请书", "1250.50") if word in body]
    assert all(word in body for word in ("赵受理", "受理审查", '"accept"'))


def test_payload_comes_back(completed: TraceDraft, cipher: CaseCipher) -> None:
    """With the key every value reads back with its type."""
    payload = chain.open_payload(chain.seal(completed, stream=9001, head=EMPTY_HEAD, cipher=cipher), cipher)
    assert payload["opinion"] == "材料齐全，同意受理。"
    assert payload["fields"][1]["new"] == [{"name": "王秀兰", "income": Decimal("1250.50")}]
    assert payload["fields"][0]["new"] == 3
    assert payload["attachments"][0]["uploaded_at"] == "2026-01-05T00:59:03.000450Z"


def test_erased_values(completed: TraceDraft, cipher: CaseCipher) -> None:
    """Without the key a marker stands for each personal value; the rest stays readable."""
    payload = chain.open_payload(chain.seal(completed, stream=9001, head=EMPTY_HEAD, cipher=cipher), None)
    assert payload["opinion"] == Erased(data_class="personal")
    assert payload["fields"][0] == {"path": "household_size", "class": "internal", "old": None, "new": 3}
    assert payload["attachments"][0]["name"] == Erased(data_class="personal")


def test_wrong_key_is_told(completed: TraceDraft, cipher: CaseCipher, provider: DefaultProvider) -> None:
    """A value that does not decrypt is marked as unreadable, not as erased."""
    entry = chain.seal(completed, stream=9001, head=EMPTY_HEAD, cipher=cipher)
    payload = chain.open_payload(entry, CaseCipher(provider, bytes(32)))
    assert payload["opinion"] == Erased(data_class="personal", cause="unreadable")


def test_encrypted_values_cannot_be_moved(completed: TraceDraft, cipher: CaseCipher) -> None:
    """A ciphertext put in another place of the entry, or into another entry, does not open."""
    entry = chain.seal(completed, stream=9001, head=EMPTY_HEAD, cipher=cipher)
    body = canonical.decode(entry.body)
    swapped = body["payload"]["fields"][1]
    swapped["old"], swapped["new"] = swapped["new"], swapped["old"]
    moved = chain.open_payload(replace(entry, body=canonical.encode(body)), cipher)
    assert moved["fields"][1]["old"] == Erased(data_class="personal", cause="unreadable")
    later = {**canonical.decode(entry.body), "seq": 2}
    assert isinstance(chain.open_payload(replace(entry, body=canonical.encode(later)), cipher)["opinion"], Erased)


def test_personal_value_without_a_key_is_an_error(completed: TraceDraft) -> None:
    """A stream without a key takes nothing personal, rather than keeping it plain."""
    with pytest.raises(ValueError, match="no key"):
        chain.seal(completed, stream=0, head=EMPTY_HEAD, cipher=None)


def test_report_only_finding_is_an_error(completed: TraceDraft, cipher: CaseCipher) -> None:
    """A silent finding cannot slip into a case's stream."""
    result = {"check": "silent", "actions": ["report_discipline"]}
    payload = {**completed.payload, "judgements": [{"element": "Gateway", "results": [result]}]}
    with pytest.raises(ValueError, match="report-only"):
        chain.seal(replace(completed, payload=payload), stream=9001, head=EMPTY_HEAD, cipher=cipher)


def test_form_cannot_forge_an_encrypted_value(completed: TraceDraft, cipher: CaseCipher) -> None:
    """What a form sends that looks like our marker is kept as what it is: data."""
    forged = {"$enc": base64.b64encode(bytes(40)).decode(), "class": "personal", "alg": "AES-256-GCM", "key": "case"}
    payload = {"value": Classified(forged, DataClass.INTERNAL), "other": forged}
    entry = chain.seal(replace(completed, payload=payload), stream=9001, head=EMPTY_HEAD, cipher=cipher)
    assert chain.open_payload(entry, cipher) == {"value": forged, "other": forged}


def test_instant_is_written_in_utc(completed: TraceDraft, cipher: CaseCipher) -> None:
    """Whatever zone the clock gave; an instant without a zone is an error."""
    east = replace(completed, at=datetime(2026, 1, 5, 9, tzinfo=timezone(timedelta(hours=8))))
    assert chain.read_body(chain.seal(east, stream=1, head=EMPTY_HEAD, cipher=cipher))["at"] == (
        "2026-01-05T01:00:00.000000Z"
    )
    with pytest.raises(ValueError, match="zone"):
        chain.seal(replace(completed, at=datetime(2026, 1, 5)), stream=1, head=EMPTY_HEAD, cipher=cipher)  # noqa: DTZ001


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"payload":1}', b'{"payload":{"a":{"$strange":1}}}'])
def test_unreadable_entry_is_told(completed: TraceDraft, cipher: CaseCipher, body: bytes) -> None:
    """Damage to a body is Broken, never a crash of another kind."""
    entry = chain.seal(completed, stream=9001, head=EMPTY_HEAD, cipher=cipher)
    with pytest.raises(Broken):
        chain.open_payload(replace(entry, body=body), cipher)
