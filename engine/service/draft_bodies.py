"""The bytes of a draft: JSON in which numbers keep every digit."""

import simplejson

from engine.model.commands import DraftInput
from engine.model.errors import Invalid

MAX_BYTES = 1024 * 1024


def encode(draft: DraftInput) -> bytes:
    """A draft as bytes. Invalid when it is larger than a megabyte."""
    body: bytes = simplejson.dumps(
        {"data": dict(draft.data), "outcome": draft.outcome[:200], "opinion": draft.opinion[:20_000]},
        use_decimal=True,
        ensure_ascii=False,
    ).encode("utf-8", errors="replace")
    if len(body) > MAX_BYTES:
        raise Invalid("draft.too_large", "the draft is larger than one megabyte")
    return body


def decode(body: bytes) -> DraftInput:
    """The draft that `encode` wrote."""
    found = simplejson.loads(body, use_decimal=True)
    return DraftInput(data=found["data"], outcome=found["outcome"], opinion=found["opinion"])
