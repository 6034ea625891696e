"""Exemptions: a finding is still made and traced, nothing follows; by whom, until when, never for own acts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.model.errors import Conflict, Invalid, MingjingError, NotAllowed, NotFound, Refused
from engine.model.exemptions import EndExemption, ExemptionKind, ExemptionRow, ExemptionScope, GrantExemption
from engine.model.views import CaseRow
from engine.service import alerts, discipline, exemptions
from engine.service.handling import new_command_id
from engine.trace import canonical, schemas
from tests.integration.models import ask, check, form, line
from tests.integration.office import TESTER, Office
from tests.integration.waiting import rows

ACTIONS = 'actions="prompt_clerk alert_unit report_discipline"'
DRAWN = check("RAT-01", ("numerator", "=3"), ("denominator", "=2"), blocking=True).replace(
    'actions="prompt_clerk"', ACTIONS
)
SILENT = (
    check("EXP-01", ("condition", "=true"), identity="quiet")
    .replace('actions="prompt_clerk"', 'actions="report_discipline"')
    .replace("<supervision:checks>", "")
    .replace("</supervision:checks>", "")
)


@pytest.fixture
def ready(office: Office) -> Office:
    """A process whose one node is always stopped by a check that also alerts and reports."""
    drawn = DRAWN.replace("</supervision:checks>", f"{SILENT}</supervision:checks>")
    office.deploy(p_bpmn=line("p", ask("a", more=drawn), ids=("a",)), note_form=form("note"))
    return office


def wanted(office: Office, **more: object) -> GrantExemption:
    today = office.equipment.clock().date()
    plain = GrantExemption(
        command_id=new_command_id(),
        kind=ExemptionKind.EXEMPTION,
        code="RAT-01",
        scope=ExemptionScope.UNIT,
        reason="市政府第3号令：救灾期间按实物发放",
        until=today + timedelta(days=30),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def grant(office: Office, who: str = "yan", **more: object) -> ExemptionRow:
    with office.work() as uow:
        return exemptions.grant(uow, wanted(office, **more), office.actor(who), TESTER)


def stopped(office: Office, case: CaseRow) -> bool:
    try:
        office.answer("lin", case, "a")
    except Refused:
        return True
    return False


def test_an_exempt_finding_stops_and_alerts_nobody_but_is_kept_counted_and_reported(ready: Office) -> None:
    """Then ended early: the same node is stopped again. Author, reason and end are traced in the system stream."""
    first, second = (ready.start("lin", "p") for _ in range(2))
    assert stopped(ready, first)
    made = grant(ready, scope=ExemptionScope.BUSINESS, process_id="p")
    assert (made.open, made.used, made.unit_name, made.may_end) == (True, 0, "柳荫街道", True)
    with ready.work() as uow:
        before = discipline.desk(uow, ready.actor("ji")).judged
    assert not stopped(ready, first)
    (warning,) = [one for entry in ready.view("gao", first).timeline for one in entry.warnings if one.exempt]
    assert (warning.code, warning.exempt) == ("RAT-01", made.reason)
    with ready.work() as uow:
        (row,) = exemptions.search(uow, ready.actor("ji"), only_open=True)
        assert alerts.search(uow, ready.actor("yan")).rows == ()
        assert discipline.desk(uow, ready.actor("ji")).judged > before
        assert exemptions.counts(uow, ready.actor("gao")) == {"RAT-01": 1}
        ended = exemptions.end(uow, EndExemption(command_id=new_command_id(), key=made.key), ready.actor("yan"), TESTER)
    assert (row.used, ended.open, ended.ended_by_name) == (1, False, "严谨")
    assert stopped(ready, second)
    bodies = [bytes(one["body"]) for one in rows(ready, "select body from trace_entry where stream = 0")]
    told = [one["payload"] for one in map(canonical.decode, bodies) if one["payload"].get("exemption") == str(made.key)]
    assert [(one.get("until"), one.get("used")) for one in told] == [(made.until.isoformat(), None), (None, 1)]
    for body in bodies:
        schemas.validate(body)
    with pytest.raises(Conflict), ready.work() as uow:
        exemptions.end(uow, EndExemption(command_id=new_command_id(), key=made.key), ready.actor("yan"), TESTER)


def test_it_holds_where_it_was_granted_and_never_for_what_its_author_does(ready: Office) -> None:
    """One case and no other; one check by its id; a unit's not in another's; nobody's own."""
    case, other = (ready.start("lin", "p") for _ in range(2))
    grant(ready, scope=ExemptionScope.CASE, number=case.number, check_id="c")
    grant(ready, "ren", unit="JH-QH-02")
    assert stopped(ready, other)
    lin = ready.actor("lin").person_key
    rows(ready, "update exemption set person_key = %s returning key", lin)
    assert stopped(ready, case)
    rows(ready, "update exemption set person_key = %s returning key", ready.actor("yan").person_key)
    assert not stopped(ready, case)


WRONG: tuple[tuple[str, dict[str, object], type[MingjingError], list[str]], ...] = (
    ("lin", {}, NotAllowed, []),
    ("gao", {}, NotAllowed, []),
    ("yan", {"unit": "JH-QH-02"}, NotFound, []),
    ("yan", {"unit": "JH"}, NotFound, []),
    ("yan", {"scope": ExemptionScope.CASE, "number": "X-1"}, NotFound, []),
    ("yan", {"reason": " "}, Invalid, ["reason"]),
    ("yan", {"code": "XDB-02"}, Invalid, ["code"]),
    ("yan", {"code": "NO-01"}, Invalid, ["code"]),
    ("yan", {"code": "EXP-01", "check_id": "quiet"}, Invalid, ["code"]),
    ("yan", {"check_id": "no_such"}, Invalid, ["code"]),
    ("yan", {"scope": ExemptionScope.BUSINESS, "process_id": "dibao"}, Invalid, ["process_id"]),
    ("yan", {"until": date(2000, 1, 1)}, Invalid, ["until"]),
    ("yan", {"until": date(2099, 1, 1)}, Invalid, ["until"]),
)


def test_who_may_not_grant_what(ready: Office) -> None:
    """Only supervisors, within their unit, for a year at most; a silent check is as unknown as none."""
    for who, more, error, places in WRONG:
        with pytest.raises(error) as refused:
            grant(ready, who, **more)
        assert [one.place for one in refused.value.details] == places
    with ready.work() as uow:
        assert exemptions.search(uow, ready.actor("gao")) == ()
        assert "quiet" not in {use.check_id for use in exemptions.choices(uow, ready.actor("yan")).uses}
