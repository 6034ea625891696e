"""The administrative penalty through the services: a finding at each of the three actions, and what follows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.model.alerts import AlertRow
from engine.model.errors import Refused
from engine.service import alerts, discipline, verification, worklist
from engine.service.demonstration_city import SampleStep
from engine.service.demonstration_penalty import penalty_steps
from engine.service.demonstration_supervision import CADRE
from tests.integration.office import TESTER, Office

FILED = date(2026, 3, 3)
NOW = datetime(2026, 4, 20, 2, tzinfo=UTC)
REASON = "机构已经停业并清退老年人。"


def raised(office: Office, username: str) -> tuple[AlertRow, ...]:
    actor = office.actor(username)
    with office.work() as uow:
        return alerts.search(uow, actor).rows


def test_a_fine_outside_of_its_band_prompts_alerts_and_is_reported(office: Office) -> None:
    """The clerk is stopped until a reason stands there, the unit gets its work item, the discipline body the report."""
    office.equipment = replace(office.equipment, clock=lambda: NOW)
    with office.work() as uow:
        offered = worklist.startable(uow, office.actor("fang"))
    assert "penalty" in {one.process_id for one in offered}
    case = office.start("fang", "penalty")
    steps = penalty_steps(on=FILED, proposed=1000, decided=1000, representative=CADRE, band_reason=REASON)
    for step in steps[:2]:
        office.do(case, step)

    alone = replace(steps[2], variables={**steps[2].variables, "officers": [{"name": "方毅", "certificate": "JH0001"}]})
    with pytest.raises(Refused) as refused:
        office.do(case, alone)
    assert (refused.value.code, case.level) == ("supervision.blocked", "none")
    office.do(case, replace(steps[2], materials=()))

    unexplained = replace(steps[3], variables={**steps[3].variables, "band_reason": ""})
    with pytest.raises(Refused) as stopped:
        office.do(case, unexplained)
    assert [one.place for one in stopped.value.details] == ["reasons.proposed_fine"]
    assert raised(office, "ren") == ()
    office.do(case, steps[3])
    assert [(one.check_id, one.code) for one in raised(office, "ren")] == [("proposed_fine", "THR-02")]

    for step in steps[4:]:
        office.do(case, step)
    assert office.view("gao", case).case.state == "COMPLETED"
    assert {one.check_id for one in raised(office, "xiang")} == {"proposed_fine", "decided_fine"}
    with office.work() as uow:
        reports = discipline.desk(uow, office.actor("ji")).reports
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok
    told = {(one.code, one.element_name): one for one in reports if one.instance_key == case.key}
    assert set(told) == {("XDB-02", "立案申请"), ("THR-02", "处罚决定")}
    assert "陶建军" in repr(told["XDB-02", "立案申请"].evidence)
    story = repr(office.view("gao", case).timeline) + repr(raised(office, "ren"))
    assert "XDB-02" not in story


def test_an_ordinary_penalty_raises_nothing(office: Office) -> None:
    """Inside of the band and in time: no prompt, no alert, no report, no collective discussion."""
    office.equipment = replace(office.equipment, clock=lambda: NOW)
    case = office.start("fang", "penalty")
    warned: list[str] = []
    for step in penalty_steps(on=FILED):
        warned += [one.reason for one in office.do(case, step).warnings]
    assert warned == []
    assert raised(office, "xiang") == ()
    with office.work() as uow:
        assert discipline.desk(uow, office.actor("ji")).reports == ()
    assert office.view("gao", case).case.state == "COMPLETED"


def test_a_step_of_the_statutory_procedure_cannot_be_left_out(office: Office) -> None:
    """A penalty that is decided too early after the notice is stopped; a late service alerts the unit."""
    office.equipment = replace(office.equipment, clock=lambda: NOW)
    case = office.start("fang", "penalty")
    steps = list(penalty_steps(on=FILED))
    for step in steps[:5]:
        office.do(case, step)
    early = replace(steps[5], variables={"statement_on": "2026-03-13"})
    with pytest.raises(Refused) as stopped:
        office.do(case, early)
    assert [one.place for one in stopped.value.details] == ["reasons.statement_period"]
    for step in steps[5:8]:
        office.do(case, step)
    late: SampleStep = replace(steps[8], variables={**steps[8].variables, "served_on": "2026-04-19"})
    office.do(case, late)
    (alert,) = raised(office, "ren")
    assert (alert.check_id, alert.code) == ("service_term", "DDL-01")
