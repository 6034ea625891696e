"""Incidents: where a case cannot go on, its element stays, and the incident says why."""

import psycopg
import pytest

from engine.model.errors import Refused
from engine.model.ids import ElementInstanceId, JobKey
from engine.model.incidents import Cause, CauseKind, IncidentKind, IncidentState
from engine.service import incidents, stuck_cases, verification
from engine.store import cases
from engine.store import incidents as stored
from tests.integration.folding import payloads
from tests.integration.models import ask, form, job, line
from tests.integration.office import TESTER, Office
from tests.unit.runtime.builder import both, bpmn, end, flow, start, terminate

SEND = line("p", job("send"), ask("after"), ids=("send", "after"))


def open_one(office: Office, key: int, cause: Cause, refusal: Refused, instance: str = "send#1") -> None:
    """As a timer or message does that cannot be carried out."""
    with office.work() as uow:
        case = cases.case(uow, key, lock=True)
        assert case is not None
        element = office.element(case, "send")
        incidents.of_refusal(uow, case, refusal, element=element, instance=ElementInstanceId(instance), cause=cause)


def test_an_incident_keeps_what_could_not_be_carried_out(office: Office) -> None:
    """Reason, parameters and cause come back; the trace holds them, personal values encrypted, and verifies."""
    office.deploy(p_bpmn=SEND, note_form=form("note"))
    case = office.start("lin", "p")
    refusal = Refused("decision.unknown", "the decision d is not deployed", params={"decision": "d"})
    cause = Cause(
        what=CauseKind.MESSAGE,
        name="answer",
        variables={"name": "王"},
        reference="4711",
        job=JobKey(office.job_key(case)),
    )
    open_one(office, case.key, cause, refusal)
    with office.work() as uow:
        (row,) = stored.of_case(uow, case.key)
        shown = incidents.incident_row(uow, row)
        assert incidents.cause_of(uow, row) == cause
    assert (shown.kind, shown.code, shown.reason, shown.params) == (
        IncidentKind.DECISION_MISSING, "decision.unknown", refusal.message, {"decision": "d"},
    )  # fmt: skip
    assert (shown.element_id, shown.element_name, shown.state) == ("send", "send", IncidentState.ACTIVE)
    assert "王".encode() not in bytes(row.content)
    entry = payloads(office, case.key)[-1]
    assert (entry["cause"]["what"], entry["cause"]["variables"]) == ("message", {"name": "王"})
    told = office.view("gao", case)
    assert told.case.has_incident
    assert (told.timeline[-1].kind, told.timeline[-1].incident) == ("incident.created.v1", "decision_missing")
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_a_second_incident_at_the_same_place_replaces_the_first(office: Office) -> None:
    """An element waits for one of them only; the trace has both."""
    office.deploy(p_bpmn=SEND, note_form=form("note"))
    case = office.start("lin", "p")
    for reason in ("one", "two"):
        open_one(office, case.key, Cause(what=CauseKind.TIMER), Refused("expression.failed", reason))
    open_one(office, case.key, Cause(what=CauseKind.TIMER), Refused("x.y", "three"), "send@1")
    with office.work() as uow:
        found = [incidents.incident_row(uow, row) for row in stored.of_case(uow, case.key)]
    assert [(row.reason, row.kind) for row in found] == [
        ("two", IncidentKind.EXPRESSION_FAILED), ("three", IncidentKind.STEP_REFUSED),
    ]  # fmt: skip
    assert [entry.message for entry in office.view("gao", case).timeline if entry.incident] == ["one", "two", "three"]


@pytest.mark.parametrize("element", ["u", "v"])
def test_an_incident_is_over_when_nothing_waits_there(office: Office, element: str) -> None:
    """Terminated with its element, or with its case."""
    model = bpmn(
        start(), both("fork"), ask("u", "v"), job("send"), terminate("t"), end(),
        flow("s", "fork"), flow("fork", "u"), flow("fork", "v"), flow("fork", "send"), flow("u", "t"), flow("v", "t"),
        flow("send", "e"),
    )  # fmt: skip
    office.deploy(p_bpmn=model, note_form=form("note"))
    case = office.start("lin", "p")
    open_one(office, case.key, Cause(what=CauseKind.TIMER), Refused("expression.failed", "no"))
    office.answer("lin", case, element, note="x")
    with office.work() as uow:
        assert stored.of_case(uow, case.key) == []
    assert not office.view("gao", case).case.has_incident


def test_a_case_that_nothing_moves_is_found_and_gets_an_incident(office: Office) -> None:
    """Damage from outside: its task is gone. Found once, said where it stands, and not again; healthy cases are not."""
    office.deploy(p_bpmn=line("p", ask("u"), ids=("u",)), note_form=form("note"))
    office.start("lin", "p")
    case = office.start("lin", "p")
    with psycopg.connect(office.dsns.owner) as connection:
        connection.execute("update user_task set state = 'CANCELED' where instance_key = %s", [case.key])
    with office.work() as uow:
        assert [found.number for found in stuck_cases.find(uow)] == [case.number]
    with office.work() as uow:
        stuck_cases.report(uow)
    with office.work() as uow:
        assert list(stuck_cases.find(uow)) == []
        (shown,) = [incidents.incident_row(uow, row) for row in stored.of_case(uow, case.key)]
    assert (shown.kind, shown.element_id, shown.element_instance) == (IncidentKind.NOTHING_WAITS, "u", "u#1")
    assert payloads(office, case.key)[-1]["incident_kind"] == "nothing_waits"
