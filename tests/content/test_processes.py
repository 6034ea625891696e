"""Every shipped process passes the model gate, names law and post, and is drawn completely."""

from itertools import pairwise
from pathlib import Path

from lxml import etree

from engine.feel import dmn
from engine.forms.schema import FormSchema
from engine.model.definitions import ElementDefinition, FieldAccess, MaterialKind, ProcessDefinition
from engine.runtime import gate, xml

ROOT = Path(__file__).resolve().parents[2]
DIBAO = ROOT / "processes" / "dibao" / "dibao.bpmn"
POWERS = {"userTask", "businessRuleTask"}
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
UNDRAWN = {"definitions", "process", "laneSet", "collaboration"}


def inspect(process: Path, forms: dict[str, FormSchema]) -> gate.GateReport:
    decisions = {
        decision for file in (ROOT / "processes").rglob("*.dmn") for decision in dmn.load(file.read_bytes()).decisions
    }
    return gate.inspect(process.read_bytes(), resource=process.name, forms=set(forms), decisions=decisions)


def dibao(forms: dict[str, FormSchema]) -> ProcessDefinition:
    (definition,) = inspect(DIBAO, forms).processes
    return definition


def test_every_process_passes_the_gate(process: Path, forms: dict[str, FormSchema]) -> None:
    """What we ship can be deployed."""
    assert inspect(process, forms).errors == ()


def test_every_power_names_law_and_post(process: Path, forms: dict[str, FormSchema]) -> None:
    """Every node that exercises power has its legal basis and responsible post (权责法定、责任明晰)."""
    for definition in inspect(process, forms).processes:
        powers = [one for one in definition.elements.values() if one.type in POWERS or one.checks]
        assert powers
        assert [one.id for one in powers if not (one.basis.law and one.basis.post)] == []


def test_every_negative_outcome_needs_an_opinion(process: Path, forms: dict[str, FormSchema]) -> None:
    """Nobody is refused without a reason."""
    for definition in inspect(process, forms).processes:
        outcomes = [outcome for one in definition.elements.values() for outcome in one.outcomes]
        assert all(outcome.opinion_required for outcome in outcomes if outcome.negative)


def test_field_rules_name_fields_of_the_form(process: Path, forms: dict[str, FormSchema]) -> None:
    """A field rule that names no field of the node's form would protect nothing."""
    for definition in inspect(process, forms).processes:
        for element in definition.elements.values():
            if element.form_id is not None:
                assert set(element.field_access) - set(forms[element.form_id].fields) == set(), element.id


def test_everything_is_drawn(process: Path) -> None:
    """Every node, lane, flow and note has its shape or edge, and edges run at right angles (associations excepted)."""
    root = xml.parse(process.read_bytes())
    drawn = {one.get("bpmnElement") for one in root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")}
    listed = [one for one in root.iter() if isinstance(one.tag, str) and one.tag.startswith(BPMN) and one.get("id")]
    assert {one.get("id") for one in listed if etree.QName(one).localname not in UNDRAWN} - drawn == set()
    flows = {one.get("id") for one in root.iter(f"{BPMN}sequenceFlow")}
    for edge in root.iter(f"{BPMNDI}BPMNEdge"):
        points = [(one.get("x"), one.get("y")) for one in edge.iter(f"{DI}waypoint")]
        if edge.get("bpmnElement") in flows:
            assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))


def test_every_process_has_its_readme(process: Path) -> None:
    """The purpose, the law, the posts and the loopholes closed are written beside the model."""
    readme = (process.parent / "README.md").read_text(encoding="utf-8")
    assert all(word in readme for word in ("目的", "法律依据", "责任岗位", "漏洞"))


def element(forms: dict[str, FormSchema], identifier: str) -> ElementDefinition:
    return next(one for key, one in dibao(forms).elements.items() if key == identifier)


def test_dibao_subject_and_number(forms: dict[str, FormSchema]) -> None:
    """A case is called by its applicant and numbered DB."""
    assert dibao(forms).number_prefix == "DB"
    assert dibao(forms).subject == "applicant_name"


def test_dibao_checks(forms: dict[str, FormSchema]) -> None:
    """Income, vehicle and savings are checked at the gateway; each prompts the clerk and alerts the unit."""
    checks = element(forms, "Gateway_Supervision").checks
    assert [(check.id, check.code, check.parameters["operator"]) for check in checks] == [
        ("income", "THR-01", "<"),
        ("vehicle", "THR-01", "<="),
        ("savings", "THR-01", "<="),
    ]
    assert all(check.actions and not check.blocking for check in checks)


def test_dibao_later_user_tasks_only_read_earlier_facts(forms: dict[str, FormSchema]) -> None:
    """Reviewer, leader and approver see what visit and comparison found, and cannot write it."""
    for identifier in ("Review", "CollectiveReview", "Confirmation"):
        access = element(forms, identifier).field_access
        for fact in ("verified_monthly_income", "savings", "vehicle_value", "members", "consistent"):
            assert access[fact] is FieldAccess.READ


def test_dibao_evidence(forms: dict[str, FormSchema]) -> None:
    """No visit without a site photo, no receipt without authorisation, no collective review without minutes."""
    demanded = {
        (identifier, material.code): material.kind
        for identifier, one in dibao(forms).elements.items()
        for material in one.materials
        if material.minimum
    }
    assert demanded == {
        ("Receipt", "application"): MaterialKind.ATTACHMENT,
        ("Receipt", "authorisation"): MaterialKind.ATTACHMENT,
        ("HouseholdVisit", "site_photo"): MaterialKind.PHOTO,
        ("CollectiveReview", "minutes"): MaterialKind.ATTACHMENT,
    }
