"""Every element that does not run is refused by name; what is only drawn changes nothing."""

import pytest

from engine.model.definitions import Severity
from engine.runtime import gate
from scripts.bpmn_reference import refused_model
from tests.unit.runtime.builder import Case, bpmn, chain, end, start, user
from tests.unit.runtime.proving import REFUSED, proves


@pytest.mark.parametrize("element", REFUSED)
def test_refused(element: str) -> None:
    """Given a process that would run but for one element, when it is inspected, then that is refused by its id."""
    report = gate.inspect(refused_model(REFUSED[element]), resource="", forms=None, decisions=None)
    errors = [one for one in report.findings if one.severity is Severity.ERROR and one.element_id == "x"]
    assert errors
    assert all(one.message and one.cure for one in errors)
    assert report.processes == ()


@proves("lane", "annotation, group, data store")
def test_what_is_only_drawn() -> None:
    """Given lanes, notes, groups and data stores around a task, when it runs, then as if they were not there."""
    lanes = (
        '<bpmn:laneSet id="l"><bpmn:lane id="k" name="Window"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
        '<bpmn:childLaneSet id="l2"><bpmn:lane id="k2"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane>'
        "</bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
    )
    notes = (
        '<bpmn:textAnnotation id="t"><bpmn:text>note</bpmn:text></bpmn:textAnnotation><bpmn:group id="g"/>'
        '<bpmn:association id="as" sourceRef="a" targetRef="t"/>'
    )
    store = '<bpmn:dataStoreReference id="d"/>'
    model = bpmn(lanes, store, start(), user("a"), end(), chain("s", "a", "e"), notes)
    plain = bpmn(start(), user("a"), end(), chain("s", "a", "e"))
    assert not gate.inspect(model, resource="", forms=None, decisions=None).errors
    assert Case(model).story == Case(plain).story
