"""What follows without anybody: checks after the act and on timer, alerts that climb, a calendar that is edited."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.model.alerts import AlertState, AlertStep
from engine.model.errors import NotAllowed
from engine.model.working_days import CalendarEdit
from engine.service import alerts, calendars, deadlines, discipline, verification
from engine.service.handling import new_command_id
from engine.trace import schemas
from tests.integration.folding import payloads
from tests.integration.models import ask, check, form, line
from tests.integration.office import TESTER, Office
from tests.integration.service.test_alerts import act, listed
from tests.integration.service.test_deadlines import at, begun
from tests.integration.service.test_deadlines import listed as timed
from tests.integration.waiting import advance, rows, set_clock, tick, working

LATER = line(
    "p",
    ask("fill", more=check("RAT-01", ("numerator", "=3"), ("denominator", "=2"), phase="after")),
    ask(
        "wait",
        more=check("DDL-01", ("from", "=&quot;2026-03-02&quot;"), ("limit", "2"), phase="timer", identity="late"),
    ),
    ids=("fill", "wait"),
)


def test_a_check_after_the_act_is_judged_once_by_the_clock(office: Office) -> None:
    """The act commits without it; the row that was written with the act survives until a clock does it."""
    office.deploy(p_bpmn=LATER, note_form=form("note"))
    case = office.start("lin", "p")
    office.answer("lin", case, "fill", note="b")
    assert [one for one in payloads(office, case.key) if "phase" in one] == []
    assert [row["kind"] for row in rows(office, "select kind from due where due_at <= now()")] == ["after"]
    assert tick(office) == 1
    assert tick(office) == 0
    (told,) = [one for one in payloads(office, case.key) if "phase" in one]
    assert (told["phase"], told["element"]["id"]) == ("after", "fill")
    assert told["judgements"][0]["results"][0]["code"] == "RAT-01"


def test_a_timer_check_is_judged_every_day_and_tells_only_news(office: Office) -> None:
    """Near, still near, late, still late: two entries; with the task the watching ends."""
    office.deploy(p_bpmn=LATER, note_form=form("note"))
    at(office, "03-02")
    case = office.start("lin", "p")
    office.answer("lin", case, "fill", note="a")
    for day in ("03-03", "03-04", "03-05", "03-06"):
        at(office, day, 0)
    told = [one for one in payloads(office, case.key) if one.get("phase") == "timer"]
    codes = [one["judgements"][0]["results"][0]["reason_code"] for one in told]
    assert codes == ["near", "late"]
    assert office.answer("lin", case, "wait", note="x").ended
    assert rows(office, "select * from due where kind = 'watch'") == []
    with office.work() as uow:
        assert verification.verify(uow, office.actor("gao"), TESTER, case.key).ok


def test_an_alert_that_nobody_signs_climbs_to_the_discipline_body(office: Office) -> None:
    """Street, district, city, each after its limit; then sealed to the discipline body, and it climbs no more."""
    case = begun(office)
    at(office, "02-13", 0)
    (found,) = listed(office, "yan")
    assert (found.climbed, found.state) == (0, AlertState.RAISED)
    for _ in range(12):
        advance(office, days=10)
        tick(office)
    story = [one for one in payloads(office, case.key) if one.get("alert") == str(found.key)]
    assert [one["to"] for one in story][-2:] == ["unit", "discipline"]
    assert [one["climbed"] for one in story] == list(range(1, len(story) + 1))
    with office.work() as uow:
        view = alerts.view(uow, office.actor("gao"), found.key)
        reports = discipline.desk(uow, office.actor("ji")).reports + discipline.desk(uow, office.actor("shang")).reports
    assert view.row.climbed == len(story)
    assert any("逾期未处置" in report.reason for report in reports)
    waiting = rows(office, "select * from due where kind = 'alert' and element_instance = %s", str(found.key))
    assert waiting == []
    for row in rows(office, "select body from trace_entry where stream = %s", case.key):
        schemas.validate(bytes(row["body"]))


def test_an_alert_that_is_signed_for_in_time_does_not_climb(office: Office) -> None:
    """Each step has its own limit, counted from the step before; cleared ones leave nothing behind."""
    begun(office)
    at(office, "02-13", 0)
    (found,) = listed(office, "yan")
    act(office, "yan", found.key, AlertStep.SIGN)
    advance(office, days=2)
    tick(office)
    (now,) = [one for one in listed(office, "yan") if one.key == found.key]
    assert (now.climbed, now.state) == (0, AlertState.SIGNED)
    due = rows(office, "select due_at from due where element_instance = %s", str(found.key))
    assert [row["due_at"] for row in due] == [now.due_at]


def test_an_edited_calendar_moves_the_limits_that_run(office: Office) -> None:
    """A notice for 2028 gives a case its end; a day that is declared off moves it by a day; who and why is traced."""
    rows(office, "with d as (delete from calendar_day) delete from calendar_year returning year")
    case = begun(office, "12-28")
    assert timed(office, case)[1].timing.unknown_year == 2027
    with pytest.raises(NotAllowed), office.work() as uow:
        calendars.edit(uow, CalendarEdit(command_id=new_command_id(), source="x"), office.actor("lin"), TESTER)
    notice = CalendarEdit(
        command_id=new_command_id(),
        source="国办发明电〔2026〕8号",
        years=(2027,),
        days=((date(2027, 1, 1), False), (date(2027, 1, 4), False)),
    )
    with office.work() as uow:
        calendars.edit(uow, notice, office.actor("luo"), TESTER)
        view = calendars.view(uow, office.actor("luo"), 2027)
    assert (view.known, [day.day.day for day in view.days]) == (True, [1, 4])
    jobs = rows(office, "select task_name from procrastinate_jobs where task_name = 'mingjing:recount_deadlines'")
    assert len(jobs) == 1
    assert deadlines.recount_all(lambda: working(office)) == 1
    timing = timed(office, case)[1].timing
    assert (timing.unknown_year, timing.due_at) == (None, datetime(2027, 1, 13, 16, tzinfo=UTC))
    set_clock(office, datetime(2027, 1, 13, 16, tzinfo=UTC) + timedelta(seconds=1))
    tick(office)
    lights = [one["light"] for one in payloads(office, case.key) if one.get("light") and one["element"]["id"] == "p"]
    assert lights == ["green", "red"]
