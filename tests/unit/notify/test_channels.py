"""What leaves the house about a notice: its words, its body, its signature, and where adapters come from."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from engine.model.personal import NoticeKind
from engine.notify import channels, wording
from engine.notify.channels import Message, Undeliverable

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
MESSAGE = Message(
    key="mingjing-delivery-7", kind="urged", to="lin", locale="zh_Hans_CN", subject="明镜：有人催办", body="…",
    number="DB-2026-000001", process="低保审核确认", element="入户调查", at=AT,
)  # fmt: skip


def test_a_receiver_can_check_the_signature_with_what_is_documented() -> None:
    """HMAC-SHA256 over timestamp, dot, body; another body or time has another one."""
    body = channels.document(MESSAGE)
    headers = channels.signed(MESSAGE, body, "s3cret", AT)
    stamp = headers["Mingjing-Timestamp"]
    assert stamp == str(int(AT.timestamp()))
    expected = hmac.new(b"s3cret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Mingjing-Signature"] == f"v1={expected}"
    assert headers["Idempotency-Key"] == "mingjing-delivery-7"
    assert channels.signed(MESSAGE, body + b" ", "s3cret", AT)["Mingjing-Signature"] != f"v1={expected}"


def test_the_body_holds_what_the_guide_lists_and_no_more() -> None:
    """Sign-in name of who is told, kind, case number, process, node, moment."""
    assert json.loads(channels.document(MESSAGE)) == {
        "id": "mingjing-delivery-7", "kind": "urged", "to": "lin", "case": "DB-2026-000001",
        "process": "低保审核确认", "element": "入户调查", "at": "2026-03-02T02:00:00+00:00",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [one for one in NoticeKind if one is not NoticeKind.NEW_TASK])
def test_every_kind_has_a_subject_of_its_own_in_both_languages(kind: NoticeKind) -> None:
    """A subject names neither case nor person; the body names the case."""
    for locale, other in (("zh_Hans_CN", "明镜：有新的通知"), ("en", "Mingjing: A new notice")):
        subject = wording.subject(kind, locale)
        assert subject != other
        body = wording.body(kind, locale, number="DB-2026-000001", process="低保", element="")
        assert "DB-2026-000001 · 低保\n" in body


def test_an_adapter_that_is_not_installed_is_refused_by_name() -> None:
    """Not tried again: somebody has to install it."""
    with pytest.raises(Undeliverable, match="no adapter pigeon"):
        channels.adapter("pigeon")
