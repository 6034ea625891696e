"""Structured processes as terms, and a judge that knows nothing of tokens.

A term says what is still to be done. `opened` gives the tasks that may be completed now, `after` the term that is left
when one of them has been. The engine draws the same term with gateways, loops, subprocesses and instances; both must
always have the same tasks open. So every join is judged: in loops, nested, inside each instance by itself.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tests.unit.runtime.builder import both, chain, end, flow, many, some, start, sub, user, xor


@dataclass(frozen=True)
class Over:
    """Nothing is left."""


@dataclass(frozen=True)
class Do:
    """A user task."""

    name: str


@dataclass(frozen=True)
class Then:
    """One after the other."""

    parts: "tuple[Block, ...]"


@dataclass(frozen=True)
class All:
    """Side by side between a split and a join: parallel, or inclusive with those whose flag is set."""

    name: str
    parts: "tuple[Block, ...]"
    inclusive: bool = False
    flags: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Again:
    """A body, then a user task that decides whether to go back. `now` is what is left of this round."""

    name: str
    body: "Block"
    now: "Block | None" = None


@dataclass(frozen=True)
class Each:
    """A subprocess with `count` instances, 0 for no loop at all. `now`: what is left of those that have begun."""

    name: str
    body: "Block"
    count: int = 0
    sequential: bool = False
    now: "tuple[Block, ...] | None" = None
    begun: int = 0


Block = Do | Then | All | Again | Each | Over
OVER = Over()


def opened(block: Block) -> Counter[str]:
    """How many instances of each task wait."""
    match block:
        case Over():
            return Counter()
        case Do():
            return Counter([block.name])
        case Then():
            return opened(block.parts[0])
        case All():
            return sum((opened(part) for part in block.parts), Counter())
        case Again():
            return opened(block.now or OVER)
        case Each():
            return sum((opened(part) for part in block.now or ()), Counter())


def settled(block: Block) -> Block:  # noqa: PLR0911 - one answer a kind
    """The term as it stands once everything that waits for nobody has been done."""
    match block:
        case Then():
            first = settled(block.parts[0])
            rest = block.parts[1:]
            if not isinstance(first, Over):
                return replace(block, parts=(first, *rest))
            return settled(Then(rest)) if rest else OVER
        case All():
            parts = block.parts
            if block.inclusive:
                chosen = tuple(p for p, flag in zip(parts[:-1], block.flags, strict=True) if flag)
                parts = chosen or parts[-1:]
            left = tuple(one for one in map(settled, parts) if not isinstance(one, Over))
            return All(block.name, left) if left else OVER
        case Again() if block.now is None:
            return replace(block, now=settled(Then((block.body, Do(f"{block.name}_decide")))))
        case Each() if block.now is None:
            count = 1 if block.sequential else max(block.count, 1)
            return settled(replace(block, now=(settled(block.body),) * count, begun=count))
        case Each():
            left = tuple(one for one in block.now or () if not isinstance(one, Over))
            if block.sequential and not left and block.begun < block.count:
                return settled(replace(block, now=(settled(block.body),), begun=block.begun + 1))
            return replace(block, now=left) if left else OVER
        case _:
            return block


def after(block: Block, name: str, again: bool) -> Iterator[Block]:  # noqa: C901, PLR0912 - one case a kind
    """Every term that can be left when some instance of a task has been completed."""
    match block:
        case Do() if block.name == name:
            yield OVER
        case Then():
            for first in after(block.parts[0], name, again):
                yield settled(replace(block, parts=(first, *block.parts[1:])))
        case All():
            for index, part in enumerate(block.parts):
                for new in after(part, name, again):
                    yield settled(replace(block, parts=_swapped(block.parts, index, new)))
        case Again():
            for new in after(block.now or OVER, name, again):
                if isinstance(new, Over):
                    yield settled(replace(block, now=None)) if again else OVER
                else:
                    yield replace(block, now=new)
        case Each():
            for index, part in enumerate(block.now or ()):
                for new in after(part, name, again):
                    yield settled(replace(block, now=_swapped(block.now or (), index, new)))


def _swapped(parts: tuple[Block, ...], index: int, new: Block) -> tuple[Block, ...]:
    return (*parts[:index], new, *parts[index + 1 :])


def drawn(block: Block, before: str, then: str) -> str:
    """The BPMN of a term between two elements that exist."""
    match block:
        case Over():
            return flow(before, then)
        case Do():
            return user(block.name) + chain(before, block.name, then)
        case Then():
            stops = [before, *(f"{_name(part)}_{n}_t" for n, part in enumerate(block.parts[:-1])), then]
            inner = [drawn(part, stops[n], stops[n + 1]) for n, part in enumerate(block.parts)]
            return xor(*stops[1:-1]) + "".join(inner)
        case All():
            return _all(block, before, then)
        case Again():
            merge, choice, decide = f"{block.name}_m", f"{block.name}_g", f"{block.name}_decide"
            return (
                xor(merge) + xor(choice, default=f"{choice}_{then}") + user(decide) + chain(before, merge)
                + drawn(block.body, merge, decide) + chain(decide, choice)
                + flow(choice, merge, f"{block.name}_again") + flow(choice, then)
            )  # fmt: skip
        case Each():
            inside = start(f"{block.name}_in") + end(f"{block.name}_out")
            inside += drawn(block.body, f"{block.name}_in", f"{block.name}_out")
            loop = many(f"1..{block.count}", sequential=block.sequential) if block.count else ""
            loop = loop.replace(f"=1..{block.count}", f"=for i in 1..{block.count} return i")
            return sub(block.name, inside, inner=loop) + chain(before, block.name, then)


def _all(block: All, before: str, then: str) -> str:
    split, join = f"{block.name}_f", f"{block.name}_j"
    if not block.inclusive:
        gateways = both(split, join)
    else:
        gateways = some(split, default=f"{split}_{len(block.parts) - 1}") + some(join)
    found = gateways + chain(before, split) + chain(join, then)
    for number, part in enumerate(block.parts):
        entry = f"{block.name}_{number}_x"
        last = number == len(block.parts) - 1
        condition = f"{block.name}_{number}" if block.inclusive and not last else None
        found += xor(entry) + flow(split, entry, condition, identifier=f"{split}_{number}") + drawn(part, entry, join)
    return found


def _name(block: Block) -> str:
    if isinstance(block, Then):
        return f"then_{_name(block.parts[0])}"
    return "over" if isinstance(block, Over) else block.name


def flags(block: Block) -> Mapping[str, bool]:
    """The variables that inclusive splits ask for."""
    found: dict[str, bool] = {}
    match block:
        case All():
            found.update({f"{block.name}_{n}": flag for n, flag in enumerate(block.flags)})
            for part in block.parts:
                found.update(flags(part))
        case Then():
            for part in block.parts:
                found.update(flags(part))
        case Again() | Each():
            found.update(flags(block.body))
        case _:
            pass
    return found
