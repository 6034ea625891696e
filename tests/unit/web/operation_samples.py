"""What the operators' pages are given, with everything on it."""

from dataclasses import replace

from engine.model.ids import DefinitionKey, ElementId, ElementInstanceId, IncidentKey, InstanceKey, JobKey
from engine.model.incidents import CauseKind, IncidentKind, IncidentRow, IncidentState
from engine.model.operations import FailedDelivery, FailedStart, Node, NodeState, OperatorView, ProcessCounts
from engine.model.views import CaseRow, InstanceState
from engine.model.waits import WaitRow
from tests.unit.web import page_samples as samples

COUNTS = ProcessCounts(
    process_id="dibao",
    name="低保审核确认",
    definition_key=DefinitionKey(7),
    version=2,
    versions=2,
    running=12,
    waiting=3,
    overdue=1,
    incident=2,
    suspended=0,
)
FAILED = FailedStart(
    key=9,
    kind="start",
    process_name="低保审核确认",
    definition_key=DefinitionKey(7),
    element_id="Yearly",
    name="",
    code="assignment.nobody",
    params={"element": "复核", "positions": "reviewer"},
    attempts=3,
    due_at=samples.AT,
    try_at=samples.AT,
)
UNSENT = FailedDelivery(
    key=12,
    channel="unit",
    kind="urged",
    number="DB-2026-000001",
    person_name="林晓燕",
    problem="<script>the interface answered 503</script>",
    attempts=8,
    ended_at=samples.AT,
)
INCIDENT = IncidentRow(
    key=IncidentKey(71),
    instance_key=InstanceKey(901),
    number="DB-2026-000001",
    process_id="dibao",
    process_name="低保审核确认",
    definition_key=DefinitionKey(77),
    definition_version=1,
    element_id=ElementId("Notice"),
    element_instance=ElementInstanceId("Notice#1"),
    element_name="送达通知",
    kind=IncidentKind.JOB_FAILED,
    cause=CauseKind.NONE,
    code="job.no_retries",
    reason="<script>alert(1)</script>",
    params={"type": "send-notice"},
    job_key=JobKey(61),
    state=IncidentState.ACTIVE,
    created_at=samples.AT,
    resolved_at=None,
)


def _node(state: NodeState, depth: int, *, incident: bool = False) -> Node:
    ended = None if state is NodeState.ACTIVE else samples.AT
    return Node(
        instance=f"Notice#{depth}",
        element_id="Notice",
        name="<b>申请书",
        type="serviceTask",
        state=state,
        depth=depth,
        began_at=samples.AT,
        ended_at=ended,
        incident=incident,
    )


def _wait(kind: str) -> WaitRow:
    timer = kind == "timer"
    return WaitRow(
        key=1,
        kind=kind,
        instance_key=InstanceKey(901),
        number="DB-2026-000001",
        process_id="dibao",
        process_name="低保审核确认",
        definition_key=DefinitionKey(77),
        definition_version=1,
        element_id=ElementId("Limit"),
        element_instance=ElementInstanceId("Limit@1"),
        element_name="十个工作日",
        name="" if timer else "paid",
        due_at=samples.AT if timer else None,
        began_at=None if timer else samples.AT,
    )


TREE = (*(_node(one, place) for place, one in enumerate(NodeState)), _node(NodeState.ACTIVE, 9, incident=True))


def view(state: InstanceState = InstanceState.ACTIVE, *, values: bool = False, bare: bool = False) -> OperatorView:
    """An operator's page of a case; `bare` without anything that waits."""
    case: CaseRow = samples.case(state)
    return OperatorView(
        case=replace(case, suspended_at=samples.AT if state is InstanceState.SUSPENDED else None),
        diagram=samples.DIAGRAM,
        tree=() if bare else TREE,
        left_out=0 if bare else 7,
        tasks=() if bare else (samples.task(),),
        jobs=() if bare else (samples.JOB, replace(samples.JOB, key=JobKey(62), retries=1)),
        waits=() if bare else tuple(_wait(kind) for kind in ("timer", "message", "signal")),
        incidents=() if bare else (INCIDENT, replace(INCIDENT, key=IncidentKey(72), kind=IncidentKind.STEP_REFUSED)),
        variables=() if bare else (("amount", 5), ("name", "<b>申请书")),
        shows_values=values,
    )  # fmt: skip
