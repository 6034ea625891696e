"""Time limits of cases: begun by steps, stopped by special procedures, turned once each on the right day."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.model.findings import Light
from engine.model.views import CaseRow, UserTaskRow
from engine.service import alerts, verification, worklist
from engine.trace import schemas
from tests.integration.folding import payloads
from tests.integration.models import ask, form, line
from tests.integration.office import TESTER, Office
from tests.integration.service.test_lifecycle import operate
from tests.integration.waiting import rows, set_clock, tick

SHANGHAI = ZoneInfo("Asia/Shanghai")
LIMITED = line(
    "p",
    ask("check", more='<supervision:timeLimit promised="3" legal="5" warn="1" warnUnit="workingDays"/>'),
    ask("mend", more='<supervision:pause kind="correction" reason="一次性告知补正"/>'),
    ask("decide", more='<supervision:timeLimit legal="48" unit="hours"/>'),
    ids=("check", "mend", "decide"),
).replace(
    b'isExecutable="true">',
    b'isExecutable="true"><bpmn:extensionElements><supervision:timeLimit legal="10" warn="3" warnUnit="workingDays"/>'
    b"</bpmn:extensionElements>",
)


def at(office: Office, day: str, hour: int = 10) -> None:
    """The office's clock says this hour of a day of 2026 in Shanghai; what is due by then is done."""
    month, day_of_month = map(int, day.split("-"))
    set_clock(office, datetime(2026, month, day_of_month, hour, tzinfo=SHANGHAI).astimezone(UTC))
    tick(office)


def begun(office: Office, day: str = "02-09") -> CaseRow:
    """A case of the limited process that begins on a day."""
    office.deploy(p_bpmn=LIMITED, note_form=form("note"))
    at(office, day)
    return office.start("lin", "p")


def turns(office: Office, case: CaseRow) -> list[tuple[str, str, str]]:
    """Element, light and sentence code of each turn in the trace."""
    found = [one for one in payloads(office, case.key) if "light" in one]
    return [(one["element"]["id"], one["light"], one["judgements"][0]["results"][0]["reason_code"]) for one in found]


def listed(office: Office, case: CaseRow) -> tuple[UserTaskRow, CaseRow]:
    """The waiting task and the case as lists show them."""
    actor = office.actor("lin")
    with office.work() as uow:
        (task,) = [one for one in worklist.todo(uow, actor).rows if one.instance_key == case.key]
        (row,) = [one for one in worklist.cases(uow, actor).rows if one.key == case.key]
    return task, row


def test_the_light_turns_on_the_right_days_and_once_each(office: Office) -> None:
    """Begun on Monday 9 February 2026: the make-up Saturday 14 counts, the spring festival from 15 to 23 does not."""
    case = begun(office)
    task, row = listed(office, case)
    assert (task.timing.light, row.timing.light) == (Light.GREEN, Light.GREEN)
    assert task.timing.due_at == datetime(2026, 2, 12, 16, tzinfo=UTC)
    assert task.timing.legal_due_at == datetime(2026, 2, 14, 16, tzinfo=UTC)
    at(office, "02-10", 23)
    assert turns(office, case) == []
    at(office, "02-11", 0)
    assert turns(office, case) == [("check", "yellow", "near")]
    at(office, "02-12", 23)
    assert listed(office, case)[0].timing.light is Light.YELLOW
    at(office, "02-13", 0)
    assert turns(office, case)[1:] == [("check", "red", "late-step")]
    at(office, "02-15", 0)
    assert turns(office, case)[2:] == [("check", "red_again", "late-again")]
    task, row = listed(office, case)
    assert (task.timing.light, row.timing.light) == (Light.RED_AGAIN, Light.GREEN)
    assert row.timing.due_at == datetime(2026, 2, 28, 16, tzinfo=UTC)  # Saturday 28 February is worked
    at(office, "02-25", 0)
    at(office, "03-02", 0)
    assert turns(office, case)[3:] == [("p", "yellow", "near"), ("p", "red", "late")]
    assert rows(office, "select * from due where kind = 'deadline'") == []


