"""Tiny BPMN models as text, and a case that is played through them."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.model.definitions import ElementDefinition
from engine.model.findings import Judgement, RiskLevel
from engine.model.ids import Digest, ElementInstanceId
from engine.model.transitions import Occasion, Step, Subscription, TransitionKind, WaitingTimer
from engine.runtime import interpreter, live
from engine.runtime.environment import Decided, Environment
from engine.runtime.interpreter import ExecutableProcess
from engine.runtime.state import State, read
from engine.trace.replay import State as Replayed

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:supervision="urn:mingjing:supervision:1" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="file" targetNamespace="t">'
)


def bpmn(*parts: str, process_id: str = "p", executable: bool = True, extension: str = "", beside: str = "") -> bytes:
    """A file with one process made of the parts. beside: messages, signals and so on; those of `BESIDE` are there."""
    inner = _extensions(extension) + "".join(parts)
    flag = str(executable).lower()
    process = f'<bpmn:process id="{process_id}" name="P" isExecutable="{flag}">{inner}</bpmn:process>'
    drawn = "".join(text for name, text in BESIDE.items() if f'"{name}"' in inner)
    return f"{_HEAD}{drawn}{beside}{process}</bpmn:definitions>".encode()


BESIDE = {
    **{
        f"{name}_message": f'<bpmn:message id="{name}_message" name="{name}"><bpmn:extensionElements>'
        f'<zeebe:subscription correlationKey="=key"/></bpmn:extensionElements></bpmn:message>'
        for name in ("paid", "moved", "asked", "told", "answered")
    },
    **{f"{name}_signal": f'<bpmn:signal id="{name}_signal" name="{name}"/>' for name in ("flood", "fire")},
    **{f"{name}_error": f'<bpmn:error id="{name}_error" errorCode="{name}"/>' for name in ("E1", "E2")},
    **{
        f"{name}_escalation": f'<bpmn:escalation id="{name}_escalation" escalationCode="{name}"/>'
        for name in ("up", "on")
    },
}
"""What events of the tests may refer to, by id. Its messages are correlated by the variable key."""


def timer(when: str, kind: str = "timeDuration") -> str:
    """A timer event definition."""
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(when)}</bpmn:{kind}></bpmn:timerEventDefinition>"


def cycle(when: str) -> str:
    return timer(when, "timeCycle")


def of(kind: str, name: str = "") -> str:
    """An event definition that refers to something of `BESIDE`: ``of("message", "paid")``; nothing: any code."""
    reference = f' {kind}Ref="{name}_{kind}"' if name else ""
    return f"<bpmn:{kind}EventDefinition{reference}/>"


def becomes(condition: str) -> str:
    """A conditional event definition."""
    inner = f"<bpmn:condition>={escape(condition)}</bpmn:condition>"
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def link(name: str) -> str:
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def catch(identifier: str, event: str, **more: str) -> str:
    return node("intermediateCatchEvent", identifier, inner=event, **more)


def throw(identifier: str, event: str, extension: str = "") -> str:
    return node("intermediateThrowEvent", identifier, inner=event, extension=extension)


def ends(identifier: str, event: str, extension: str = "") -> str:
    return node("endEvent", identifier, inner=event, extension=extension)


def boundary(identifier: str, host: str, event: str, *, interrupting: bool = True, extension: str = "") -> str:
    more = {} if interrupting else {"cancelActivity": "false"}
    return node("boundaryEvent", identifier, inner=event, extension=extension, attachedToRef=host, **more)


def on_event(identifier: str, event: str, *parts: str, interrupting: bool = True, extension: str = "") -> str:
    """An event subprocess with its start event ``<id>_on``."""
    begins = node(
        "startEvent", f"{identifier}_on", inner=event, extension=extension, isInterrupting=str(interrupting).lower()
    )
    return node("subProcess", identifier, inner=begins + "".join(parts), triggeredByEvent="true")


def node(kind: str, *ids: str, extension: str = "", inner: str = "", **attributes: str) -> str:
    """One or more flow nodes of a kind."""
    extra = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    body = _extensions(extension) + inner
    return "".join(f'<bpmn:{kind} id="{identifier}"{extra}>{body}</bpmn:{kind}>' for identifier in ids)


def start(identifier: str = "s") -> str:
    return node("startEvent", identifier)


def end(*ids: str) -> str:
    return node("endEvent", *(ids or ("e",)))


def terminate(identifier: str) -> str:
    return node("endEvent", identifier, inner="<bpmn:terminateEventDefinition/>")


def user(*ids: str, extension: str = "") -> str:
    return node("userTask", *ids, extension=extension)


def xor(*ids: str, extension: str = "", **attributes: str) -> str:
    return node("exclusiveGateway", *ids, extension=extension, **attributes)


def both(*ids: str) -> str:
    return node("parallelGateway", *ids)


def some(*ids: str, **attributes: str) -> str:
    return node("inclusiveGateway", *ids, **attributes)


def task(*ids: str) -> str:
    return node("task", *ids)


def script(identifier: str, expression: str, variable: str, *, inner: str = "", mappings: str = "") -> str:
    """A script task; its FEEL is written without ``=``."""
    drawn = f"<zeebe:script expression={quoteattr('=' + expression)} resultVariable={quoteattr(variable)}/>"
    return node("scriptTask", identifier, extension=drawn + mappings, inner=inner)


def sub(identifier: str, *parts: str, extension: str = "", inner: str = "") -> str:
    """An embedded subprocess with its own start and end, ``<id>_s`` and ``<id>_e``, unless the parts bring them."""
    return node("subProcess", identifier, extension=extension, inner=inner + "".join(parts))


def many(collection: str = "items", *, sequential: bool = False, completion: str = "", **attributes: str) -> str:
    """Multi-instance characteristics over a FEEL list."""
    drawn = {"inputCollection": f"={collection}", "inputElement": "item", **attributes}
    written = "".join(f" {name}={quoteattr(value)}" for name, value in drawn.items())
    done = f"<bpmn:completionCondition>={escape(completion)}</bpmn:completionCondition>" if completion else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{_extensions(f'<zeebe:loopCharacteristics{written}/>')}{done}</bpmn:multiInstanceLoopCharacteristics>"
    )


def mapped(*lines: str) -> str:
    """An ioMapping from lines such as ``> source -> target`` (in) and ``< source -> target`` (out)."""
    items = []
    for line in lines:
        source, target = line[1:].split("->")
        kind = "input" if line[0] == ">" else "output"
        items.append(f"<zeebe:{kind} source={quoteattr('=' + source.strip())} target={quoteattr(target.strip())}/>")
    return f"<zeebe:ioMapping>{''.join(items)}</zeebe:ioMapping>"


def flow(source: str, target: str, condition: str | None = None, identifier: str | None = None) -> str:
    """A sequence flow; its id is ``source_target`` unless given. `condition` is written with a leading ``=``."""
    inner = "" if condition is None else f"<bpmn:conditionExpression>={escape(condition)}</bpmn:conditionExpression>"
    name = identifier or f"{source}_{target}"
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def chain(*ids: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in itertools.pairwise(ids))


def _extensions(text: str) -> str:
    return f"<bpmn:extensionElements>{text}</bpmn:extensionElements>" if text else ""


def undecided(decision: str, variables: Mapping[str, object], now: datetime) -> Decided:
    raise AssertionError(f"nobody should ask for {decision}")


def clear(element: ElementDefinition, variables: Mapping[str, object]) -> Judgement:
    return Judgement(element_id=element.id, level=RiskLevel.NONE, results=())


WORLD = Environment(now=NOW, decide=undecided, judge=clear)


def decides(output: object) -> Environment:
    """A world in which every decision has this output."""

    def decide(decision: str, variables: Mapping[str, object], now: datetime) -> Decided:
        return Decided(digest=Digest("d" * 64), matched=(2,), inputs={"x": variables.get("x")}, output=output)

    return Environment(now=NOW, decide=decide, judge=clear)


def at_work(state: State) -> dict[str, str]:
    """Elements at work by element instance. A loop as a whole (``id@n``) is none; its instances are."""
    return {row.instance: row.element for row in state.tokens if row.instance and "@" not in row.instance}


class Case:
    """An instance that is played. Every step is run twice from the same bytes: the same must come out.

    Beside it runs an instance that stays in memory, its deltas are kept, and another instance follows them: all must
    give the same state, too.
    """

    def __init__(
        self,
        model: bytes | ExecutableProcess,
        variables: Mapping[str, object] | None = None,
        world: Environment = WORLD,
        begin_at: str | None = None,
    ) -> None:
        self.process = interpreter.load(model, "p") if isinstance(model, bytes) else model
        self.world = world
        self.waiting: list[ElementInstanceId] = []
        self.timers: dict[ElementInstanceId, WaitingTimer] = {}
        self.subscriptions: dict[ElementInstanceId, Subscription] = {}
        self.replay = Replayed()
        self.step = interpreter.start(self.process, variables or {}, world, start_event=begin_at)
        self.base, self.deltas = self.step.state, list[bytes]()
        self.alive = live.restore(self.process, self.base, world)
        self.follower = live.restore(self.process, self.base, world)
        self._take(self.step)

    def complete(self, element: str, **variables: object) -> Step:
        """Complete the oldest waiting instance of an element."""
        instance = next(i for i in self.waiting if i.rpartition("#")[0] == element)
        step = self._move("complete", instance, variables)
        self.waiting.remove(instance)
        return step

    def advance(self, **period: float) -> None:
        """The clock moves; nothing fires by itself."""
        self.world = replace(self.world, now=self.world.now + timedelta(**period))
        self.alive.at(self.world)
        self.follower.at(self.world)

    def fire(self, element: str) -> Step:
        """The oldest timer of an element is due; the clock moves there if it is earlier."""
        due = next(one for one in self.timers.values() if one.element == element)
        if due.due_at > self.world.now:
            self.advance(seconds=(due.due_at - self.world.now).total_seconds())
        return self._move("fire", due.instance)

    def correlate(self, name: str, key: str | None = None, **variables: object) -> Step:
        """A message reaches the oldest subscription of that name and key."""
        found = (one for one in self.subscriptions.values() if one.kind is Occasion.MESSAGE and one.name == name)
        return self._move(
            "correlate", next(one.instance for one in found if key in (None, one.correlation_key)), variables
        )

    def signal(self, name: str, **variables: object) -> Step:
        """A signal reaches the instance."""
        return self._move("signal", name, variables)

    def error(self, element: str, code: str, message: str = "", **variables: object) -> Step:
        """The oldest waiting job of an element ends with an error."""
        instance = next(i for i in self.waiting if i.rpartition("#")[0] == element)
        return self._move("throw_error", instance, code, message, variables)

    def _move(self, verb: str, *arguments: Any) -> Step:
        before = self.step.state
        copy = bytes(bytearray(before))
        act = getattr(interpreter, verb)
        self.step = act(self.process, before, *arguments, self.world)
        assert before == copy
        assert self.step == act(self.process, copy, *arguments, self.world)
        self._take(self.step)
        self._compare(verb, arguments)
        return self.step

    def _compare(self, verb: str, arguments: tuple[Any, ...]) -> None:
        getattr(self.alive, verb)(*arguments)
        beside = self.alive.step()
        assert beside.delta == self.step.delta
        assert self.alive.snapshot() == self.step.state
        self.deltas.append(beside.delta)
        restored = live.restore(self.process, self.base, self.world, self.deltas)
        assert restored.snapshot() == self.step.state
        self.follower.follow([beside.delta])
        assert self.follower.snapshot() == self.step.state
        if len(self.deltas) % 3 == 0:
            self.alive, self.follower = self.follower, self.alive
        if len(self.deltas) == 8:
            self.base, self.deltas = self.step.state, []

    def _take(self, step: Step) -> None:
        began = [t.instance for t in step.transitions if t.kind is TransitionKind.ACTIVATED]
        waits = sorted([*(w.instance for w in step.waiting), *(w.instance for w in step.jobs)], key=began.index)
        self.waiting = [i for i in self.waiting if i not in step.closed] + waits
        for gone in step.closed:
            self.timers.pop(gone, None)
            self.subscriptions.pop(gone, None)
        self.timers.update((one.instance, one) for one in step.timers)
        self.subscriptions.update((one.instance, one) for one in step.subscriptions)
        self._replay(step)

    def _replay(self, step: Step) -> None:
        """What the trace would record of all steps so far folds to the tokens that there are now."""
        recorded = [
            {"kind": t.kind, "element": t.element, "instance": t.instance, "type": t.type} for t in step.transitions
        ]
        self.replay.apply(self.replay.seq + 1, {"transitions": recorded})
        replayed = {instance: token.element for instance, token in self.replay.tokens.items()}
        assert replayed == at_work(read(step.state))

    @property
    def open(self) -> list[str]:
        """Element ids that wait, sorted."""
        return sorted(i.rpartition("#")[0] for i in self.waiting)

    @property
    def listens(self) -> list[str]:
        """Element ids of timers and subscriptions, sorted."""
        timers = [str(one.element) for one in self.timers.values()]
        return sorted(timers + [str(one.element) for one in self.subscriptions.values()])

    @property
    def happened(self) -> list[str]:
        """`story` without sequence flows."""
        return [one for one in self.story if one[0] != ">"]

    @property
    def story(self) -> list[str]:
        """The last step: ``+a#1`` activated, ``-a#1`` completed, ``!a#1`` terminated, ``>flow`` taken."""
        return story(self.step)


def story(step: Step) -> list[str]:
    """See `Case.story`."""
    signs = {
        TransitionKind.ACTIVATED: "+", TransitionKind.COMPLETED: "-", TransitionKind.TERMINATED: "!",
        TransitionKind.FAILED: "?",
    }  # fmt: skip
    return [
        f">{t.element}" if t.kind is TransitionKind.FLOW_TAKEN else f"{signs[t.kind]}{t.instance}"
        for t in step.transitions
    ]
