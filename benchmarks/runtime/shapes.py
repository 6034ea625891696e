"""The processes that are measured, each drawn twice: in our dialect, and as plain BPMN for raw SpiffWorkflow.

A shape says how it is played: which element is completed next with which values, given how many were before.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

WORKER = "lin"
"""Who works every user task: a person of the demonstration city."""

FORM_ID = "bench"
FORM = (
    b'{"type":"default","id":"bench","schemaVersion":19,"components":['
    + b",".join(
        b'{"type":"%b","id":"Field_%b","key":"%b","label":"%b"}' % (kind, key, key, key)
        for kind, key in (
            (b"textarea", b"text"),
            (b"textfield", b"name"),
            (b"textfield", b"address"),
            (b"number", b"amount"),
            (b"checkbox", b"again"),
        )
    )
    + b"]}"
)

Values = Mapping[str, object]
Play = Iterator[tuple[str, Values]]

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="file" targetNamespace="bench">'
)
_OURS = (
    "<bpmn:extensionElements>"
    f'<zeebe:assignmentDefinition assignee="{{who}}"/><zeebe:formDefinition formId="{FORM_ID}"/>'
    "</bpmn:extensionElements>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A process and how it is played. naive_limit: completions after which stock SpiffWorkflow goes no further."""

    name: str
    nodes: str
    flows: tuple[tuple[str, str, str | None], ...]
    play: Callable[[], Play]
    start: Mapping[str, object] | None = None
    who: str = WORKER
    naive_limit: int | None = None

    def ours(self) -> bytes:
        """In our dialect. Its process has the name of the shape as id."""
        flows = "".join(
            _flow(source, target, condition and f"={condition}") for source, target, condition in self.flows
        )
        nodes = self.nodes.replace("<USER/>", _OURS.format(who=escape(self.who, {'"': "&quot;"})))
        return self._file(nodes + flows).encode()

    def naive(self) -> str:
        """Plain BPMN, with conditions in Python."""
        nodes = self.nodes.replace("<USER/>", "")
        flows = "".join(
            _flow(source, target, condition and condition.replace(" = true", "").replace("true", "True"))
            for source, target, condition in self.flows
        )
        return self._file(nodes + flows)

    def _file(self, inner: str) -> str:
        return f'{_HEAD}<bpmn:process id="{self.name}" isExecutable="true">{inner}</bpmn:process></bpmn:definitions>'


def sequence() -> Shape:
    """Ten user tasks in a row."""
    names = [f"t{number}" for number in range(1, 11)]
    line = ["s", *names, "e"]
    return Shape(
        name="sequence",
        nodes=_START + "".join(map(_user, names)) + _END,
        flows=tuple((a, b, None) for a, b in itertools.pairwise(line)),
        play=lambda: ((name, _form(number)) for number, name in enumerate(names)),
    )


def approval() -> Shape:
    """Application, two departments at once, a decision that sends back twice, an approval."""

    def play() -> Play:
        for number in range(3):
            yield "apply", _form(number)
            yield "finance", _form(number, name="finance")
            yield "law", _form(number, name="law")
            yield "decide", {"again": number < 2}
        yield "approve", _form(9)

    return Shape(
        name="approval",
        nodes=_START + _xor("merge") + "".join(map(_user, ("apply", "finance", "law", "decide", "approve")))
        + _both("split") + _both("join") + _xor("back", default="back_approve") + _END,
        flows=(
            ("s", "merge", None), ("merge", "apply", None), ("apply", "split", None), ("split", "finance", None),
            ("split", "law", None), ("finance", "join", None), ("law", "join", None), ("join", "decide", None),
            ("decide", "back", None), ("back", "merge", "again = true"), ("back", "approve", None),
            ("approve", "e", None),
        ),
        play=play,
    )  # fmt: skip


def loop(rounds: int) -> Shape:
    """One user task that is sent back to itself."""
    return Shape(
        name="loop",
        nodes=_START + _xor("merge") + _user("work") + _xor("back", default="back_e") + _END,
        flows=(
            ("s", "merge", None), ("merge", "work", None), ("work", "back", None),
            ("back", "merge", "again = true"), ("back", "e", None),
        ),
        play=lambda: (("work", _form(number, again=number < rounds - 1)) for number in range(rounds)),
        naive_limit=320,
    )  # fmt: skip


def parallel(count: int) -> Shape:
    """Multi-instance: `count` user tasks at once."""
    characteristics = (
        f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    return Shape(
        name=f"parallel{count}",
        nodes=_START + f'<bpmn:userTask id="each"><USER/>{characteristics}</bpmn:userTask>' + _END,
        flows=(("s", "each", None), ("each", "e", None)),
        play=lambda: (("each", {"name": f"n{number}"}) for number in range(count)),
    )


def crowd(count: int) -> Shape:
    """`count` user tasks at once, each for somebody else: ``bench1``, ``bench2`` and so on."""
    base = parallel(count)
    return Shape(
        name=f"crowd{count}",
        nodes=base.nodes,
        flows=base.flows,
        play=base.play,
        who='="bench" + string(loopCounter)',
    )


def variables(kilobytes: int) -> Shape:
    """Ten tasks in a row, the first of which brings so much data that all others carry it along."""
    base = sequence()

    def play() -> Play:
        half = "字" * (kilobytes * 1024 // 6)
        for number, (name, values) in enumerate(base.play()):
            yield name, {**values, "text": half, "address": half} if number == 0 else {"amount": number}

    return Shape(name=f"variables{kilobytes}", nodes=base.nodes, flows=base.flows, play=play)


def _form(number: int, *, name: str = "name", again: bool = False) -> Values:
    """About 0.9 KB."""
    return {
        "text": f"{number}. " + "居民家庭经济状况核对情况说明。" * 16,
        "name": name,
        "address": "柳荫街道 1 号",
        "amount": 1200 + number,
        "again": again,
    }


def _user(name: str) -> str:
    return f'<bpmn:userTask id="{name}"><USER/></bpmn:userTask>'


def _xor(name: str, default: str = "") -> str:
    attribute = f' default="{default}"' if default else ""
    return f'<bpmn:exclusiveGateway id="{name}"{attribute}/>'


def _both(name: str) -> str:
    return f'<bpmn:parallelGateway id="{name}"/>'


def _flow(source: str, target: str, condition: str | None) -> str:
    inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
    flow = f'id="{source}_{target}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {flow}>{inner}</bpmn:sequenceFlow>"


_START = '<bpmn:startEvent id="s"/>'
_END = '<bpmn:endEvent id="e"/>'
