"""Models of other tools: what is certain is rewritten and told, what is not is refused by name."""

import pytest

from engine.model.definitions import LintFinding, Severity
from engine.runtime import gate, interpreter
from engine.runtime.interchange.juel import Untranslatable, to_feel
from tests.unit.runtime.builder import Case, bpmn, chain, end, flow, node, start, user, xor
from tests.unit.runtime.proving import proves

CHOICE = [start(), xor("g", default="g_f"), end("e", "f"), chain("s", "g"), flow("g", "f")]


def findings(model: bytes, severity: Severity = Severity.INFO) -> list[LintFinding]:
    report = gate.inspect(model, resource="m.bpmn", forms=None, decisions=None)
    return [found for found in report.findings if found.severity is severity]


def rules(model: bytes, severity: Severity = Severity.INFO) -> set[tuple[str, str]]:
    return {(found.rule, found.element_id) for found in findings(model, severity)}


def condition(text: str, **attributes: str) -> bytes:
    """A choice whose condition is written in another way."""
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    inner = f"<bpmn:conditionExpression{extra}>{text}</bpmn:conditionExpression>"
    return bpmn(*CHOICE, f'<bpmn:sequenceFlow id="c" sourceRef="g" targetRef="e">{inner}</bpmn:sequenceFlow>')


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("approved", "approved"), ("!approved", "not(approved)"), ("not approved", "not(approved)"),
        ("x == 1 && y != 'a'", 'x = 1 and y != "a"'), ("a.b gt 2 or c", "a.b > 2 or c"),
        ("clarified.equals('yes')", '(clarified = "yes")'), ("!(x <= 1 || y)", "not((x <= 1 or y))"),
        ("nrOfCompletedInstances/nrOfInstances >= 0.5", "numberOfCompletedInstances / numberOfInstances >= 0.5"),
        ("bpmn:getDataObject('clarified') = 'yes'", 'clarified = "yes"'), ("x == None", "x = null"),
        ("同意 == '是'", '同意 = "是"'), ("say == 'a\"b'", 'say = "a\\"b"'),
    ],
)  # fmt: skip
def test_what_means_the_same_everywhere(text: str, feel: str) -> None:
    """Names, literals, comparisons, and, or, not, and the number of a loop's instances."""
    assert to_feel(text) == feel


@pytest.mark.parametrize(
    "text",
    [
        "bean.method(x)", "execution.id == 1", "loopCounter == 0", "x ? 1 : 2", "empty x", "x = ", "a b", "x[0]",
        "__import__('os')", "x; y", "", "(" * 300, "getDataObject(x)", "x.equals(", "lambda: 1", "'a\\'b'",
        "getDataObject(",
    ],
)  # fmt: skip
def test_what_is_not_certain(text: str) -> None:
    """Calls, Java objects, Camunda 7's counting from 0, and what is no condition at all."""
    with pytest.raises(Untranslatable):
        to_feel(text)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("${x == 'yes'}", {}), ("#{x == 'yes'}", {}), ("x == 'yes'", {}), ('x = "yes"', {"language": "feel"}),
        ('x = "yes"', {"language": "https://www.omg.org/spec/DMN/20191111/FEEL/"}),
        ("getDataObject('x') = 'yes'", {"language": "http://www.w3.org/1999/XPath"}),
    ],
)  # fmt: skip
def test_conditions_of_other_languages_run(text: str, attributes: dict[str, str]) -> None:
    """Given such a condition, when it runs, then it chooses as its FEEL would; and the gate tells the FEEL."""
    model = condition(text, **attributes)
    assert rules(model) == {("rewritten-expression", "c")}
    assert '=x = "yes"' in findings(model)[0].message
    assert "+e#1" in Case(model, {"x": "yes"}).story
    assert "+f#1" in Case(model, {"x": "no"}).story


@pytest.mark.parametrize("text", ["${bean.ok(x)}", "approved by the mayor", "x.size() == 1", "_undefined", "next()"])
def test_conditions_that_are_no_feel_are_refused(text: str) -> None:
    """A remark or a program is no condition."""
    assert ("condition-not-feel", "c") in rules(condition(text), Severity.ERROR)


