# ruff: noqa: E501 - one model a line
"""The model gate: each rule refuses by element id, with a reason and a cure."""

from datetime import date

import pytest

from engine.model.definitions import ExemptionRule, FieldAccess, MaterialKind, Severity
from engine.model.findings import Action, CheckPhase, RiskLevel
from engine.runtime import gate
from engine.runtime.gate import GateReport
from engine.supervision.checks import CHECKS
from tests.unit.runtime.builder import both, bpmn, chain, end, flow, node, some, start, terminate, user, xor

CALLED = '<zeebe:calledDecision decisionId="d" resultVariable="r"/>'
CHECK = (
    '<supervision:check id="i" code="THR-01" name="n" level="high" actions="prompt_clerk alert_unit" '
    'value="=x" operator="&lt;=" limit="=1"/>'
)


def inspect(model: bytes) -> GateReport:
    return gate.inspect(model, resource="m.bpmn", forms={"f"}, decisions={"d"}, checks=CHECKS)


def with_task(extension: str) -> bytes:
    """A model whose user task ``a`` has these extension elements."""
    return bpmn(start(), user("a", extension=extension), end(), chain("s", "a", "e"))


def with_node(xml: str, *more: str) -> bytes:
    """A model whose node ``x`` stands between start and end."""
    return bpmn(start(), xml, end(), chain("s", "x", "e"), *more)


def with_gateway(*flows: str, **attributes: str) -> bytes:
    """A model whose exclusive gateway ``g`` leads to ``e`` and ``f``."""
    return bpmn(start(), xor("g", **attributes), end("e", "f"), chain("s", "g"), *flows)


def outcomes(inner: str, **attributes: str) -> str:
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<supervision:outcomes{extra}>{inner}</supervision:outcomes>"


def checks(*changes: tuple[str, str]) -> bytes:
    """A gateway whose check has something replaced."""
    check = CHECK
    for old, new in changes:
        assert old in check
        check = check.replace(old, new)
    return with_node(xor("x", extension=f"<supervision:checks>{check}</supervision:checks>"))


def message_start() -> str:
    return node("startEvent", "s", inner="<bpmn:messageEventDefinition/>")


ACCEPT = '<supervision:outcome code="ok" name="Agree"/>'

NOT_EXECUTABLE = [
    "transaction", "adHocSubProcess", "complexGateway", "choreographyTask", "nonsense",
]  # fmt: skip

