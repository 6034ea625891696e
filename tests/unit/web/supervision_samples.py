"""Alerts and reports as the service hands them to pages."""

from dataclasses import replace

from engine.model.alerts import AlertHandling, AlertRow, AlertState, AlertStep, AlertView, CheckRate, Verdict
from engine.model.discipline import DeskView, ReportView
from engine.model.findings import RiskLevel
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
    chosen = {"state": "open", "level": "high", "code": "XDB-03", "name": "村干部亲属"}
    return {"page": page, "counts": (1, 1), "rates": (RATE,), "chosen": chosen, "filters": ("open", "all")}


DESK = DeskView(
    body_name="派驻监督组",
    judged=4,
    complete=True,
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