def test_a_file_to_look_at_is_executable() -> None:
    """Where no process is marked, each that is drawn runs; where one is, the others only describe."""
    model = bpmn(start(), end(), chain("s", "e"), executable=False)
    assert rules(model) == {("rewritten-executable", "p")}
    assert Case(model).step.ended
    other = b'<bpmn:process id="q"><bpmn:startEvent id="qs"/></bpmn:process></bpmn:definitions>'
    mixed = bpmn(start(), end(), chain("s", "e")).replace(b"</bpmn:definitions>", other)
    report = gate.inspect(mixed, resource="", forms=None, decisions=None)
    assert [(f.rule, f.element_id) for f in report.findings] == [("process-not-run", "q")]
    assert [process.process_id for process in report.processes] == ["p"]


def test_flows_without_id_get_one() -> None:
    """Deterministic, unique, and told: the trace must be able to name the flow."""
    bare = '<bpmn:sequenceFlow sourceRef="s" targetRef="e"/>'
    model = bpmn(start(), end(), bare, bare)
    assert rules(model) == {("rewritten-flow-id", "s-e"), ("rewritten-flow-id", "s-e-2")}
    assert Case(model).story[2:4] == [">s-e", ">s-e-2"]


def performer(kind: str, text: str) -> bytes:
    """A user task ``a`` with a plain BPMN role."""
    inner = (
        f"<bpmn:{kind}><bpmn:resourceAssignmentExpression><bpmn:formalExpression>{text}</bpmn:formalExpression>"
        f"</bpmn:resourceAssignmentExpression></bpmn:{kind}>"
    )
    return bpmn(start(), node("userTask", "a", inner=inner), end(), chain("s", "a", "e"))


@pytest.mark.parametrize(
    ("kind", "text", "assignee", "positions"),
    [
        ("humanPerformer", "kermit", "kermit", ()), ("humanPerformer", "${who}", "w", ()),
        ("humanPerformer", "=who", "w", ()), ("potentialOwner", "management", None, ("management",)),
        ("potentialOwner", "group(a), group(b)", None, ("a", "b")),
        ("potentialOwner", "受理岗,复核岗", None, ("受理岗", "复核岗")),
    ],
)  # fmt: skip
def test_roles_of_plain_bpmn(kind: str, text: str, assignee: str | None, positions: tuple[str, ...]) -> None:
    """humanPerformer is the assignee, potentialOwner the positions."""
    model = performer(kind, text)
    assert rules(model) == {("rewritten-role", "a")}
    (waiting,) = Case(model, {"who": "w"}).step.waiting
    assert (waiting.assignee, waiting.candidate_positions) == (assignee, positions)


@pytest.mark.parametrize("text", ["user(x), group(y)", "${bean.who()}", "a(b)c", "user(kermit)"])
def test_roles_that_cannot_be_read_are_told(text: str) -> None:
    """The model runs, nobody is assigned, and both are said."""
    model = performer("potentialOwner", text)
    assert rules(model) == {("role-not-read", "a")}
    assert ("assignment-missing", "a") in rules(model, Severity.WARNING)


def seven(kind: str, extension: str = "", inner: str = "", **attributes: str) -> bytes:
    """A model whose node ``a`` has attributes and elements of Camunda 7."""
    named = {f"camunda:{name}": value for name, value in attributes.items()}
    drawn = node(kind, "a", extension=extension, inner=inner, **named)
    return bpmn(start(), drawn, end(), chain("s", "a", "e"))


def test_assignment_of_camunda_7() -> None:
    """assignee and candidateGroups, literal or as a simple expression."""
    model = seven("userTask", assignee="${who}", candidateGroups="a, b")
    assert rules(model) == {("rewritten-camunda-7", "a")}
    (waiting,) = Case(model, {"who": "lin"}).step.waiting
    assert (waiting.assignee, waiting.candidate_positions) == ("lin", ("a", "b"))


def test_external_tasks_are_jobs() -> None:
    """type="external" with a topic is exactly a job."""
    (job,) = Case(seven("serviceTask", type="external", topic="print")).step.jobs
    assert job.type == "print"