ERRORS: dict[str, tuple[bytes, str, str]] = {
    **{kind: (with_node(node(kind, "x")), "element-not-executable", "x") for kind in NOT_EXECUTABLE},
    "message start": (bpmn(message_start(), end(), chain("s", "e")), "event-incomplete", "s"),
    "signal end": (
        bpmn(start(), node("endEvent", "e", inner="<bpmn:signalEventDefinition/>"), chain("s", "e")),
        "event-incomplete",
        "e",
    ),
    "event subprocess": (with_node(node("subProcess", "x", triggeredByEvent="true")), "event-subprocess-start", "x"),
    "invalid by the schema": (with_node(node("userTask", "x", inner="<bpmn:ioSpecification/>")), "schema-invalid", "x"),
    "compensation": (with_node(node("userTask", "x", isForCompensation="true")), "attribute-not-executable", "x"),
    "camunda 7 attribute": (
        with_node(node("serviceTask", "x", **{"camunda:class": "org.example.Delegate"})),
        "camunda-7-not-executable",
        "x",
    ),
    "camunda 7 element": (
        with_node(user("x", extension="<camunda:taskListener/>")), "camunda-7-not-executable", "x",
    ),
    "task definition": (with_node(user("x", extension='<zeebe:taskDefinition type="t"/>')), "extension-not-executable", "x"),
    "decision on user task": (with_node(user("x", extension=CALLED)), "extension-not-executable", "x"),
    "form twice": (with_task('<zeebe:formDefinition formId="f"/>' * 2), "extension-doubled", "a"),
    "binding": (with_task('<zeebe:formDefinition formId="f" bindingType="versionTag"/>'), "attribute-not-executable", "a"),
    "no process": (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file"/>', "no-process", "file",
    ),
    "not bpmn": (b'<definitions id="file"/>', "not-bpmn", "file"),
    "id doubled": (bpmn(start(), user("a", "a"), end(), chain("s", "a", "e")), "id-doubled", "a"),
    "id missing": (bpmn(start(), user(""), end(), chain("s", "e")), "id-missing", "p"),
    "id of flow missing": (bpmn(start(), end(), flow("s", "e", identifier=" ")), "id-missing", " "),
    "id with number sign": (bpmn(start(), user("a#1"), end(), chain("s", "a#1", "e")), "id-missing", "a#1"),
    "flow dangling": (bpmn(start(), end(), chain("s", "e"), flow("s", "gone")), "flow-dangling", "s_gone"),
    "outgoing dangling": (with_node(node("userTask", "x", inner="<bpmn:outgoing>gone</bpmn:outgoing>")), "reference-dangling", "x"),
    "lane dangling": (
        bpmn('<bpmn:laneSet id="l"><bpmn:lane id="k"><bpmn:flowNodeRef>gone</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>', start(), end(), chain("s", "e")),
        "reference-dangling",
        "k",
    ),
    "no start": (bpmn(user("a"), chain("a", "a")), "start-missing", "p"),
    "into start": (bpmn(start(), user("a"), end(), chain("s", "a", "s"), chain("a", "e")), "start-event-incoming", "s"),
    "out of end": (bpmn(start(), user("a"), end(), chain("s", "a", "e", "a")), "end-event-outgoing", "e"),
    "dead end": (bpmn(start(), both("g"), chain("s", "g")), "dead-end", "g"),
    "no condition": (with_gateway(flow("g", "e", "x"), flow("g", "f")), "flow-without-condition", "g_f"),
    "default dangling": (with_gateway(flow("g", "e", "x"), flow("g", "f", "y"), default="s_g"), "default-dangling", "g"),
    "default with condition": (
        with_gateway(flow("g", "e", "x"), flow("g", "f", "y"), default="g_f"), "default-with-condition", "g_f",
    ),
    "condition behind start": (bpmn(start(), end(), flow("s", "e", "x")), "condition-not-executable", "s_e"),
    "condition behind parallel": (
        bpmn(start(), both("x"), end(), chain("s", "x"), flow("x", "e", "y")), "condition-not-executable", "x_e",
    ),
    "default of parallel": (with_node(node("parallelGateway", "x", default="x_e")), "default-not-executable", "x"),
    "feel": (with_gateway(flow("g", "e", "x >"), flow("g", "f"), default="g_f"), "feel-does-not-compile", "g_e"),
    "number as condition": (
        with_gateway(flow("g", "e", "5"), flow("g", "f"), default="g_f"),
        "condition-never-true",
        "g_e",
    ),
    "text as condition": (
        with_gateway(flow("g", "e", 'string(x) + "a"'), flow("g", "f"), default="g_f"),
        "condition-never-true",
        "g_e",
    ),
    "null as condition": (
        with_gateway(flow("g", "e", "null"), flow("g", "f"), default="g_f"),
        "condition-never-true",
        "g_e",
    ),
    "python": (
        with_gateway(flow("g", "e", "x.__class__.__bases__[0]('id')"), flow("g", "f"), default="g_f"),
        "feel-does-not-compile",
        "g_e",
    ),
    "no equals sign": (
        with_gateway(flow("g", "e", "x"), flow("g", "f"), default="g_f").replace(b">=x<", b">x<"), "condition-not-feel", "g_e",
    ),
    "empty condition": (
        with_gateway(flow("g", "e", "x"), flow("g", "f"), default="g_f").replace(b">=x<", b">= <"), "condition-not-feel", "g_e",
    ),
    "other language": (
        with_gateway(flow("g", "e", "x"), flow("g", "f"), default="g_f").replace(b"Expression>=x", b'Expression language="js">=x'),
        "condition-not-feel",
        "g_e",
    ),
    "empty assignee": (with_task('<zeebe:assignmentDefinition assignee="="/>'), "assignment-empty", "a"),
    "empty positions": (with_task('<zeebe:assignmentDefinition candidateGroups=" = "/>'), "assignment-empty", "a"),
    "feel of assignment": (with_task('<zeebe:assignmentDefinition candidateGroups="=["/>'), "feel-does-not-compile", "a"),
    "feel of subject": (
        bpmn(start(), end(), chain("s", "e"), extension='<supervision:case subject="=)"/>'), "feel-does-not-compile", "p",
    ),
    "unreachable": (bpmn(start(), user("a"), end(), chain("s", "e"), chain("a", "e")), "unreachable", "a"),
    "restless cycle": (
        bpmn(start(), xor("m"), xor("g", default="g_m"), end(), chain("s", "m", "g"), flow("g", "m"), flow("g", "e", "x")),
        "cycle-without-wait",
        "m",
    ),
    "unknown form": (with_task('<zeebe:formDefinition formId="g"/>'), "form-unknown", "a"),
    "form without id": (with_task("<zeebe:formDefinition/>"), "form-unknown", "a"),
    "unknown decision": (
        with_node(node("businessRuleTask", "x", extension='<zeebe:calledDecision decisionId="y" resultVariable="r"/>')),
        "decision-unknown",
        "x",
    ),
    "no decision": (with_node(node("businessRuleTask", "x")), "decision-unknown", "x"),
    "decision by expression": (
        with_node(node("businessRuleTask", "x", extension='<zeebe:calledDecision decisionId="=y" resultVariable="r"/>')),
        "decision-unknown",
        "x",
    ),
    "result variable": (
        with_node(node("businessRuleTask", "x", extension='<zeebe:calledDecision decisionId="d" resultVariable="a b"/>')),
        "result-variable",
        "x",
    ),
    "reserved variable": (with_task(outcomes(ACCEPT, resultVariable="supervision")), "result-variable", "a"),
    "id is no variable": (
        bpmn(start(), user("a-b", extension=outcomes(ACCEPT)), end(), chain("s", "a-b", "e")), "result-variable", "a-b",
    ),
    "no outcome": (with_task(outcomes("")), "outcome-missing", "a"),
    "outcome twice": (with_task(outcomes(ACCEPT * 2)), "supervision-value", "a"),
    "outcome without name": (with_task(outcomes('<supervision:outcome code="ok"/>')), "supervision-value", "a"),
    "outcome boolean": (with_task(outcomes('<supervision:outcome code="o" name="n" negative="yes"/>')), "supervision-value", "a"),
    "outcome misspelt": (
        with_task(outcomes('<supervision:outcome code="o" name="n" opinionrequired="true"/>')), "attribute-not-executable", "a",
    ),
    "stranger in outcomes": (with_task(outcomes(ACCEPT + "<supervision:result/>")), "extension-not-executable", "a"),
    "field access": (
        with_task('<supervision:fields><supervision:field path="x" access="all"/></supervision:fields>'), "supervision-value", "a",
    ),
    "material kind": (
        with_task('<supervision:materials><supervision:material code="c" name="n" kind="film"/></supervision:materials>'),
        "supervision-value",
        "a",
    ),
    "material minimum": (
        with_task('<supervision:materials><supervision:material code="c" name="n" kind="photo" minimum="-1"/></supervision:materials>'),
        "supervision-value",
        "a",
    ),
    "material outcome": (
        with_task(outcomes(ACCEPT) + '<supervision:materials><supervision:material code="c" name="n" kind="photo" outcomes="no"/></supervision:materials>'),
        "supervision-value",
        "a",
    ),
    "check code": (checks(("THR-01", "THR-99")), "check-code", "x"),
    "check operator": (checks(("&lt;=", "~")), "check-parameter", "x"),
    "check level": (checks(('"high"', '"none"')), "check-level", "x"),
    "check action": (checks(("alert_unit", "alert_everybody")), "check-actions", "x"),
    "check without action": (checks(("prompt_clerk alert_unit", "")), "check-actions", "x"),
    "check without value": (checks(('value="=x"', "")), "check-parameter", "x"),
    "check without limit": (checks(('limit="=1"', "")), "check-parameter", "x"),
    "check phase": (checks(("<supervision:check", '<supervision:check phase="lunch"')), "check-phase", "x"),
    "check phase that nobody judges yet": (checks(("<supervision:check", '<supervision:check phase="timer"')), "check-phase", "x"),
    "parameter without name": (checks(("/>", '><supervision:parameter value="1"/></supervision:check>')), "check-content", "x"),
    "parameter twice": (
        checks(("/>", '><supervision:parameter name="unit" value="a"/><supervision:parameter name="unit" value="b"/></supervision:check>')),
        "check-content",
        "x",
    ),
    "parameter feel": (
        checks(("/>", '><supervision:parameter name="serious" value="=1+"/></supervision:check>')), "feel-does-not-compile", "x",
    ),
    "stranger in a check": (checks(("/>", "><supervision:limit/></supervision:check>")), "check-content", "x"),
    "exemption without basis": (
        checks(("/>", '><supervision:exemption id="e" when="=true"/></supervision:check>')), "check-content", "x",
    ),
    "exemption until never": (
        checks(("/>", '><supervision:exemption id="e" when="=true" basis="b" until="2026-02-30"/></supervision:check>')), "check-content", "x",
    ),
    "exemption feel": (
        checks(("/>", '><supervision:exemption id="e" when="=1+" basis="b"/></supervision:check>')), "feel-does-not-compile", "x",
    ),
    "reason feel": (checks(("<supervision:check", '<supervision:check allowWithReason="=1+"')), "feel-does-not-compile", "x"),
    "check without id": (checks(('id="i"', "")), "check-id", "x"),
    "check misspelt": (checks(("<supervision:check", '<supervision:check block="true"')), "attribute-not-executable", "x"),
    "check feel": (checks(('limit="=1"', 'limit="=1+"')), "feel-does-not-compile", "x"),
    "check twice": (
        with_node(xor("x", extension=f"<supervision:checks>{CHECK * 2}</supervision:checks>")), "check-id", "x",
    ),
    "results without checks": (
        with_gateway(flow("g", "e", 'supervision.level = "high"'), flow("g", "f"), default="g_f"),
        "supervision-without-checks",
        "g_e",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_refused(name: str) -> None:
    """The rule speaks, about that element, as an error with a reason and a cure; nothing is offered to run."""
    model, rule, element = ERRORS[name]
    report = inspect(model)
    found = [f for f in report.errors if (f.rule, f.element_id) == (rule, element)]
    assert found, [(f.rule, f.element_id, f.message) for f in report.findings]
    assert found[0].message
    assert found[0].cure
    assert report.processes == ()


ACCEPTED = {
    "terminate": bpmn(start(), terminate("e"), chain("s", "e")),
    "inclusive": bpmn(start(), some("g", default="g_f"), end("e", "f"), chain("s", "g"), flow("g", "e", "x"), flow("g", "f")),
    "decision": with_node(node("businessRuleTask", "x", extension=CALLED)),
    "check": checks(),
    "condition alone": with_gateway(flow("g", "e", "x")).replace(b'<bpmn:endEvent id="f"></bpmn:endEvent>', b""),
    "cycle through a user task": bpmn(start(), user("a"), xor("g", default="g_a"), end(), chain("s", "a", "g"), flow("g", "a"), flow("g", "e", "x")),
    "decoration": bpmn(
        '<bpmn:documentation>why</bpmn:documentation>',
        '<bpmn:laneSet id="l"><bpmn:lane id="k"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>',
        '<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="dor" dataObjectRef="do"/>',
        '<bpmn:dataStoreReference id="dsr"/>',
        start(), user("a", extension="<zeebe:properties/><zeebe:userTask/>"), end(), chain("s", "a", "e"),
        '<bpmn:textAnnotation id="t"><bpmn:text>note</bpmn:text></bpmn:textAnnotation>',
        '<bpmn:association id="as" sourceRef="a" targetRef="t"/><bpmn:group id="gr"/>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    """What we run, and what is only decoration, passes."""
    report = inspect(ACCEPTED[name])
    assert report.errors == ()
    assert [process.process_id for process in report.processes] == ["p"]


def test_data_associations_are_decoration() -> None:
    """bpmn-js draws a data object with associations and a placeholder property; none of it copies variables."""
    inner = (
        '<bpmn:property id="pr" name="__targetRef_placeholder"/><bpmn:dataInputAssociation id="in">'
        "<bpmn:sourceRef>dor</bpmn:sourceRef><bpmn:targetRef>pr</bpmn:targetRef></bpmn:dataInputAssociation>"
    )
    objects = '<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="dor" dataObjectRef="do"/>'
    assert inspect(with_node(node("userTask", "x", inner=inner), objects)).errors == ()


def test_what_a_launch_demands_is_a_warning() -> None:
    """Form, positions, legal basis and post may be missing until launch."""
    report = inspect(with_task(""))
    assert report.errors == ()
    assert {f.rule for f in report.findings} == {
        "form-missing", "assignment-missing", "law-missing", "post-missing", "time-limit-missing",
    }  # fmt: skip
    assert {(f.severity, f.element_id) for f in report.findings} == {(Severity.WARNING, "a")}


def test_unknown_ids_are_not_asked_for_without_lists() -> None:
    """None means that the caller does not want forms and decisions looked up."""
    model = with_task('<zeebe:formDefinition formId="anything"/>')
    assert gate.inspect(model, resource="", forms=None, decisions=None).errors == ()


def test_a_check_has_everything_that_was_drawn() -> None:
    """Phase, loophole, reason, parameters and exemptions; a short attribute is a parameter."""
    check = (
        '<supervision:check id="i" code="THR-01" name="n" level="low" actions="prompt_clerk" phase="submit" '
        'loophole="L3" allowWithReason="=why" blocking="true" value="x">'
        '<supervision:parameter name="limit" value="= 10 "/><supervision:parameter name="unit" value="元"/>'
        '<supervision:exemption id="e" when="=poor" basis="b" until="2026-12-31"/></supervision:check>'
    )
    (definition,) = inspect(with_task(f"<supervision:checks>{check}</supervision:checks>")).processes
    (drawn,) = next(element for element in definition.elements.values() if element.id == "a").checks
    assert drawn.parameters == {"value": "=x", "limit": "=10", "unit": "元"}
    assert (drawn.phase, drawn.loophole, drawn.allow_with_reason) == (CheckPhase.SUBMIT, "L3", "why")
    assert drawn.exemptions == (ExemptionRule(id="e", when="poor", basis="b", until=date(2026, 12, 31)),)


def test_definition_has_everything_that_was_drawn() -> None:
    """The values of engine.model, defaults included."""
    extension = (
        '<zeebe:formDefinition formId="f"/><zeebe:assignmentDefinition assignee="=who" candidateGroups="x, y"/>'
        '<supervision:basis law="L" post="P"/>'
        + outcomes('<supervision:outcome code="ok" name="Agree"/><supervision:outcome code="no" name="Refuse" opinionRequired="true" negative="true" returns="true"/>')
        + '<supervision:fields><supervision:field path="m" access="read"/></supervision:fields>'
        '<supervision:materials><supervision:material code="c" name="n" kind="photo" minimum="2" outcomes="ok"/></supervision:materials>'
        f"<supervision:checks>{CHECK}</supervision:checks>"
    )  # fmt: skip
    model = bpmn(
        start(), user("a", extension=extension), node("businessRuleTask", "r", extension=CALLED), end(),
        chain("s", "a", "r", "e"), extension='<supervision:case subject="=applicant" numberPrefix="DB"/>',
    )  # fmt: skip
    (definition,) = inspect(model).processes
    assert (definition.name, definition.subject, definition.number_prefix) == ("P", "applicant", "DB")
    elements = {str(k): v for k, v in definition.elements.items()}
    assert list(elements) == ["s", "a", "r", "e"]
    task = elements["a"]
    assert (task.type, task.form_id, task.assignee, task.candidate_positions) == ("userTask", "f", "=who", ("x", "y"))
    assert [(o.code, o.opinion_required, o.negative, o.returns) for o in task.outcomes] == [
        ("ok", False, False, False),
        ("no", True, True, True),
    ]
    assert (task.result_variable, task.basis.law, task.basis.post) == ("a_outcome", "L", "P")
    assert task.field_access == {"m": FieldAccess.READ}
    (material,) = task.materials
    assert (material.kind, material.minimum, material.outcomes) == (MaterialKind.PHOTO, 2, frozenset({"ok"}))
    (check,) = task.checks
    assert (check.code, check.level, check.phase) == ("THR-01", RiskLevel.HIGH, CheckPhase.ENTRY)
    assert check.parameters == {"value": "=x", "operator": "<=", "limit": "=1"}
    assert (check.actions, check.blocking) == (frozenset({Action.PROMPT_CLERK, Action.ALERT_UNIT}), False)
    assert (elements["r"].decision_id, elements["r"].decision_result_variable) == ("d", "r")
    assert elements["e"].result_variable is None
