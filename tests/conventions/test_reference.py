"""docs/reference says what the code says, and the examples of the guides run."""

import json
import re
from pathlib import Path

import pytest

from engine.cli import main
from engine.forms import schema
from engine.model.definitions import LintFinding, Severity
from engine.runtime import gate
from engine.supervision.checks import CHECKS
from scripts import bpmn_reference, camunda_reference, reference, rule_reference
from tests.conventions.tree import ROOT

GUIDES = ("docs/user/zh/designer.md", "docs/user/en/designer.md")


def _example(guide: str, language: str, begin: str) -> str:
    """The first block of that language in a guide that begins so."""
    text = (ROOT / guide).read_text(encoding="utf-8")
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return next(block for block in blocks if block.startswith(begin))


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_reference_is_fresh(name: str) -> None:
    """A page that differs from the code: run scripts/reference.py."""
    written = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name]()


def test_every_rule_says_what_it_is_and_how_to_mend_it() -> None:
    """No rule stands in the reference without a message or a cure."""
    rules = [(name, rule) for found in rule_reference.collect(ROOT).values() for name, rule in found.items()]
    assert [name for name, rule in rules if not rule.messages or not rule.cures] == []


def test_every_element_that_runs_is_proven() -> None:
    """No element stands in the reference without a test that marks itself as its proof."""
    assert [element for element, tests in bpmn_reference.proofs(ROOT).items() if not tests] == []


def test_every_operation_of_camunda_s_is_tried_by_its_client() -> None:
    """What is offered in the shapes of Camunda 8 is called by one of Camunda's own clients in a test."""
    lines = camunda_reference.camunda8().partition("## Not offered")[0].splitlines()
    assert [line for line in lines if line.startswith("| `") and not line.endswith("✔ |")] == []


def test_a_rule_that_fires_is_in_the_reference() -> None:
    """A rule whose id is put together while it runs is collected under the id that people see."""
    bpmn = _example(GUIDES[0], "xml", "<?xml").replace('law="', 'lawn="').replace('level="high"', 'level="hot"')
    report = gate.inspect(bpmn.encode(), resource="x", forms=None, decisions=None, checks=CHECKS)
    fired = {finding.rule for finding in report.findings}
    assert fired >= {"law-missing", "check-level", "attribute-not-executable"}
    assert fired <= set(rule_reference.collect(ROOT)["model"])


@pytest.mark.parametrize("guide", GUIDES)
def test_the_example_of_the_designers_guide_runs(guide: str) -> None:
    """The worked example passes the model gate without a warning, with its own form."""
    form = _example(guide, "json", "{").encode()
    bpmn = _example(guide, "xml", "<?xml").encode()
    parsed = schema.parse(form, resource=guide)
    findings: list[LintFinding] = [*schema.lint(form, guide)]
    findings += gate.inspect(bpmn, resource=guide, forms={parsed.form_id}, decisions=(), checks=CHECKS).findings
    assert findings == []


@pytest.mark.parametrize("guide", GUIDES)
def test_the_scenario_of_the_designers_guide_runs(
    guide: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The worked example, played by the scenario of the guide, ends as that expects."""
    (tmp_path / "relief.bpmn").write_text(_example(guide, "xml", "<?xml"), encoding="utf-8")
    (tmp_path / "high.json").write_text(_example(guide, "json", '{\n  "description"'), encoding="utf-8")
    assert main(["simulate", str(tmp_path / "relief.bpmn"), "--scenario", str(tmp_path / "high.json")]) == 0
    assert '"element": "CollectiveReview"' in capsys.readouterr().out


def test_both_guides_hold_the_same_example() -> None:
    """Chinese and English readers deploy the same bytes."""
    for language, begin in (("xml", "<?xml"), ("json", "{")):
        assert _example(GUIDES[0], language, begin) == _example(GUIDES[1], language, begin)
    assert json.loads(_example(GUIDES[0], "json", "{"))["id"] == "relief-registration"


def test_what_the_gate_refuses_in_the_guide_is_refused() -> None:
    """The finding that the guides print is the one that the gate gives."""
    drawn = _example(GUIDES[0], "xml", "<?xml")
    place = '<bpmn:userTask id="Review"'
    bpmn = drawn.replace(place, f'<bpmn:complexGateway id="Letter"/>{place}', 1).encode()
    report = gate.inspect(bpmn, resource="relief.bpmn", forms=None, decisions=None)
    (refusal,) = (finding for finding in report.findings if finding.rule == "element-not-executable")
    assert refusal.severity is Severity.ERROR
    for guide in GUIDES:
        assert refusal.message in (ROOT / guide).read_text(encoding="utf-8")
