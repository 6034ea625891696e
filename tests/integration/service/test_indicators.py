"""The indicator library in an office: proposed by one, published by another, read by the checks of a case."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.model.commands import DecideIndicator, ProposeIndicator
from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.errors import Conflict, NotAllowed, Refused
from engine.model.findings import Action, CheckOutcome, RiskLevel
from engine.model.ids import ElementId
from engine.model.indicators import Indicator, IndicatorState
from engine.service import indicators
from engine.service.case_facts import CaseFacts
from engine.service.equipment import required
from engine.service.handling import new_command_id
from engine.store import cases
from engine.supervision import gateway
from tests.integration.office import TESTER, Office

CODE = "dibao.standard.urban"


def proposal(found: Indicator) -> ProposeIndicator:
    return ProposeIndicator(command_id=new_command_id(), indicator=found, reason="年度调整")


def decision(key: int, *, publish: bool = True) -> DecideIndicator:
    return DecideIndicator(command_id=new_command_id(), key=key, publish=publish, reason="已经审定")


def test_one_proposes_and_another_publishes(office: Office) -> None:
    """Only then does it hold, from its day on; a district stays inside the city's limits; no day is changed behind."""
    lu, cui, quan = office.actor("lu"), office.actor("cui"), office.actor("quan")
    with office.work() as uow:
        today = uow.now().astimezone(uow.equipment.zone).date()
        city = indicators.of_day(uow, lu, CODE)
        new = replace(city, value=880, valid_from=today + timedelta(days=1), valid_to=None)
        made = indicators.propose(uow, proposal(new), lu, TESTER)
    with office.work() as uow:
        assert indicators.of_day(uow, lu, CODE, new.valid_from).value == 830
        assert indicators.view(uow, cui, CODE).decidable == {made.key}
        assert indicators.view(uow, lu, CODE).decidable == frozenset()
        with pytest.raises(NotAllowed, match="may not decide"):
            indicators.decide(uow, decision(made.key), lu, TESTER)
    with office.work() as uow:
        done = indicators.decide(uow, decision(made.key), cui, TESTER)
        assert (done.state, done.indicator.version) == (IndicatorState.PUBLISHED, 3)
    with office.work() as uow:
        assert [indicators.of_day(uow, lu, CODE, day).value for day in (today, new.valid_from)] == [830, 880]
        assert indicators.of_day(uow, lu, CODE, today, district="JH-LC").value == 800
        with pytest.raises(Conflict):
            indicators.decide(uow, decision(made.key, publish=False), cui, TESTER)
    own = replace(new, district="JH-LC", district_limits=None)
    wrong = {
        "indicator.outside_city_limits": replace(own, value=500),
        "indicator.retroactive": replace(own, valid_from=today - timedelta(days=1)),
        "indicator.differs": replace(own, unit="元"),
    }
    for code, refused in wrong.items():
        with office.work() as uow, pytest.raises(Refused) as error:
            indicators.propose(uow, proposal(refused), quan, TESTER)
        assert error.value.code == code
    for elsewhere in (new, replace(own, district="JH-QH")):
        with office.work() as uow, pytest.raises(NotAllowed):
            indicators.propose(uow, proposal(elsewhere), quan, TESTER)


def test_a_check_reads_the_value_of_its_case(office: Office) -> None:
    """Of the day on which the case began and of its district; a code that is not there is CANNOT_SAY."""
    key = office.start("lin").key
    with office.work() as uow:
        case = required(cases.case(uow, key), "the case")
        district = next(one for one in indicators.districts(uow, office.actor("lu")) if one.code == "JH-LC")

        def limit(code: str = CODE, **changed: object) -> object:
            facts = CaseFacts(uow, uow.now(), replace(case, **changed))  # type: ignore[arg-type]
            check = CheckDefinition(
                id="c",
                code="THR-01",
                name="标准",
                level=RiskLevel.LOW,
                actions=frozenset({Action.PROMPT_CLERK}),
                blocking=False,
                parameters={"value": "=810", "indicator": code},
            )
            element = ElementDefinition(id=ElementId("N"), type="userTask", name="N", checks=(check,))
            (found,) = gateway.judge(element, {}, now=facts.now, given=facts.given([check])).results
            return found.outcome, found.parameters.get("limit"), dict(found.data_versions)

        assert limit() == (CheckOutcome.CLEAR, 830, {f"indicator {CODE}": "2"})
        old = case.started_at.replace(year=2025)
        assert limit(started_at=old) == (CheckOutcome.HIT, 800, {f"indicator {CODE}": "1"})
        assert limit(unit_path=f"{district.path}9/") == (CheckOutcome.HIT, 800, {f"indicator {CODE}": "1"})
        assert limit(code="nobody.knows")[0] is CheckOutcome.CANNOT_SAY  # type: ignore[index]


def test_a_model_that_names_an_unknown_indicator_is_told(office: Office) -> None:
    """A warning, not a refusal; a code that the library has is none."""
    with office.work() as uow:
        uses = indicators.view(uow, office.actor("du"), "dibao.standard.rural").uses
    assert [(use.process_id, use.element_id, use.check_id) for use in uses] == [("dibao", "Confirmation", "grant")]
    model = Path("processes/dibao/dibao.bpmn").read_bytes().replace(b"dibao.standard.rural", b"dibao.standard.none")
    warnings = office.deploy(dibao_bpmn=model).warnings
    told = [line for line in warnings if "indicator" in line]
    assert len(told) == 1
    assert told[0].startswith("dibao.bpmn#Confirmation: Check 'grant' at Confirmation names the indicator")
    assert "'dibao.standard.none', which is not in the library" in told[0]
