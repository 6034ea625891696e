"""Alerts and reports as the service hands them to pages."""

from dataclasses import replace
from datetime import date

from engine.model.alert_board import Board, BoardCheck, BoardMonth, BoardRow, Figure
from engine.model.alerts import (
    AlertFilter,
    AlertHandling,
    AlertRow,
    AlertState,
    AlertStep,
    AlertView,
    CheckRate,
    Took,
    Verdict,
)
from engine.model.discipline import DeskView, ReportView
from engine.model.findings import Light, RiskLevel
from engine.model.ids import AlertKey, ElementId, InstanceKey
from tests.unit.web.page_samples import AT

ALERT = AlertView(
    row=AlertRow(
        key=AlertKey(801),
        instance_key=InstanceKey(901),
        number="DB-2026-000001",
        process_name="低保审核确认",
        unit_name="柳荫社区",
        element_id=ElementId("Receipt"),
        element_name="收件登记",
        check_id="cars",
        code="XDB-03",
        name="家庭车辆",
        level=RiskLevel.HIGH,
        outcome="cannot_say",
        state=AlertState.SIGNED,
        verdict=None,
        repeats=2,
        climbed=0,
        raised_at=AT,
        due_at=AT,
        overdue=True,
    ),
    version=2,
    reason="<script>alert(4)</script>",
    given_reason="<b>申请书",
    clerk_name="林晓",
    parameters={"most": 1, "operator": "<="},
    evidence={"vehicles": [{"plate": "<b>申请书"}]},
    data_versions={"vehicle": "2026-01-01"},
    history=(
        AlertHandling(
            step=AlertStep.SIGN, verdict=None, person_name="严谨", unit_name="柳荫街道", at=AT, text="<b>申请书"
        ),
        AlertHandling(
            step=AlertStep.VERIFY, verdict=Verdict.TRUE, person_name="严谨", unit_name="柳荫街道", at=AT, text=""
        ),
    ),
    offered=(AlertStep.VERIFY,),
)
CLEARED_ALERT = replace(
    ALERT,
    row=replace(ALERT.row, state=AlertState.CLEARED, verdict=Verdict.TRUE, due_at=None, overdue=False),
    offered=(),
    why_not="alert.same_person",
    readable=False,
)
RATE = CheckRate(code="XDB-03", name="家庭车辆", raised=3, open=1, true=1, false=1, cannot_tell=0)


def alert_list(page: object) -> dict[str, object]:
    """What the alert centre is given."""
    chosen = {
        "state": "open", "level": "high", "code": "XDB-03", "name": "村干部亲属", "light": "red", "took": "7",
        "raised_from": "2026-01-01",
    }  # fmt: skip
    return {"page": page, "count": 1, "counts": (1, 1), "rates": (RATE,), "chosen": chosen, "filters": ("open", "all")}


DESK = DeskView(
    body_name="派驻监督组",
    judged=4,
    next_cursor=None,
    reports=(
        ReportView(
            key="0a",
            at=AT,
            body_name="派驻监督组",
            instance_key=901,
            number="DB-2026-000001",
            process_name="低保审核确认",
            unit_name="柳荫社区",
            element_name="Receipt",
            acting_name="林晓",
            code="XDB-02",
            name="干部及亲属",
            outcome="hit",
            level=RiskLevel.CRITICAL,
            reason="<script>alert(5)</script>",
            parameters={"with_kin": True},
            evidence={"kin": [{"name": "<b>申请书"}]},
            data_versions={"kin": "2026-01-01"},
        ),
    ),
)


def _figure(count: int, **wanted: object) -> Figure:
    return Figure(count=count, of=AlertFilter(**wanted))  # type: ignore[arg-type]


def board(count: int) -> Board:
    """A dashboard with so many alerts of everything."""
    lights = tuple(_figure(count, light=light) for light in (Light.GREEN, Light.YELLOW, Light.RED))
    levels = tuple(_figure(count, level=level.value) for level in list(RiskLevel)[1:])
    row = BoardRow(name="<b>申请书", total=_figure(count), levels=levels, lights=lights)
    one = _figure(count)
    month = BoardMonth(first=date(2026, 1, 1), raised=one, cleared=one)
    check = BoardCheck(code="THR-02", name="<script>alert(6)</script>", raised=one, open=one, true=one, false=one)
    return Board(
        months=12, open=one, lights=lights, raised=one, cleared=one, true=one, false=one,
        units=(row,) if count else (), businesses=(row,) if count else (), trend=(month,),
        checks=(check,) if count else (), took=tuple(_figure(count, took=took) for took in Took),
        median_days=3 if count else None,
    )  # fmt: skip
