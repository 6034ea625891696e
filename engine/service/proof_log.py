"""The Merkle log over all entries: the sequencer puts in what was committed, heads are signed, proofs are given.

Acts never wait for it: an entry is sealed into its case's chain in the act's own transaction, and the sequencer takes
it into the log later, under a lock of its own. It goes by the numbers of each stream, which have no gap, so that an act
that commits late is taken in later, and never passed over.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

from engine.model.errors import Invalid, NotFound
from engine.service.equipment import Work
from engine.store import proof
from engine.store.proof import Leaf
from engine.trace import merkle, tree_heads
from engine.trace.merkle import Node
from engine.trace.tree_heads import TreeHead

BATCH = 5000
TILE_BITS = 8
TILE = 1 << TILE_BITS
LATEST_COMMIT = timedelta(hours=1)
"""No transaction commits later than this after the time that its entries say; nightly the sequencer looks at all."""


def tree(uow: Work) -> Node:
    """The nodes of the stored tree, each tile of 256 hashes read once."""

    @lru_cache(maxsize=256)
    def tile(level: int, number: int) -> list[bytes]:
        return proof.hashes(uow, level, number << TILE_BITS, TILE)

    def node(level: int, number: int) -> bytes:
        span = level % TILE_BITS
        first = number << span
        kept = tile(level - span, first >> TILE_BITS)
        start = first & (TILE - 1)
        return merkle.fold(kept[start : start + (1 << span)])

    return node


def sequence(uow: Work, *, everything: bool = False) -> int:
    """Take everything that is committed into the log, batch by batch, each committed; how many entries came in.

    everything: look at every stream, not only at those with entries since the newest head.
    """
    newest = proof.heads(uow, limit=1, newest_first=True)
    since = None if everything or not newest else newest[0].at - LATEST_COMMIT
    total = 0
    while True:
        proof.lock(uow)
        found, logged = proof.unlogged(uow, since=since, limit=BATCH)
        wanted = list(_unbroken(found, logged))
        if wanted:
            _append(uow, wanted)
        uow.commit()
        total += len(wanted)
        if len(found) < BATCH or not wanted:
            return total


def _unbroken(found: list[Leaf], logged: dict[int, int]) -> Iterator[Leaf]:
    """Those that follow without a gap what the log has of their stream; after a gap something was taken out."""
    last = dict(logged)
    for stream, seq, value in found:
        if seq == last[stream] + 1:
            last[stream] = seq
            yield stream, seq, value


def _append(uow: Work, leaves: list[Leaf]) -> None:
    first = proof.size(uow)
    proof.append(uow, first, leaves)
    before, after, level = first, first + len(leaves), 0
    while after >> TILE_BITS:
        start, end = before >> TILE_BITS, after >> TILE_BITS
        below = proof.hashes(uow, level, start << TILE_BITS, (end - start) << TILE_BITS)
        level += TILE_BITS
        folded = [merkle.fold(below[n : n + TILE]) for n in range(0, len(below), TILE)]
        proof.append_tiles(uow, level, start, folded)
        before, after = start, end


def sign(uow: Work) -> TreeHead | None:
    """Sign a head over the log as it stands; None when nothing has come in since the last one."""
    proof.lock(uow)
    size = proof.size(uow)
    if not size or proof.head_at(uow, size) is not None:
        return None
    made = tree_heads.sign(size, merkle.frontier(size, tree(uow)).root(), uow.now(), uow.equipment.provider)
    fields = ("size", "root", "at", "body", "signature", "public_key", "time_stamp")
    proof.insert_head(uow, {name: getattr(made, name) for name in fields})
    return made


def heads(uow: Work, *, after: int = -1, limit: int = 1000, newest_first: bool = False) -> list[TreeHead]:
    """Signed heads of more than `after` entries, smallest first unless said otherwise."""
    return [_head(row) for row in proof.heads(uow, after=after, limit=limit, newest_first=newest_first)]


def _head(row: object) -> TreeHead:
    return TreeHead(**row._mapping)  # type: ignore[attr-defined]  # a database row has the same columns


def consistency(uow: Work, old: int, new: int) -> dict[str, object]:
    """The proof that the log of `old` entries is the beginning of that of `new`, hashes in hex.

    Public: it says nothing but hashes. Raises NotFound when no head of such a size was signed, Invalid for old > new.
    """
    if not 0 < old <= new:
        raise Invalid("tree_head.order", "the earlier tree head must be the smaller one")
    if proof.head_at(uow, old) is None or proof.head_at(uow, new) is None:
        raise NotFound("tree_head.not_found", "no tree head of this size was signed")
    path = merkle.consistency(old, new, tree(uow))
    return {"old": old, "new": new, "proof": [step.hex() for step in path]}
