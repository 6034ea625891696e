"""Tiny BPMN models as text, and a case that is played through them."""

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from engine.model.definitions import ElementDefinition
from engine.model.findings import Judgement, RiskLevel
from engine.model.ids import Digest, ElementInstanceId
from engine.model.transitions import Step, TransitionKind
from engine.runtime import interpreter
from engine.runtime.environment import Decided, Environment
from engine.runtime.interpreter import ExecutableProcess

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:supervision="urn:mingjing:supervision:1" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="file" targetNamespace="t">'
)


def bpmn(*parts: str, process_id: str = "p", executable: bool = True, extension: str = "") -> bytes:
    """A file with one process made of the parts."""
    inner = _extensions(extension) + "".join(parts)
    flag = str(executable).lower()
    process = f'<bpmn:process id="{process_id}" name="P" isExecutable="{flag}">{inner}</bpmn:process>'
    return f"{_HEAD}{process}</bpmn:definitions>".encode()


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


class Case:
    """An instance that is played. Every step is run twice from the same bytes: the same must come out."""

    def __init__(
        self,
        model: bytes | ExecutableProcess,
        variables: Mapping[str, object] | None = None,
        world: Environment = WORLD,
    ) -> None:
        self.process = interpreter.load(model, "p") if isinstance(model, bytes) else model
        self.world = world
        self.waiting: list[ElementInstanceId] = []
        self.step = interpreter.start(self.process, variables or {}, world)
        self._take(self.step)

    def complete(self, element: str, **variables: object) -> Step:
        """Complete the oldest waiting instance of an element."""
        instance = next(i for i in self.waiting if i.rpartition("#")[0] == element)
        before = self.step.state
        copy = bytes(bytearray(before))
        self.step = interpreter.complete(self.process, before, instance, variables, self.world)
        assert before == copy
        assert self.step == interpreter.complete(self.process, copy, instance, variables, self.world)
        self.waiting.remove(instance)
        self._take(self.step)
        return self.step

    def _take(self, step: Step) -> None:
        began = [t.instance for t in step.transitions if t.kind is TransitionKind.ACTIVATED]
        waits = sorted([*(w.instance for w in step.waiting), *(w.instance for w in step.jobs)], key=began.index)
        self.waiting = [i for i in self.waiting if i not in step.closed] + waits

    @property
    def open(self) -> list[str]:
        """Element ids that wait, sorted."""
        return sorted(i.rpartition("#")[0] for i in self.waiting)

    @property
    def story(self) -> list[str]:
        """The last step: ``+a#1`` activated, ``-a#1`` completed, ``!a#1`` terminated, ``>flow`` taken."""
        return story(self.step)


def story(step: Step) -> list[str]:
    """See `Case.story`."""
    signs = {TransitionKind.ACTIVATED: "+", TransitionKind.COMPLETED: "-", TransitionKind.TERMINATED: "!"}
    return [
        f">{t.element}" if t.kind is TransitionKind.FLOW_TAKEN else f"{signs[t.kind]}{t.instance}"
        for t in step.transitions
    ]
