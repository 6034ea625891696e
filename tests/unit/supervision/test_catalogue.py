"""Every check keeps the promises of the catalogue: source, sentences in two languages, an example that runs."""

import string
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from engine.identity.identifiers import FORMATS
from engine.model.findings import CheckOutcome
from engine.model.lookups import DecisionNeed, Found, Need
from engine.runtime import gate
from engine.supervision import gateway
from engine.supervision.check import Check
from engine.supervision.checks import CHECKS
from engine.supervision.facts import Given
from engine.supervision.sentences import COMMON, Sentence, render
from tests.unit.runtime.builder import bpmn, chain, end, start, xor

FIRST = {
    "THR-01", "THR-02", "THR-03", "RAT-01", "DDL-01", "DDL-02", "DDL-03",
    "SEQ-01", "SEQ-03", "SEP-01", "DUP-01", "FMT-01", "XDB-02",
}  # fmt: skip
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
every_check = pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))


def test_the_first_checks_are_there() -> None:
    """Those of issue 6, and the two for rules of the unit's own."""
    assert set(CHECKS) >= FIRST | {"EXP-01", "DMN-01"}


@every_check
def test_a_check_says_where_it_comes_from(check: Check) -> None:
    """Source, rule, phases, and parameters that are explained once each."""
    assert check.source
    assert check.rule.endswith(".")
    assert check.rule_zh.endswith("。")
    assert check.phases
    assert len(check.by_name) == len(check.parameters)
    assert all(parameter.zh and parameter.meaning for parameter in check.parameters)
    assert all(group <= set(check.by_name) for group in check.alternatives)


def holes(text: str) -> set[str]:
    """What a template asks for, without the marks of the language."""
    return {str(name).removesuffix("_en") for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(
    "sentence", [*COMMON.values(), *(one for check in CHECKS.values() for one in check.sentences.values())]
)
def test_both_languages_say_the_same(sentence: Sentence) -> None:
    """The same names and numbers stand in both."""
    assert holes(sentence.zh) == holes(sentence.en)


def fetch(need: Need) -> Found:
    """A world in which everything is found."""
    value: object = {"hit": True, "reason": "距离学校不足 200 米"} if isinstance(need, DecisionNeed) else ({"id": "9"},)
    return Found(value=value, version="1")


@every_check
def test_the_example_passes_the_gate_and_hits(check: Check) -> None:
    """What the reference shows can be drawn as it stands, and finds something in its variables, in both languages."""
    extension = f"<supervision:checks>{check.example}</supervision:checks>"
    model = bpmn(start(), xor("x", extension=extension), end(), chain("s", "x", "e"))
    report = gate.inspect(model, resource="m", forms=None, decisions=None, checks=CHECKS)
    assert report.errors == ()
    element = next(one for one in report.processes[0].elements.values() if one.id == "x")
    given = Given(formats=FORMATS)
    (result,) = gateway.judge(element, check.example_variables, now=NOW, given=given, fetch=fetch).results
    assert (result.outcome, result.code) == (CheckOutcome.HIT, check.code), result.reason
    assert result.reason == render(check.sentences, result.reason_code, result.reason_params)
    assert render(check.sentences, result.reason_code, result.reason_params, "en").isprintable()


@every_check
def test_an_empty_case_is_never_a_pass(check: Check) -> None:
    """Whatever a check needs is missing: it says so, and does not crash."""
    extension = f"<supervision:checks>{check.example}</supervision:checks>"
    model = bpmn(start(), xor("x", extension=extension), end(), chain("s", "x", "e"))
    report = gate.inspect(model, resource="m", forms=None, decisions=None)
    element = next(one for one in report.processes[0].elements.values() if one.id == "x")
    (result,) = gateway.judge(element, {}, now=NOW).results
    assert result.outcome is CheckOutcome.CANNOT_SAY
    assert result.reason_code not in ("crashed", "expression", "unknown-check")
    assert result.reason.startswith(f"无法判断{result.name}：")


@every_check
def test_a_parameter_that_does_not_exist_is_refused(check: Check) -> None:
    """Misspelt parameters do not become silent defaults."""
    root = etree.fromstring(f'<x xmlns:supervision="urn:mingjing:supervision:1">{check.example}</x>')
    etree.SubElement(root[0], "{urn:mingjing:supervision:1}parameter", name="limitt", value="1")
    drawn = etree.tostring(root[0]).decode()
    model = bpmn(start(), xor("x", extension=f"<supervision:checks>{drawn}</supervision:checks>"), end(),
                 chain("s", "x", "e"))  # fmt: skip
    report = gate.inspect(model, resource="m", forms=None, decisions=None, checks=CHECKS)
    assert [finding.rule for finding in report.errors] == ["check-parameter"]
    assert "limitt" in report.errors[0].message


def test_needs_are_asked_once() -> None:
    """Two checks with one need look once; a check that cannot tell what it needs asks for nothing."""
    extension = "<supervision:checks>{}{}{}</supervision:checks>".format(
        CHECKS["XDB-02"].example,
        CHECKS["XDB-02"].example.replace('id="cadre"', 'id="again"'),
        CHECKS["DMN-01"].example,
    )
    model = bpmn(start(), xor("x", extension=extension), end(), chain("s", "x", "e"))
    (process,) = gate.inspect(model, resource="m", forms=None, decisions=None, checks=CHECKS).processes
    element = next(one for one in process.elements.values() if one.id == "x")
    asked: list[Need] = []

    def listening(need: Need) -> Found:
        asked.append(need)
        return fetch(need)

    gateway.judge(element, CHECKS["XDB-02"].example_variables, now=NOW, fetch=listening)
    assert len(asked) == 3
    asked.clear()
    gateway.judge(replace(element, checks=element.checks[:1]), {}, now=NOW, fetch=listening)
    assert asked == []
