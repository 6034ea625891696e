"""Is the trace still the one that was vouched for? Compares it with heads that were signed and handed out before.

For each position of the log somebody vouches for an entry: a file that was handed out, else our own table. The roots
over these must be those of the heads; then each entry must be in the trace as it was vouched for. So the first bad
entry is named even when somebody has rewritten chain, heads of streams and the log itself.

=========  ============================================================================================
fault      seen as
=========  ============================================================================================
missing    an entry that was vouched for is not there: removed, or an older backup was restored
chain      an entry is there with another hash: it, or one before it, was rewritten or swapped
head       our own log does not lead to a head that was signed; the entries in question begin with this
=========  ============================================================================================
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.model.trace_entries import SYSTEM_STREAM
from engine.service import proof_log
from engine.service.equipment import Work
from engine.store import proof
from engine.store.proof import Leaf
from engine.trace import tree_heads
from engine.trace.merkle import Frontier
from engine.trace.tree_heads import TreeHead
from engine.trace.verify import Fault

BATCH = 5000
Handed = tuple[TreeHead, Mapping[str, Any], str]
"""A head, the whole of what was handed out, and where it came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFault:
    """The first bad entry that the log knows of. seq: 1 when no entry can be named (then stream is the system's)."""

    stream: int
    seq: int
    fault: Fault
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReport:
    """What was compared: entries of the log, and heads. fault: None when all is as vouched for."""

    entries: int
    heads: int
    fault: LogFault | None = None


def own_heads(uow: Work) -> Iterator[Handed]:
    """The heads that our own database holds; somebody who rewrites it may have removed some, but cannot sign others."""
    after = -1
    while found := proof_log.heads(uow, after=after):
        for head in found:
            yield head, {}, f"the head of {head.size} entries in the database"
        after = found[-1].size


def compare(uow: Work, handed: Iterable[Handed]) -> LogReport:
    """Compare trace and log with heads, which come smallest first; up to the first fault. Changes nothing."""
    growing, count = Frontier(), 0
    for head, whole, where in handed:
        if not tree_heads.signed(head):
            return LogReport(entries=growing.size, heads=count, fault=_at(uow, growing.size, _forged(where)))
        fault = _grow(uow, growing, head, whole, where)
        if fault is not None:
            return LogReport(entries=growing.size, heads=count, fault=fault)
        count += 1
    return _beyond(uow, growing, count)


def _grow(uow: Work, growing: Frontier, head: TreeHead, whole: Mapping[str, Any], where: str) -> LogFault | None:
    """Grow to the size of a head by those entries that it vouches for, and compare."""
    start, ours = growing.size, True
    told = _told(whole)
    if told is not None and whole.get("previous") == start and head.size > start:
        ours = False
        if fault := _strange(uow, growing, told, where):
            # Whose word counts? The file's only when the head was signed over these very hashes.
            checking = Frontier(size=growing.size, peaks=[*growing.peaks])
            checking.extend(leaf[2] for leaf in told)
            return fault if checking.root() == head.root else _at(uow, start, _damaged(where))
        growing.extend(leaf[2] for leaf in told)
    while growing.size < head.size:
        kept = proof.leaves(uow, growing.size, min(BATCH, head.size - growing.size))
        if not kept:
            reason = (
                f"The log holds {growing.size} entries, but {where} vouches for {head.size}: the newest were removed,"
                " or an older backup was restored."
            )
            return _at(uow, growing.size - 1, reason, fault=Fault.MISSING)
        if fault := _strange(uow, growing, kept, "the log"):
            return fault
        growing.extend(leaf[2] for leaf in kept)
    if growing.size == head.size and growing.root() != head.root:
        if not ours:
            return _at(uow, start, _damaged(where))
        reason = f"The log was rewritten: {where} vouches for other entries at positions {start} to {head.size - 1}."
        return _at(uow, start, reason)
    return None


def _strange(uow: Work, growing: Frontier, leaves: Sequence[Leaf], where: str) -> LogFault | None:
    """The first of these entries that is not in the trace as it was vouched for."""
    for first in range(0, len(leaves), BATCH):
        part = leaves[first : first + BATCH]
        if part and (found := proof.strange(uow, part)):
            stream, seq, _ = part[found[0]]
            position = growing.size + first + found[0]
            if found[1]:
                reason = f"Entry {seq} is missing: {where} vouches for it (position {position} of the log)."
                return LogFault(stream=stream, seq=seq, fault=Fault.MISSING, reason=reason)
            reason = (
                f"Entry {seq}, or one before it, was rewritten: {where} vouches for another one (position {position} of"
                " the log)."
            )
            return LogFault(stream=stream, seq=seq, fault=Fault.CHAIN, reason=reason)
    return None


def _beyond(uow: Work, growing: Frontier, heads: int) -> LogReport:
    """What came into the log after the last head: only our own word for it."""
    while kept := proof.leaves(uow, growing.size, BATCH):
        if fault := _strange(uow, growing, kept, "the log"):
            return LogReport(entries=growing.size, heads=heads, fault=fault)
        growing.extend(leaf[2] for leaf in kept)
    return LogReport(entries=growing.size, heads=heads)


def _told(whole: Mapping[str, Any]) -> list[Leaf] | None:
    try:
        return [(int(stream), int(seq), bytes.fromhex(value)) for stream, seq, value in whole["leaves"]]
    except (KeyError, ValueError, TypeError):
        return None


def _at(uow: Work, position: int, reason: str, *, fault: Fault = Fault.HEAD) -> LogFault:
    """A fault that begins with the entry at a position, as far as our own log can name it."""
    known = proof.leaves(uow, max(position, 0), 1)
    stream, seq = (known[0][0], known[0][1]) if known else (SYSTEM_STREAM, 1)
    return LogFault(stream=stream, seq=seq, fault=fault, reason=reason)


def unreadable(reason: str) -> LogFault:
    """A folder of heads that cannot be read as such."""
    return LogFault(stream=SYSTEM_STREAM, seq=1, fault=Fault.HEAD, reason=reason)


def _forged(where: str) -> str:
    return f"{where[:1].upper()}{where[1:]} has no right signature."


def _damaged(where: str) -> str:
    return f"The file {where} is damaged: its entries do not lead to the root that its head signs."
