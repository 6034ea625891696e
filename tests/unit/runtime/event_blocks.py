"""Processes with events as terms, and a judge that knows nothing of tokens, waits or scopes.

As in `blocks`: a term says what is still to be done. `offers` lists what may happen now, `after` the term that is left
when it has. An action is one of ``("do", task)``, ``("err", job)``, ``("fire", timer)``, ``("msg", message event)``,
``("sig", "flood")``. Each name stands once in a term, and no part of it begins twice, so a name says what is meant.

An event that interrupts replaces what it guards; one that does not adds a term beside it. A signal reaches everything
that waits when it comes: from the outside in, because what is around began to wait first; also one that the process
itself throws, whose thrower goes on only then, if it is still there. An error goes outwards to the first that catches
it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.unit.runtime.builder import (
    both,
    boundary,
    catch,
    chain,
    cycle,
    end,
    flow,
    node,
    of,
    on_event,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)

Action = tuple[str, str]
EVENTS = {"fire": timer("PT1H"), "msg": of("message", "paid"), "sig": of("signal", "flood")}
SIGNAL: Action = ("sig", "flood")


@dataclass(frozen=True)
class Over:
    """Nothing is left."""


@dataclass(frozen=True)
class Do:
    """A user task, or a job that may end with the error E1. shouts: a signal is thrown when it is done."""

    name: str
    job: bool = False
    shouts: bool = False


@dataclass(frozen=True)
class Await:
    """A catch event. kind: fire, msg or sig."""

    name: str
    kind: str


@dataclass(frozen=True)
class Then:
    """One after the other."""

    parts: "tuple[Block, ...]"


@dataclass(frozen=True)
class Both:
    """Side by side between a split and a join."""

    name: str
    parts: "tuple[Block, ...]"


@dataclass(frozen=True)
class First:
    """An event-based gateway: events with what follows each."""

    name: str
    ways: "tuple[tuple[Await, Block], ...]"


@dataclass(frozen=True)
class Handler:
    """What an event does. kind: fire, msg, sig or err. times: how often a timer that does not interrupt may fire."""

    name: str
    kind: str
    body: "Block"
    interrupting: bool = True
    times: int = 1


@dataclass(frozen=True)
class Guarded:
    """A subprocess with handlers: boundary events (`outside`) or event subprocesses. In a subprocess of its own.

    now: what is left of the body, or of the handler that has interrupted it; None: not begun. live: handlers that may
    still occur. beside: what handlers that do not interrupt have added.
    """

    name: str
    body: "Block"
    handlers: tuple[Handler, ...]
    outside: bool
    now: "Block | None" = None
    live: tuple[Handler, ...] = ()
    beside: "tuple[Block, ...]" = ()


Block = Over | Do | Await | Then | Both | First | Guarded
OVER = Over()


class Thrown(Exception):
    """An error that nothing around has caught yet."""


def settled(block: Block) -> Block:  # noqa: PLR0911 - one answer a kind
    """The term as it stands once everything that waits for nobody has been done."""
    match block:
        case Then():
            first = settled(block.parts[0])
            if not isinstance(first, Over):
                return replace(block, parts=(first, *block.parts[1:]))
            return settled(Then(block.parts[1:])) if block.parts[1:] else OVER
        case Both():
            left = _left(block.parts)
            return replace(block, parts=left) if left else OVER
        case Guarded() if block.now is None:
            return settled(replace(block, now=settled(block.body), live=block.handlers))
        case Guarded():
            beside = _left(block.beside)
            if isinstance(block.now, Over) and (block.outside or not beside):
                return replace(block, live=(), beside=beside) if beside else OVER
            return replace(block, beside=beside)
        case _:
            return block


def _left(parts: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(one for one in map(settled, parts) if not isinstance(one, Over))


def offers(block: Block) -> Counter[Action]:  # noqa: PLR0911 - one answer a kind
    """What may happen now, and how often it is waited for."""
    match block:
        case Do():
            return Counter([("do", block.name), ("err", block.name)] if block.job else [("do", block.name)])
        case Await():
            return Counter([SIGNAL if block.kind == "sig" else (block.kind, block.name)])
        case Then():
            return offers(block.parts[0])
        case Both():
            return sum((offers(part) for part in block.parts), Counter())
        case First():
            return sum((offers(event) for event, _ in block.ways), Counter())
        case Guarded():
            waits = [SIGNAL if h.kind == "sig" else (h.kind, h.name) for h in block.live if h.kind != "err"]
            inside = [offers(part) for part in (block.now or OVER, *block.beside)]
            return sum(inside, Counter(waits))
        case _:
            return Counter()


def outcomes(term: Block, action: Action) -> Iterator[Block]:
    """Every whole process that can be left when an action has happened. Raises `Thrown` if nothing catches."""
    if action == SIGNAL:
        yield signalled(term)
    elif action[0] == "do" and _shouts(term, action[1]):
        heard = signalled(term)
        yield from after(heard, action) if action in offers(heard) else (heard,)
    else:
        yield from after(term, action)


def _shouts(block: Block, name: str) -> bool:
    match block:
        case Do():
            return block.name == name and block.shouts
        case Then() | Both():
            return any(_shouts(part, name) for part in block.parts)
        case Guarded():
            return any(_shouts(part, name) for part in (block.now or OVER, *block.beside))
        case _:
            return False


def after(block: Block, action: Action) -> Iterator[Block]:  # noqa: C901 - one case a kind
    """Every term that can be left when an action has happened in it. Raises `Thrown` if nothing catches."""
    match block:
        case Do() if action == ("do", block.name):
            yield OVER
        case Do() if action == ("err", block.name):
            raise Thrown
        case Await() if action == (block.kind, block.name):
            yield OVER
        case Then():
            for first in after(block.parts[0], action):
                yield settled(replace(block, parts=(first, *block.parts[1:])))
        case Both():
            for index, part in enumerate(block.parts):
                for new in after(part, action):
                    yield settled(replace(block, parts=_swapped(block.parts, index, new)))
        case First():
            for event, body in block.ways:
                if action == (event.kind, event.name):
                    yield settled(body)
        case Guarded():
            yield from _guarded(block, action)


def _guarded(block: Guarded, action: Action) -> Iterator[Block]:
    for handler in block.live:
        if action == (handler.kind, handler.name):
            yield _occurs(block, handler)
    try:
        for new in after(block.now or OVER, action):
            yield settled(replace(block, now=new))
    except Thrown:
        yield _caught(block)
    for index, part in enumerate(block.beside):
        try:
            for new in after(part, action):
                yield settled(replace(block, beside=_swapped(block.beside, index, new)))
        except Thrown:
            if block.outside:  # a boundary event guards the activity, not what other boundary events began
                raise
            yield _caught(block)


def _caught(block: Guarded) -> Block:
    handler = next((one for one in block.live if one.kind == "err"), None)
    if handler is None:
        raise Thrown
    return _occurs(block, handler)


def _occurs(block: Guarded, handler: Handler) -> Block:
    if handler.interrupting:
        beside = block.beside if block.outside else ()
        return settled(replace(block, now=settled(handler.body), live=(), beside=beside))
    again = replace(handler, times=handler.times - 1)
    off = handler.kind == "fire" and again.times == 0
    live = tuple(again if one == handler else one for one in block.live if not (off and one == handler))
    return settled(replace(block, live=live, beside=(*block.beside, settled(handler.body))))


def signalled(block: Block) -> Block:  # noqa: PLR0911 - one answer a kind
    """The term that is left when the signal has come."""
    match block:
        case Await(kind="sig"):
            return OVER
        case Then():
            return settled(replace(block, parts=(signalled(block.parts[0]), *block.parts[1:])))
        case Both():
            return settled(replace(block, parts=tuple(map(signalled, block.parts))))
        case First():
            return next((settled(body) for event, body in block.ways if event.kind == "sig"), block)
        case Guarded():
            handler = next((one for one in block.live if one.kind == "sig"), None)
            if handler is not None and handler.interrupting:
                kept = tuple(map(signalled, block.beside)) if block.outside else ()
                return settled(replace(_as_guarded(_occurs(replace(block, beside=()), handler)), beside=kept))
            inside = replace(
                block, now=signalled(block.now or OVER), beside=tuple(signalled(part) for part in block.beside)
            )
            if handler is None:
                return settled(inside)
            return settled(replace(inside, beside=(*inside.beside, settled(handler.body))))
        case _:
            return block


def _as_guarded(block: Block) -> Guarded:
    return block if isinstance(block, Guarded) else Guarded("", OVER, (), outside=True, now=OVER)


def _swapped(parts: tuple[Block, ...], index: int, new: Block) -> tuple[Block, ...]:
    return (*parts[:index], new, *parts[index + 1 :])


def drawn(block: Block, before: str, then: str) -> str:  # noqa: C901, PLR0911 - one answer a kind
    """The BPMN of a term between two elements that exist."""
    match block:
        case Over():
            return flow(before, then)
        case Do():
            text = node("serviceTask", block.name) if block.job else user(block.name)
            if not block.shouts:
                return text + chain(before, block.name, then)
            shout = f"{block.name}_shout"
            return text + throw(shout, EVENTS["sig"]) + chain(before, block.name, shout, then)
        case Await():
            return catch(block.name, EVENTS[block.kind]) + chain(before, block.name, then)
        case Then():
            text, at = "", before
            for number, part in enumerate(block.parts):
                last = number == len(block.parts) - 1
                to = then if last else f"{_first(block.parts[number + 1])}_pre"
                text += ("" if last else node("task", to)) + drawn(part, at, to)
                at = to
            return text
        case Both():
            split, join = f"{block.name}_f", f"{block.name}_j"
            text = both(split, join) + chain(before, split) + chain(join, then)
            return text + "".join(drawn(part, split, join) for part in block.parts)
        case First():
            merge = f"{block.name}_m"
            text = node("eventBasedGateway", block.name) + xor(merge) + chain(before, block.name) + chain(merge, then)
            for event, body in block.ways:
                text += catch(event.name, EVENTS[event.kind]) + chain(block.name, event.name)
                text += drawn(body, event.name, merge)
            return text
        case Guarded():
            return _drawn_guarded(block, before, then)


def _first(block: Block) -> str:
    return block.name if not isinstance(block, Over | Then) else _first(block.parts[0])  # type: ignore[union-attr]


def _drawn_guarded(block: Guarded, before: str, then: str) -> str:
    """A subprocess around the one that is guarded, so that it is over when its handlers are, too."""
    name = block.name
    inside = start(f"{name}_in") + end(f"{name}_out") + drawn(block.body, f"{name}_in", f"{name}_out")
    around = start(f"{name}_begins") + end(f"{name}_over") + chain(f"{name}_begins", f"{name}_body", f"{name}_over")
    for one in block.handlers:
        event = of("error", "E1") if one.kind == "err" else EVENTS[one.kind]
        if one.kind == "fire" and not one.interrupting:
            event = cycle(f"R{one.times}/PT1H")
        if block.outside:
            around += boundary(one.name, f"{name}_body", event, interrupting=one.interrupting)
            around += end(f"{one.name}_over") + drawn(one.body, one.name, f"{one.name}_over")
        else:
            body = end(f"{one.name}_over") + drawn(one.body, f"{one.name}_sp_on", f"{one.name}_over")
            inside += on_event(f"{one.name}_sp", event, body, interrupting=one.interrupting)
    return sub(name, around + sub(f"{name}_body", inside)) + chain(before, name, then)