def test_mappings_of_camunda_7() -> None:
    """inputOutput with literals and simple expressions; a list or a script in it is refused."""
    extension = (
        '<camunda:inputOutput><camunda:inputParameter name="y">${x}</camunda:inputParameter>'
        '<camunda:outputParameter name="z">${y}</camunda:outputParameter></camunda:inputOutput>'
    )
    case = Case(seven("userTask", extension), {"x": 5})
    assert interpreter.visible(case.step.state, case.waiting[0])["y"] == 5
    assert case.complete("a").variables == {"x": 5, "z": 5}
    wrong = '<camunda:inputOutput><camunda:inputParameter name="y"><camunda:list/></camunda:inputParameter></camunda:inputOutput>'  # noqa: E501
    assert ("camunda-7-not-executable", "a") in rules(seven("userTask", wrong), Severity.ERROR)


def test_multi_instance_of_camunda_7() -> None:
    """collection and elementVariable; the names of the numbers are translated."""
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${people}" camunda:elementVariable="person">'
        "<bpmn:completionCondition>${nrOfCompletedInstances == 1}</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    case = Case(seven("userTask", inner=loop), {"people": ["a", "b"]})
    assert [interpreter.visible(case.step.state, one)["person"] for one in case.waiting] == ["a", "b"]
    assert case.complete("a").ended


def test_calls_of_camunda_7() -> None:
    """in and out one by one: nothing else passes."""
    extension = '<camunda:in source="x" target="y"/><camunda:out source="r" target="z"/>'
    call = node("callActivity", "a", extension=extension, calledElement="child")
    model = bpmn(start(), call, end(), chain("s", "a", "e"))
    assert rules(model) == {("rewritten-camunda-7", "a")}
    (drawn,) = gate.drawn(model)
    (called,) = drawn.xml.iter("{http://camunda.org/schema/zeebe/1.0}calledElement")
    assert called.get("propagateAllParentVariables") == called.get("propagateAllChildVariables") == "false"


def test_scripts_and_decisions_of_camunda_7() -> None:
    """A FEEL script runs; a decision is named when its result has the same shape here."""
    script = seven("scriptTask", inner="<bpmn:script>x + 1</bpmn:script>", resultVariable="y")
    script = script.replace(b"<bpmn:scriptTask ", b'<bpmn:scriptTask scriptFormat="feel" ')
    assert Case(script, {"x": 1}).step.variables["y"] == 2
    named = {"decisionRef": "d", "resultVariable": "r"}
    assert not findings(seven("businessRuleTask", mapDecisionResult="singleEntry", **named), Severity.ERROR)
    assert ("camunda-7-not-executable", "a") in rules(seven("businessRuleTask", **named), Severity.ERROR)


@pytest.mark.parametrize("name", ["class", "delegateExpression", "expression"])
def test_java_is_refused_with_its_equivalent(name: str) -> None:
    """Camunda 7's delegates have no meaning here; the finding says what to use."""
    (found,) = findings(seven("serviceTask", **{name: "${bean.run()}"}), Severity.ERROR)
    assert (found.rule, found.element_id) == ("camunda-7-not-executable", "a")
    assert "zeebe:taskDefinition" in found.cure


def test_forms_and_dates_of_camunda_7_are_a_matter_of_the_launch() -> None:
    """formKey and dueDate do not change where tokens go: warnings. What tunes an engine is told once."""
    model = seven("userTask", formKey="f", dueDate="${x.y()}", asyncBefore="true")
    assert not findings(model, Severity.ERROR)
    assert ("camunda-7-not-read", "a") in rules(model, Severity.WARNING)
    assert rules(model) == {("camunda-7-tuning", "a")}


DATA = (
    '<bpmn:dataObject id="d1" name="x"/><bpmn:dataObjectReference id="r1" dataObjectRef="d1"/>'
    '<bpmn:dataObject id="d2"/><bpmn:dataObjectReference id="r2" name="y" dataObjectRef="d2"/>'
    '<bpmn:dataObjectReference id="r3" name="收入 证明" dataObjectRef="d2"/>'
)