def test_a_red_light_opens_the_units_work_item(office: Office) -> None:
    """Yellow only prompts; red alerts the supervisor with the term as evidence; the chain and its schemas hold."""
    case = begun(office)
    at(office, "02-11")
    with office.work() as uow:
        assert alerts.search(uow, office.actor("yan")).rows == ()
    at(office, "02-13")
    with office.work() as uow:
        (found,) = alerts.search(uow, office.actor("yan")).rows
        view = alerts.view(uow, office.actor("yan"), found.key)
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok
    assert (found.code, found.element_id, found.check_id) == ("DDL-01", "check", "time_limit")
    assert "总期限未超" in view.reason
    for row in rows(office, "select body from trace_entry where stream = %s", case.key):
        schemas.validate(bytes(row["body"]))


def test_a_clock_that_was_away_tells_the_light_of_now_once(office: Office) -> None:
    """Nobody looked for a week: the node is red again at once, without yellow and red before it."""
    case = begun(office)
    at(office, "02-24")
    assert turns(office, case) == [("check", "red_again", "late-again")]


def test_a_correction_stops_the_clock_of_the_case(office: Office) -> None:
    """Four working days of correction move the end of the case by four; the pause and its reason are in the trace."""
    case = begun(office, "03-02")
    office.answer("lin", case, "check", note="x")
    assert listed(office, case)[1].timing.paused
    at(office, "03-09")
    office.answer("lin", case, "mend", note="x")
    _, row = listed(office, case)
    assert not row.timing.paused
    assert row.timing.due_at == datetime(2026, 3, 20, 16, tzinfo=UTC)  # 16 March without the correction
    kinds = [entry.kind for entry in office.view("gao", case).timeline]
    assert [kind for kind in kinds if kind.startswith("clock.")] == ["clock.paused.v1", "clock.resumed.v1"]
    paused = next(one for one in payloads(office, case.key) if one.get("kind") == "correction")
    assert (paused["element"]["id"], paused["reason"]) == ("mend", "一次性告知补正")
    at(office, "03-20", 23)
    assert [light for element, light, _ in turns(office, case) if element == "p"] == ["yellow"]


def test_a_suspended_case_has_no_light_that_turns(office: Office) -> None:
    """Suspended beyond the limit: nothing turns; resumed, the limit is later by the days that stood still."""
    case = begun(office, "03-02")
    at(office, "03-03")
    operate(office, "suspend", case)
    at(office, "03-30")
    assert turns(office, case) == []
    operate(office, "resume", case)
    task, row = listed(office, case)
    assert (task.timing.light, task.timing.due_at) == (Light.GREEN, datetime(2026, 4, 1, 16, tzinfo=UTC))
    assert row.timing.due_at == datetime(2026, 4, 13, 16, tzinfo=UTC)
    at(office, "04-02", 0)
    assert turns(office, case) == [("check", "red", "late-step")]


def test_hours_run_round_the_clock_and_lists_end_with_the_case(office: Office) -> None:
    """48 hours from the moment at which the decision waits; when the case is over no limit runs any more."""
    case = begun(office, "03-02")
    office.answer("lin", case, "check", note="x")
    office.answer("lin", case, "mend", note="x")
    task, _ = listed(office, case)
    assert task.timing.due_at == datetime(2026, 3, 4, 2, tzinfo=UTC)
    assert office.answer("lin", case, "decide", note="x").ended
    assert rows(office, "select * from deadline where ended_at is null") == []
    assert rows(office, "select * from due") == []


def test_a_year_without_a_notice_is_told_and_not_guessed(office: Office) -> None:
    """What leads into 2027 has no end, and the trace says which year is missing; the three days promised have one."""
    case = begun(office, "12-28")
    assert sorted(turns(office, case)) == [("check", "green", "unknown-year"), ("p", "green", "unknown-year")]
    task, row = listed(office, case)
    assert (task.timing.due_at, task.timing.legal_due_at) == (datetime(2026, 12, 31, 16, tzinfo=UTC), None)
    assert (row.timing.due_at, row.timing.unknown_year) == (None, 2027)
