"""Hostile and odd models: each is refused clearly or runs right, and none crashes the gate."""

import pytest

from engine.model.definitions import Severity
from engine.runtime import gate
from tests.unit.runtime.builder import Case, both, bpmn, chain, end, flow, node, start, sub, task, user, xor
from tests.unit.runtime.proving import proves


def rules(model: bytes) -> dict[str, int]:
    """How many errors of each rule."""
    found: dict[str, int] = {}
    for one in gate.inspect(model, resource="", forms=None, decisions=None, called=()).errors:
        found[one.rule] = found.get(one.rule, 0) + 1
    return found


def nested(depth: int) -> bytes:
    """Subprocesses in one another; the user task ``a`` is innermost."""
    inner, name = user("a"), "a"
    for level in range(depth):
        around = (start(f"s{level}"), inner, end(f"e{level}"), chain(f"s{level}", name, f"e{level}"))
        inner, name = sub(f"p{level}", *around), f"p{level}"
    return bpmn(start(), inner, end(), chain("s", name, "e"))


def test_deep() -> None:
    """Forty subprocesses in one another run; more levels than XML may have are refused."""
    assert Case(nested(40)).complete("a").ended
    assert rules(nested(120)) == {"xml.too_large": 1}


def test_huge() -> None:
    """A chain of 3,000 elements passes; 30,000 unknown elements are refused with a bounded number of findings."""
    ids = [f"t{n}" for n in range(3000)]
    assert rules(bpmn(start(), task(*ids), end(), chain("s", *ids, "e"))) == {}
    strange = "".join(f'<bpmn:nonsense id="n{n}"/>' for n in range(30_000))
    assert rules(bpmn(start(), end(), chain("s", "e"), strange))["element-not-executable"] == gate.MAX_PER_RULE


def test_wide() -> None:
    """A thousand parallel branches, each with a choice, do not explode the search for dead joins."""
    ids = [f"t{n}" for n in range(1000)]
    drawn = (xor(*ids) + task(*(f"{one}_a" for one in ids))) + "".join(
        flow("f", one) + flow(one, f"{one}_a") + flow(f"{one}_a", "j") for one in ids
    )
    assert rules(bpmn(start(), both("f", "j"), drawn, end(), chain("s", "f"), chain("j", "e"))) == {}


def test_doubled_ids_in_other_parts() -> None:
    """An id is unique in the file, over processes, lanes and flows."""
    other = f'<bpmn:process id="q">{start("s")}{end("z")}{chain("s", "z")}</bpmn:process>'.encode()
    model = bpmn(start(), end(), chain("s", "e")).replace(b"</bpmn:definitions>", other + b"</bpmn:definitions>")
    assert rules(model)["id-doubled"] == 1


def test_chinese_ids_and_names() -> None:
    """Ids and names in Chinese run, in conditions too."""
    model = bpmn(
        start("开始"), user("受理"), xor("是否同意", default="不同意"), end("办结", "退回"),
        chain("开始", "受理", "是否同意"), flow("是否同意", "办结", '意见 = "同意"', identifier="同意"),
        flow("是否同意", "退回", identifier="不同意"),
    )  # fmt: skip
    assert rules(model) == {}
    case = Case(model)
    case.complete("受理", **{"意见": "同意"})
    assert ">同意" in case.story


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    """A byte order mark and UTF-16 run."""
    model = bpmn(start(), user("受理"), end(), chain("s", "受理", "e")).decode().encode(encoding)
    assert Case(model).open == ["受理"]


def test_comments_and_instructions_inside_expressions() -> None:
    """What a comment splits is one text."""
    split = flow("x", "e", "a = 1").replace("=a = 1", "=a<!-- so --><?or?> = 1")
    model = bpmn(start(), xor("x", default="d"), end("e", "f"), chain("s", "x"), split, flow("x", "f", identifier="d"))
    assert ">x_e" in Case(model, {"a": 1}).story


def test_other_prefixes_and_namespaces() -> None:
    """The default namespace, other prefixes for BPMN, and elements of another namespace with the same names."""
    model = bpmn(start(), user("a"), end(), chain("s", "a", "e"))
    model = model.replace(b"bpmn:", b"").replace(b"xmlns:bpmn", b"xmlns")
    assert Case(model).open == ["a"]
    foreign = model.replace(b'<userTask id="a">', b'<userTask xmlns="urn:other" id="a">')
    assert "flow-dangling" in rules(foreign)