def with_data(source: str, name: str, target: str) -> bytes:
    """A user task that reads ``source`` into a data input of that name and writes a data output to ``target``."""
    inner = (
        f'<bpmn:ioSpecification><bpmn:dataInput id="in" name="{name}"/><bpmn:dataOutput id="out" name="{name}"/>'
        "<bpmn:inputSet><bpmn:dataInputRefs>in</bpmn:dataInputRefs></bpmn:inputSet>"
        "<bpmn:outputSet><bpmn:dataOutputRefs>out</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>"
        f"<bpmn:dataInputAssociation><bpmn:sourceRef>{source}</bpmn:sourceRef><bpmn:targetRef>in</bpmn:targetRef>"
        "</bpmn:dataInputAssociation><bpmn:dataOutputAssociation><bpmn:sourceRef>out</bpmn:sourceRef>"
        f"<bpmn:targetRef>{target}</bpmn:targetRef></bpmn:dataOutputAssociation>"
    )
    return bpmn(DATA, start(), node("userTask", "a", inner=inner), end(), chain("s", "a", "e"))


@proves("data object")
def test_data_objects_are_variables() -> None:
    """Given a data object x, a task with the data input v and a data object y as its output: x is v inside, v is y."""
    model = with_data("r1", "v", "r2")
    assert rules(model) == {("rewritten-data", "a")}
    case = Case(model, {"x": 1})
    assert interpreter.visible(case.step.state, case.waiting[0])["v"] == 1
    assert case.complete("a", v=2).variables == {"x": 1, "y": 2}


@proves("data object")
def test_data_objects_that_are_no_variables_are_drawings() -> None:
    """A name that cannot be a variable copies nothing, and that is told."""
    model = with_data("r3", "v", "r3")
    assert rules(model) == {("data-only-drawn", "a")}
    assert Case(model).complete("a", v=2).variables == {"v": 2}


def test_assignments_of_data_associations() -> None:
    """FEEL or a plain comparison becomes a mapping; a transformation is refused."""
    box = "<bpmn:dataInputAssociation><bpmn:targetRef>pr</bpmn:targetRef>{}</bpmn:dataInputAssociation>"
    assigned = "<bpmn:assignment><bpmn:from>=x + 1</bpmn:from><bpmn:to>v</bpmn:to></bpmn:assignment>"
    placeholder = '<bpmn:property id="pr" name="p"/>'
    tasks = {
        text: bpmn(start(), node("userTask", "a", inner=placeholder + box.format(text)), end(), chain("s", "a", "e"))
        for text in (assigned, "<bpmn:transformation>x</bpmn:transformation>")
    }
    case = Case(tasks.pop(assigned), {"x": 1})
    assert interpreter.visible(case.step.state, case.waiting[0])["v"] == 2
    (other,) = tasks.values()
    assert rules(other, Severity.ERROR) == {("data-not-executable", "a")}


def test_multi_instance_of_plain_bpmn() -> None:
    """loopDataInputRef and inputDataItem name the collection and the item, loopDataOutputRef collects."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>r1</bpmn:loopDataInputRef>"
        '<bpmn:loopDataOutputRef>r2</bpmn:loopDataOutputRef><bpmn:inputDataItem id="i1" name="one"/>'
        '<bpmn:outputDataItem id="o1" name="answer"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    model = bpmn(DATA, start(), node("userTask", "a", inner=loop), end(), chain("s", "a", "e"))
    assert rules(model) == {("rewritten-loop", "a")}
    case = Case(model, {"x": [7, 8]})
    assert [interpreter.visible(case.step.state, one)["one"] for one in case.waiting] == [7, 8]
    case.complete("a", answer="p")
    assert case.complete("a", answer="q").variables["y"] == ["p", "q"]
    unknown = model.replace(b">r1<", b">r3<")
    assert ("loop-data-unknown", "a") in rules(unknown, Severity.ERROR)


def test_extensions_of_others_are_told_once_a_namespace() -> None:
    """What we do not read is named, unless the file demands that it is understood."""
    model = bpmn(start(), user("a", "b", extension='<v:x xmlns:v="urn:vendor"/>'), end(), chain("s", "a", "b", "e"))
    assert rules(model) == {("extension-not-read", "a")}
    strict = model.replace(
        b'targetNamespace="t">', b'targetNamespace="t"><bpmn:extension definition="v:x" mustUnderstand="true"/>', 1
    )
    assert ("extension-must-be-understood", "file") in rules(strict, Severity.ERROR)
    spiff = bpmn(
        start(),
        user("a", extension='<s:preScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">x=1</s:preScript>'),
        end(),
        chain("s", "a", "e"),
    )
    assert ("extension-not-executable", "a") in rules(spiff, Severity.ERROR)
