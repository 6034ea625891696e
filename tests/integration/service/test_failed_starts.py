"""A case that an event should begin and that cannot begin: the operator sees it, and it begins once it can."""

from engine.service import operations
from tests.integration.models import ask, form
from tests.integration.office import Office
from tests.integration.service.test_timers import fee
from tests.integration.waiting import advance, rows, tick
from tests.unit.runtime.builder import bpmn, chain, cycle, end, node


def test_a_timer_that_cannot_begin_a_case_is_seen_and_tried_again(office: Office) -> None:
    """Its decision does not decide: the operator is told where and why; once mended, it begins by itself."""
    rule = node("businessRuleTask", "rule", extension='<zeebe:calledDecision decisionId="fee" resultVariable="fee"/>')
    model = bpmn(
        node("startEvent", "s", inner=cycle("R1/PT1H")),
        rule,
        ask("after", assignee="lin"),
        end(),
        chain("s", "rule", "after", "e"),
    )
    office.deploy(fee_dmn=fee("1"), p_bpmn=model, note_form=form("note"))
    operator = office.actor("luo")
    office.deploy(fee_dmn=fee("1", "3"))
    advance(office, hours=2)
    tick(office)
    with office.work() as uow:
        (found,) = operations.failed_starts(uow, operator)
    assert (found.kind, found.element_id, found.attempts, found.code) == ("start", "s", 1, "decision.failed")
    assert found.params["decision"] == "fee"
    assert rows(office, "select key from process_instance") == []
    office.deploy(fee_dmn=fee("2"))
    advance(office, minutes=1)
    tick(office)
    with office.work() as uow:
        assert operations.failed_starts(uow, operator) == ()
    assert len(rows(office, "select key from process_instance")) == 1
