"""What an event brought and could not be carried out is tried again by whoever resolves the incident."""

import pytest

from engine.model.commands import ResolveIncident
from engine.model.errors import Refused
from engine.service import mending, verification
from engine.service.handling import new_command_id
from tests.integration.folding import payloads, variables
from tests.integration.models import ask, form, line
from tests.integration.office import TESTER, Office
from tests.integration.service.test_timers import fee
from tests.integration.waiting import advance, broadcast, incidents, publish, rows, tick
from tests.unit.runtime.builder import catch, node, of, script, timer

RULE = node("businessRuleTask", "rule", extension='<zeebe:calledDecision decisionId="fee" resultVariable="fee"/>')
EVENTS = {
    "timer": (timer("PT1H"), "timer.fired.v1"),
    "message": (of("message", "paid"), "message.correlated.v1"),
    "signal": (of("signal", "flood"), "signal.caught.v1"),
}


def occur(office: Office, kind: str) -> None:
    """What the case waits for comes."""
    program = office.program()
    advance(office, hours=1)
    if kind == "message":
        publish(office, program, "paid", "A-1", sum=7)
    if kind == "signal":
        broadcast(office, program, "flood", sum=7)
    tick(office)


@pytest.mark.parametrize("kind", EVENTS)
def test_an_incident_of_an_event_is_resolved_by_doing_it_again(office: Office, kind: str) -> None:
    """Refused while the decision is wrong; once it is mended the same event goes through, in the operator's name."""
    event, entry_kind = EVENTS[kind]
    ids = ("key", "wait", "rule", "after")
    model = line("p", script("key", '"A-1"', "key"), catch("wait", event), RULE, ask("after"), ids=ids)
    office.deploy(fee_dmn=fee("1"), p_bpmn=model, note_form=form("note"))
    advance(office)
    case = office.start("lin", "p")
    office.deploy(fee_dmn=fee("1", "3"))
    occur(office, kind)
    (stuck,) = incidents(office)
    assert (stuck.cause, stuck.kind, stuck.element_instance) == (kind, "decision_failed", "wait#1")
    operator = office.actor("sysadmin")

    def resolve() -> None:
        with office.work() as uow:
            command = ResolveIncident(command_id=new_command_id(), key=stuck.key, reason="fee mended")
            mending.resolve(uow, command, operator, TESTER)

    with pytest.raises(Refused):
        resolve()
    assert len(incidents(office)) == 1
    office.deploy(fee_dmn=fee("2"))
    resolve()
    assert incidents(office) == ()
    assert office.view("lin", case).case.current == ("after",)
    assert variables(office, case.key)["fee"] == 2
    assert variables(office, case.key).get("sum") == (None if kind == "timer" else 7)
    told = [entry.kind for entry in office.view("gao", case).timeline]
    assert told[-2:] == [entry_kind, "incident.resolved.v1"]
    assert len(payloads(office, case.key)) == len(told)
    advance(office, hours=2)
    tick(office)
    assert rows(office, "select * from due") == []
    assert told == [entry.kind for entry in office.view("gao", case).timeline]
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok
