"""Signed heads: what is handed out can be read back, and nothing of it can be changed."""

import json
from datetime import UTC, datetime

import pytest

from engine.model.errors import Invalid
from engine.trace import tree_heads
from engine.trace.crypto import DefaultProvider

AT = datetime(2026, 1, 5, 1, 2, 3, 450, UTC)


def test_a_head_goes_out_and_comes_back(provider: DefaultProvider) -> None:
    """The JSON that is handed out says the same head, signature included."""
    head = tree_heads.sign(7, bytes(range(32)), AT, provider)
    told = json.loads(json.dumps(tree_heads.shown(head)))
    assert tree_heads.read(told, where="here") == head
    assert head.body == (
        b'{"alg":"sha-256","at":"2026-01-05T01:02:03.000450Z","key":"' + tree_heads.key_id(head.public_key).encode()
        + b'","root":"' + bytes(range(32)).hex().encode() + b'","size":7,"v":1}'
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"), [('"size":7', '"size":8'), ('"root":"00', '"root":"01'), ("01:02:03", "01:02:04")]
)
def test_a_changed_head_is_refused(provider: DefaultProvider, old: str, new: str) -> None:
    """Size, root and time are signed."""
    told = dict(tree_heads.shown(tree_heads.sign(7, bytes(range(32)), AT, provider)))
    told["head"] = str(told["head"]).replace(old, new)
    with pytest.raises(Invalid) as refused:
        tree_heads.read(told, where="here")
    assert refused.value.code == "tree_head.signature"


@pytest.mark.parametrize("text", [b"[]", b"{", b"\xff"])
def test_what_is_no_head_is_refused(text: bytes) -> None:
    """A file that is no JSON object."""
    with pytest.raises(Invalid):
        tree_heads.load(text, where="a.json")
    with pytest.raises(Invalid):
        tree_heads.read({"head": "{}"}, where="a.json")