POOLS = """<bpmn:collaboration id="c">
<bpmn:participant id="p1" name="A" processRef="p"/><bpmn:participant id="p2" name="B" processRef="q"/>
<bpmn:participant id="p3" name="black box"/>
<bpmn:messageFlow id="m1" sourceRef="{source}" targetRef="{target}"/><bpmn:group id="gr"/></bpmn:collaboration>"""


def pools(source: str, target: str, *more: str) -> bytes:
    """Two processes in pools, ``s a e`` and ``qs qa qe``, a third pool without a process, and a message flow."""
    second = start("qs") + user("qa") + end("qe") + chain("qs", "qa", "qe")
    first = bpmn(start(), user("a"), end(), chain("s", "a", "e"), *more)
    second_process = f'<bpmn:process id="q" isExecutable="true">{second}</bpmn:process></bpmn:definitions>'
    drawn = first.replace(b"</bpmn:definitions>", second_process.encode())
    collaboration = POOLS.format(source=source, target=target)
    return drawn.replace(b"<bpmn:process", collaboration.encode() + b"<bpmn:process", 1)


@proves("pool and message flow")
def test_pools_with_message_flows() -> None:
    """Between pools, or to a black box: drawn only. Both processes are executable."""
    for source, target in (("a", "qa"), ("p3", "s"), ("p1", "p2")):
        report = gate.inspect(pools(source, target), resource="", forms=None, decisions=None)
        assert report.errors == ()
        assert [process.process_id for process in report.processes] == ["p", "q"]
    assert rules(pools("a", "e")) == {"message-flow-inside": 1}
    assert rules(pools("a", "nobody")) == {"reference-dangling": 1}


def test_sequence_flows_across_pools() -> None:
    """A sequence flow into another pool is refused as such."""
    assert rules(pools("a", "qa", flow("a", "qa"))) == {"flow-across-border": 1}


@proves("subprocess without content")
def test_collapsed_subprocess_without_content() -> None:
    """It passes at once, with a warning."""
    model = bpmn(start(), sub("x"), user("a"), end(), chain("s", "x", "a", "e"))
    report = gate.inspect(model, resource="", forms=None, decisions=None)
    assert ("subprocess-empty", Severity.WARNING) in {(one.rule, one.severity) for one in report.findings}
    assert Case(model).story[1:5] == ["-s#1", ">s_x", "+x#1", "-x#1"]


WRONG = {
    "boundary without host": (
        node("boundaryEvent", "b", attachedToRef="nobody", inner="<bpmn:timerEventDefinition/>"), "reference-dangling",
    ),
    "boundary on a gateway": (
        xor("g") + node("boundaryEvent", "b", attachedToRef="g", inner="<bpmn:timerEventDefinition/>"),
        "reference-of-wrong-kind",
    ),
    "flow into a boundary event": (
        node("boundaryEvent", "b", attachedToRef="a", inner="<bpmn:timerEventDefinition/>") + flow("a", "b"),
        "boundary-event-incoming",
    ),
    "data object reference": ('<bpmn:dataObjectReference id="r" dataObjectRef="a"/>', "reference-of-wrong-kind"),
    "gateway direction": (
        node("exclusiveGateway", "g", gatewayDirection="Converging", default="d")
        + flow("a", "g") + flow("g", "e", "x") + flow("g", "e", identifier="d"),
        "gateway-direction",
    ),
    "called process": (
        node("callActivity", "c", calledElement="nobody") + chain("a", "c", "e"), "called-process-unknown",
    ),
    "unknown function": (
        xor("g", default="d") + flow("a", "g") + flow("g", "e", "frobnicate(x)") + flow("g", "e", identifier="d"),
        "feel-does-not-compile",
    ),
    "wrong arguments": (
        xor("g", default="d") + flow("a", "g") + flow("g", "e", "abs(1, 2, 3) > x") + flow("g", "e", identifier="d"),
        "feel-does-not-compile",
    ),
    "unknown attribute": ('<bpmn:task id="t" colour="red"/>', "schema-invalid"),
    "no target": ('<bpmn:sequenceFlow id="f" sourceRef="a"/>', "schema-invalid"),
    "time limit": (
        user("t", extension='<supervision:timeLimit legal="soon"/>') + chain("a", "t", "e"), "time-limit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_illegal_combinations(name: str) -> None:
    """Refused by the rule that says it best."""
    drawn, rule = WRONG[name]
    assert rule in rules(bpmn(start(), user("a"), end(), chain("s", "a", "e"), drawn))
