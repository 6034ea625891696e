"""The Merkle tree of RFC 6962 over leaf hashes: roots, proofs that a leaf is in, proofs that a tree only grew.

A tree of n leaves is split at the largest power of two below n, so that every complete subtree of 2^level leaves stays
what it is for ever. `Node` asks for the hash of such a subtree: ``node(level, number)`` covers the leaves from
``number << level`` on; level 0 is the leaf. Proofs list hashes from the leaf towards the root, as RFC 6962 does.

::

    leaf hash = SHA-256(0x00 || entry)           `engine.trace.crypto.leaf_hash`; these are the leaves handed in
    node hash = SHA-256(0x01 || left || right)
    root of no leaf at all = SHA-256("")
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

Node = Callable[[int, int], bytes]
"""Gives the hash of a complete subtree by level and number."""

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over a complete subtree: a power of two of hashes of one level."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [node_hash(left, right) for left, right in pairs]
    return hashes[0]


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first. A few hundred bytes."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add a leaf; costs one or two hashes on average."""
        self.peaks.append(leaf)
        self.size += 1
        count = self.size
        while not count & 1:
            right, left = self.peaks.pop(), self.peaks.pop()
            self.peaks.append(node_hash(left, right))
            count >>= 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found


def frontier(size: int, node: Node) -> Frontier:
    """The frontier of a stored tree, ready to grow."""
    peaks, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            peaks.append(node(level, start >> level))
            start += 1 << level
    return Frontier(size=size, peaks=peaks)


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in memory."""
    made = Frontier()
    made.extend(leaves)
    return made.root()


def of_leaves(leaves: Sequence[bytes]) -> Node:
    """The nodes of a tree in memory."""

    def node(level: int, number: int) -> bytes:
        return fold(leaves[number << level : (number + 1) << level])

    return node


def range_root(start: int, end: int, node: Node) -> bytes:
    """The root over the leaves ``start..end`` (end not included) of a subtree that begins at a multiple of its size."""
    size = end - start
    if not size & (size - 1):
        return node(size.bit_length() - 1, start >> (size.bit_length() - 1))
    middle = start + _split(size)
    return node_hash(range_root(start, middle, node), range_root(middle, end, node))


def inclusion(position: int, size: int, node: Node) -> list[bytes]:
    """The audit path of the leaf at `position` (from 0) in the tree of the first `size` leaves."""
    if not 0 <= position < size:
        raise ValueError(f"there is no leaf {position} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start = middle
    return path[::-1]


def consistency(old: int, size: int, node: Node) -> list[bytes]:
    """The proof that the tree of the first `old` leaves is the beginning of that of `size`; empty for the same tree."""
    if not 0 < old <= size:
        raise ValueError(f"there is no proof from {old} leaves to {size}")
    path: list[bytes] = []
    start, end, whole = 0, size, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start, whole = middle, False
    return path[::-1] if whole else [range_root(start, end, node), *path[::-1]]


def included(leaf: bytes, position: int, size: int, path: Sequence[bytes], tree_root: bytes) -> bool:
    """Whether an audit path shows that the leaf stands at `position` in the tree of `size` leaves with that root."""
    if not 0 <= position < size:
        return False
    place, last, found = position, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == tree_root


def consistent(old: int, size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of `old` leaves with `old_root` is the beginning of that of `size`."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not path and old_root == new_root
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
