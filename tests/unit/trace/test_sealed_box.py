"""Boxes for one body alone: only its key opens them, and they are all of one size."""

import os

import pytest

from engine.model.errors import Broken
from engine.trace import sealed_box


def test_only_the_recipient_opens_a_box() -> None:
    """Another key opens nothing, and learns not even that it is a box for somebody."""
    mine, other = sealed_box.new_private_key(), sealed_box.new_private_key()
    box = sealed_box.seal(sealed_box.public_key(mine), b"evidence")
    assert sealed_box.open_box(mine, box) == b"evidence"
    assert sealed_box.open_box(other, box) is None
    assert b"evidence" not in box


def test_length_says_nothing() -> None:
    """An empty box is as long as a full one, and the same content never gives the same box."""
    public = sealed_box.public_key(sealed_box.new_private_key())
    boxes = [sealed_box.seal(public, content) for content in (b"", b"", b"x" * 20_000, os.urandom(3000))]
    assert len({len(box) for box in boxes}) == 1
    assert boxes[0] != boxes[1]


def test_what_does_not_fit_is_refused() -> None:
    """Better none than a longer one."""
    noise = os.urandom(5000)
    assert not sealed_box.fits(noise)
    with pytest.raises(ValueError, match="too long"):
        sealed_box.seal(sealed_box.public_key(sealed_box.new_private_key()), noise)


def test_an_altered_box_does_not_open() -> None:
    """A changed byte is noticed; a stump is no box."""
    mine = sealed_box.new_private_key()
    box = bytearray(sealed_box.seal(sealed_box.public_key(mine), b"evidence"))
    box[60] ^= 1
    assert sealed_box.open_box(mine, bytes(box)) is None
    with pytest.raises(Broken):
        sealed_box.open_box(mine, b"short")
