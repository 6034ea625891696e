"""Checks beforehand and on trial: a draft before it is submitted, a case that one asks about; silent ones never."""

from dataclasses import replace

import pytest

from engine.model.commands import DraftInput
from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.errors import NotFound
from engine.model.findings import Action, CheckOutcome, CheckPhase, RiskLevel
from engine.model.ids import ElementId
from engine.model.trace_entries import SYSTEM_STREAM
from engine.service import check_library, demonstration_supervision, draft_warnings, drafts
from engine.service.demonstration_city import build_city, sample_cases
from engine.service.demonstration_residents import Household
from engine.store import discipline, entries
from tests.integration.office import TESTER, Office

CITY = build_city()
WATCHED = "dibao#Receipt#kin_of_cadre"
CARS = "dibao#Receipt#cars"


def application(home: Household) -> dict[str, object]:
    """The part of an application that checks look at; a form that is not whole."""
    members = [{"name": one.name, "id_number": one.id_number} for one in home.members]
    return {"applicant_name": home.members[0].name, "members": members, "household_type": home.household_type}


def test_a_draft_is_judged_before_it_is_submitted(office: Office) -> None:
    """What would stop the step is told with its way on; what is watched in silence is not asked; nothing is written."""
    case = office.start("lin")
    key, lin = office.task("lin", case, "Receipt").key, office.actor("lin")

    def foreseen(home: Household) -> list[tuple[str, bool, bool]]:
        with office.work() as uow:
            drafts.save(uow, lin, key, DraftInput(data=application(home)))
        with office.work() as uow:
            found = draft_warnings.foreseen(uow, lin, key)
        return [(one.warning.reason, one.stops, one.may_go_on) for one in found]

    with office.work() as uow:
        before = [len(entries.bodies(uow, stream)) for stream in (SYSTEM_STREAM, case.key)]
        reports = len(discipline.reports(uow, 9999))
    (found,) = foreseen(demonstration_supervision.two_cars(CITY))
    assert found == ("家庭机动车数量：登记在家庭成员名下的机动车有 2 辆，超过 1 辆", True, True)
    assert foreseen(demonstration_supervision.cousin(CITY)) == []
    with office.work() as uow:
        assert [len(entries.bodies(uow, stream)) for stream in (SYSTEM_STREAM, case.key)] == before
        assert len(discipline.reports(uow, 9999)) == reports
        with pytest.raises(NotFound):
            draft_warnings.foreseen(uow, office.actor("qian"), key)


def test_a_silent_check_of_the_model_is_not_asked_beforehand() -> None:
    """Neither are those of another phase."""
    drawn = CheckDefinition(
        id="a",
        code="EXP-01",
        name="a",
        level=RiskLevel.LOW,
        actions=frozenset({Action.PROMPT_CLERK}),
        blocking=False,
        parameters={"condition": "=true"},
        phase=CheckPhase.SUBMIT,
    )
    silent = replace(drawn, id="b", actions=frozenset({Action.REPORT_DISCIPLINE}))
    entry = replace(drawn, id="c", phase=CheckPhase.ENTRY)
    element = ElementDefinition(id=ElementId("N"), type="userTask", name="N", checks=(drawn, silent, entry))
    assert draft_warnings.checks(element) == (drawn,)


def test_a_check_is_tried_on_a_case(office: Office) -> None:
    """The same object over the stored case; the look is traced, the case stays; the unit knows of no silent ones."""
    case, _ = office.run(next(one for one in sample_cases() if one.code == "plain"), until="Acceptance")
    gao, yan, ji, du = (office.actor(name) for name in ("gao", "yan", "ji", "du"))

    def tried(who: str, place: str, number: str = case.number) -> check_library.Trial:
        with office.work() as uow:
            return check_library.attempt(uow, office.actor(who), TESTER, place, number)

    with office.work() as uow:
        start = len(entries.bodies(uow, SYSTEM_STREAM)), len(entries.bodies(uow, case.key))
        places = {actor.username: check_library.view(uow, actor, "XDB-02").uses for actor in (gao, yan, du, ji)}
        assert {name: len(uses) for name, uses in places.items()} == {"gao": 0, "yan": 0, "du": 0, "ji": 2}
        assert check_library.view(uow, du, "XDB-03").triable == ()
    for who in ("gao", "yan"):
        assert tried(who, CARS).result.outcome is CheckOutcome.CLEAR
        with pytest.raises(NotFound):
            tried(who, WATCHED)
    with pytest.raises(NotFound):
        tried("du", CARS)
    with pytest.raises(NotFound):
        tried("gao", CARS, "DB-1999-000001")
    found = tried("ji", WATCHED).result
    assert (found.outcome, found.reason_code) == (CheckOutcome.CLEAR, "clear")
    with office.work() as uow:
        after = len(entries.bodies(uow, SYSTEM_STREAM)), len(entries.bodies(uow, case.key))
    assert (after[0] - start[0], after[1] - start[1]) == (2, 0)
