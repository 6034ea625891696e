"""Alerts of the unit: raised by the step itself, handled step by step in the case's trace, counted by their checks."""

import pytest

from engine.model.alerts import AlertFilter, AlertRow, AlertState, AlertStep, Verdict
from engine.model.commands import HandleAlert
from engine.model.errors import Conflict, NotAllowed, NotFound, Refused
from engine.model.ids import AlertKey
from engine.model.views import CaseRow
from engine.service import alerts, demonstration_supervision, verification
from engine.service.demonstration_city import _receipt, build_city, sample_cases
from engine.service.handling import new_command_id
from engine.store import entries
from engine.trace import schemas
from tests.integration.office import TESTER, Office

DRIVING = sample_cases()[2]


def listed(office: Office, username: str, **wanted: str) -> tuple[AlertRow, ...]:
    """The alert centre as somebody sees it."""
    actor = office.actor(username)
    with office.work() as uow:
        return alerts.search(uow, actor, wanted=AlertFilter(**wanted)).rows  # type: ignore[arg-type]


def act(office: Office, username: str, key: int, step: AlertStep, verdict: Verdict | None = None) -> AlertRow:
    """One step of an alert's life."""
    actor = office.actor(username)
    text = "已核实办理。"
    command = HandleAlert(command_id=new_command_id(), key=AlertKey(key), step=step, verdict=verdict, text=text)
    with office.work() as uow:
        return alerts.handle(uow, command, actor, TESTER)


@pytest.fixture
def driven(office: Office) -> tuple[Office, CaseRow, AlertRow]:
    """A case whose household drives a costly car, up to the collective review, and its alert."""
    case, _ = office.run(DRIVING, until="CollectiveReview")
    (found,) = listed(office, "yan")
    return office, case, found


def test_a_finding_opens_the_units_work_item_by_itself(driven: tuple[Office, CaseRow, AlertRow]) -> None:
    """The supervisor of the street has it with evidence and time limit; nobody pressed a button."""
    office, case, found = driven
    assert (found.instance_key, found.check_id, found.state) == (case.key, "vehicle", AlertState.RAISED)
    assert found.due_at is not None
    with office.work() as uow:
        view = alerts.view(uow, office.actor("yan"), found.key)
    assert "超过限额" in view.reason
    assert view.evidence["value"] == DRIVING.household.vehicle_value
    assert view.offered == (AlertStep.SIGN,)
    assert [row.key for row in listed(office, "gao")] == [found.key]


def test_clerks_and_others_streets_see_no_alert(driven: tuple[Office, CaseRow, AlertRow]) -> None:
    """Who did the step reads its warnings on the case; the list is the supervisor's."""
    office, _, found = driven
    with pytest.raises(NotAllowed):
        listed(office, "lin")
    with pytest.raises(NotAllowed):
        act(office, "zhao", found.key, AlertStep.SIGN)
    with pytest.raises(NotAllowed):
        act(office, "gao", found.key, AlertStep.SIGN)
    with pytest.raises(NotFound):
        act(office, "yan", 1, AlertStep.SIGN)


def test_the_whole_life_is_traced_and_reviewed_by_somebody_else(driven: tuple[Office, CaseRow, AlertRow]) -> None:
    """Sign, verify, rectify, feed back; the district reviews and clears; the chain of the case holds."""
    office, case, found = driven
    for step in (AlertStep.SIGN, AlertStep.VERIFY, AlertStep.RECTIFY, AlertStep.FEED_BACK):
        act(office, "yan", found.key, step, Verdict.TRUE if step is AlertStep.VERIFY else None)
    with pytest.raises(NotAllowed, match="somebody else"):
        act(office, "yan", found.key, AlertStep.REVIEW)
    with pytest.raises(Conflict):
        act(office, "ren", found.key, AlertStep.CLEAR)
    act(office, "ren", found.key, AlertStep.REVIEW)
    cleared = act(office, "ren", found.key, AlertStep.CLEAR)
    assert (cleared.state, cleared.verdict, cleared.due_at) == (AlertState.CLEARED, Verdict.TRUE, None)
    story = [entry for entry in office.view("gao", case).timeline if entry.kind == "alert.handled.v1"]
    assert [entry.outcome_code for entry in story] == ["sign", "verify", "rectify", "feed_back", "review", "clear"]
    assert {entry.person_name for entry in story} == {"严谨", "任重"}
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok
        (rate,) = alerts.rates(uow, office.actor("yan"))
        view = alerts.view(uow, office.actor("ren"), found.key)
    assert (rate.raised, rate.open, rate.true, rate.confirmed_percent) == (1, 0, 1, 100)
    assert [one.text for one in view.history] == ["已核实办理。"] * 6


def test_the_same_finding_again_is_counted_not_doubled(driven: tuple[Office, CaseRow, AlertRow]) -> None:
    """The case comes back to the gateway while the alert is open."""
    office, case, found = driven
    for step in DRIVING.steps[4:6]:
        office.do(case, step)
    (again,) = listed(office, "yan")
    assert (again.key, again.repeats) == (found.key, 1)
    assert listed(office, "yan", state="cleared") == ()
    assert len(listed(office, "yan", state="open", code="THR-01")) == 1
    assert len(listed(office, "yan", code="THR-01", name=found.name)) == 1
    assert listed(office, "yan", code="THR-01", name="家庭人均月收入") == ()


def test_a_step_that_somebody_else_took_meanwhile_is_a_conflict(driven: tuple[Office, CaseRow, AlertRow]) -> None:
    """The version that was seen is compared; repeating a command changes nothing."""
    office, _, found = driven
    yan = office.actor("yan")
    command = HandleAlert(command_id=new_command_id(), key=found.key, step=AlertStep.SIGN, version=1)
    for _ in range(2):
        with office.work() as uow:
            assert alerts.handle(uow, command, yan, TESTER).state is AlertState.SIGNED
    late = HandleAlert(command_id=new_command_id(), key=found.key, step=AlertStep.VERIFY, version=1, text="x")
    with pytest.raises(Conflict, match="meanwhile"), office.work() as uow:
        alerts.handle(uow, late, yan, TESTER)


def test_a_second_car_stops_the_clerk_until_a_reason_is_given(office: Office) -> None:
    """Refused with the place where a reason goes; with it the step passes, and the supervisor reads the reason."""
    city = build_city()
    home = demonstration_supervision.two_cars(city)
    step = _receipt(home)
    case = office.start("lin")
    task = office.task("lin", case, "Receipt")
    for material in step.materials:
        office.attach("lin", task, material)
    with pytest.raises(Refused) as stopped:
        office.complete("lin", task, step)
    assert [(one.place, one.code) for one in stopped.value.details] == [("reasons.cars", "blocked_until_reason")]
    assert listed(office, "yan") == ()
    office.complete("lin", task, step, reasons={"cars": "一辆已报废。"})
    (found,) = listed(office, "yan")
    with office.work() as uow:
        view = alerts.view(uow, office.actor("yan"), found.key)
    assert (view.given_reason, view.clerk_name, view.evidence["count"]) == ("一辆已报废。", "林晓燕", 2)
    story = office.view("gao", case).timeline
    (told,) = story[-1].warnings
    assert (told.given_reason, list(told.data_versions)) == ("一辆已报废。", ["vehicle"])
    assert [one.refusal for one in story] == ["", "supervision.blocked", ""]
    with office.work() as uow:
        for sealed in entries.stream_entries(uow, case.key):
            schemas.validate(sealed.body)
