"""View models as the service hands them to pages: one of each, with everything that a template can show."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import web
from engine.model.actors import Actor, PositionHolding, RoleGrant, Scope, Unit, UnitLevel
from engine.model.definitions import MaterialKind, Outcome, RequiredMaterial
from engine.model.findings import RiskLevel
from engine.model.ids import (
    AttachmentKey,
    DefinitionKey,
    ElementId,
    ElementInstanceId,
    InstanceKey,
    JobKey,
    PersonKey,
    UnitKey,
    UserTaskKey,
)
from engine.model.replay import Moment
from engine.model.trace_entries import EntryKind
from engine.model.views import (
    CaseRow,
    CaseView,
    DiagramView,
    DraftView,
    FieldChange,
    FileView,
    InstanceState,
    JobRow,
    JobState,
    StartableProcess,
    SystemEntry,
    TimelineEntry,
    UserTaskRow,
    UserTaskState,
    UserTaskView,
    VerificationView,
    WarningView,
)

TEMPLATES = Path(web.__file__).parent / "templates"
AT = datetime(2026, 1, 5, 1, 12, tzinfo=UTC)
HASH = "9f3b2c51a7e04d66" * 4
UNIT = Unit(
    key=UnitKey(3), parent_key=UnitKey(2), code="liuyin", name="柳荫街道", level=UnitLevel.STREET, path="/1/2/3/"
)
FORM: dict[str, object] = {
    "type": "default",
    "components": [
        {"type": "textfield", "id": "N", "key": "applicant_name", "label": "申请人姓名"},
        {
            "type": "dynamiclist",
            "id": "M",
            "path": "members",
            "components": [{"type": "textfield", "id": "MN", "key": "name", "label": "成员姓名"}],
        },
    ],
}


def actor(role: str) -> Actor:
    """A person with one role and a position."""
    grant = RoleGrant(role=role, scope=Scope.SUBTREE, unit_key=UNIT.key, unit_path=UNIT.path)
    held = PositionHolding(
        position="street_officer", position_name="街道受理人", unit_key=UNIT.key, unit_name=UNIT.name
    )
    return Actor(person_key=PersonKey(12), username="zhao", name="赵敏", unit=UNIT, positions=(held,), grants=(grant,))


def file(kind: str = "attachment", code: str = "application") -> FileView:
    """A prepared or stored file; its name would be markup if it were not escaped."""
    return FileView(
        key=AttachmentKey(41),
        kind=kind,
        code=code,
        name="<b>申请书</b>.pdf",
        media_type="image/jpeg" if kind == "photo" else "application/pdf",
        size_bytes=234_567,
        sha256=HASH,
        uploaded_by="林晓",
        uploaded_at=AT,
    )


WARNING = WarningView(
    element_id="Gateway_Supervision",
    element_name="监督网关",
    code="THR-01",
    name="家庭人均月收入",
    outcome="cannot_say",
    level=RiskLevel.HIGH,
    reason="人均月收入 912.50 元，高于 830 元。",
    parameters={"limit": "830", "operator": "<="},
    evidence={"members": 3},
)


PASSED = WarningView(
    element_id="Gateway_Supervision",
    element_name="监督网关",
    code="THR-01",
    name="家庭车辆价值",
    outcome="clear",
    level=RiskLevel.HIGH,
    reason="家庭车辆价值 0 元，不高于 100000 元。",
    parameters={"limit": "100000", "operator": "<="},
    evidence={},
)


def entry(seq: int, kind: str, **more: object) -> TimelineEntry:
    """A trace entry with everything on it."""
    given: dict[str, object] = {
        "element_id": "Receipt",
        "element_name": "收件登记",
        "outcome_code": "register",
        "outcome_name": "登记",
        "negative": False,
        "opinion": "<script>alert(1)</script>",
        "changes": (
            FieldChange(path="members", label="家庭成员", old=None, new=[{"name": "王秀兰"}]),
            FieldChange(path="phone", label="电话", old=None, new=None, readable=False),
        ),
        "attachments": (file(),),
        "photos": (file("photo", "site"),),
        "warnings": (WARNING,),
        "passed": (PASSED,),
        "flows": ("Flow_1",),
        "refusal": "",
        "item": "2.1",
        "process_name": "入户调查",
        "job_type": "<b>post",
        "message": "<script>alert(2)</script>",
        "incident": "job_failed" if kind.startswith("incident.") else "",
    }
    return TimelineEntry(
        seq=seq,
        at=AT,
        kind=kind,
        person_name="林晓",
        unit_name="柳荫社区",
        position_name="社区经办人",
        client="page 10.0.0.1",
        hash=HASH,
        **(given | more),  # type: ignore[arg-type]  # a sample
    )


STORY = (
    *(entry(number, kind.value) for number, kind in enumerate(EntryKind, 1)),
    entry(99, EntryKind.COMMAND_REFUSED, refusal="user_task.not_open", outcome_name=""),
)

SYSTEM = (
    *(SystemEntry(entry=found) for found in STORY),
    SystemEntry(
        entry=STORY[0],
        case_key=InstanceKey(901),
        case_number="DB-2026-000001",
        about=(("view", "case"), ("file", HASH[:12]), ("result", "altered"), ("models", "<script>alert(3)</script>")),
    ),
)

DIAGRAM = DiagramView(
    definition_key=DefinitionKey(77),
    completed=("Receipt",),
    current=("Acceptance",),
    flows=("Flow_1",),
    levels={"Gateway_Supervision": RiskLevel.HIGH},
    visits={"Receipt": 2},
    name="低保审核确认",
    version=1,
    called=(
        DiagramView(
            definition_key=DefinitionKey(78),
            completed=(),
            current=("Visit",),
            flows=(),
            levels={},
            visits={},
            name="入户调查",
            version=2,
        ),
    ),
)

JOB = JobRow(
    key=JobKey(601),
    instance_key=InstanceKey(901),
    number="DB-2026-000001",
    process_id="dibao",
    process_name="低保审核确认",
    definition_key=DefinitionKey(77),
    definition_version=1,
    element_id=ElementId("Notice"),
    element_instance=ElementInstanceId("Notice#1"),
    element_name="送达通知",
    kind="send-notice",
    headers={},
    state=JobState.FAILED,
    retries=0,
    worker="post",
    locked_until=None,
    message="x",
    created_at=AT,
    ended_at=None,
)


def case(state: InstanceState = InstanceState.ACTIVE, level: RiskLevel = RiskLevel.NONE) -> CaseRow:
    """A case in a list."""
    return CaseRow(
        key=InstanceKey(901),
        number="DB-2026-000001",
        process_id="dibao",
        process_name="低保审核确认",
        definition_version=1,
        definition_key=DefinitionKey(77),
        subject="沈建国",
        unit_name="柳荫社区",
        state=state,
        current=("受理审查",),
        level=level,
        starter_name="林晓",
        started_at=AT,
        ended_at=None if state is InstanceState.ACTIVE else AT,
    )


def task(
    level: RiskLevel = RiskLevel.NONE, assignee: str | None = None, state: UserTaskState = UserTaskState.CREATED
) -> UserTaskRow:
    """A user task in a list: of a called process, in a loop."""
    return UserTaskRow(
        key=UserTaskKey(501),
        instance_key=InstanceKey(901),
        number="DB-2026-000001",
        process_id="dibao",
        process_name="入户调查",
        case_process_name="低保审核确认",
        called_name="入户调查",
        item_number="2",
        item="<b>申请书</b>",
        definition_key=DefinitionKey(77),
        subject="沈建国",
        element_id=ElementId("Acceptance"),
        element_instance=ElementInstanceId("Acceptance#1"),
        element_name="受理审查",
        unit_name="柳荫街道",
        state=state,
        version=1,
        assignee=assignee,
        assignee_name=assignee,
        candidate_positions=("street_officer",),
        form_key=None,
        form_version=None,
        definition_version=1,
        form_id="dibao-acceptance",
        level=level,
        created_at=AT,
        completed_at=None,
    )


def task_view(*, workable: bool = True, outcomes: int = 3, form: bool = True) -> UserTaskView:
    """A task page: with one or several outcomes, for somebody who may work it or only look."""
    offered = (
        Outcome(code="accept", name="受理"),
        Outcome(code="correct", name="一次性告知补正", opinion_required=True),
        Outcome(code="reject", name="不予受理", opinion_required=True, negative=True),
    )
    return UserTaskView(
        task=task(RiskLevel.CRITICAL),
        case=case(),
        form=FORM if form else None,
        data={"applicant_name": "沈建国", "note": "</script><b>"},
        outcomes=offered[:outcomes],
        materials=(
            RequiredMaterial(code="application", name="申请书", kind=MaterialKind.ATTACHMENT, minimum=1),
            RequiredMaterial(
                code="site", name="现场照片", kind=MaterialKind.PHOTO, minimum=1, outcomes=frozenset({"accept"})
            ),
        ),
        files=(file(), file("photo", "site"), file("attachment", "")),
        draft=DraftView(data={}, outcome="accept", opinion="同意", saved_at=AT),
        law="《社会救助暂行办法》第十一条",
        post="街道受理岗",
        timeline=STORY,
        diagram=DIAGRAM,
        warnings=(WARNING,),
        workable=workable,
        foresees=workable,
        not_workable_reason="" if workable else "user_task.not_yours",
    )


def case_view(verification: VerificationView | None = None) -> CaseView:
    """A case page."""
    return CaseView(
        case=case(level=RiskLevel.MEDIUM),
        timeline=STORY,
        diagram=DIAGRAM,
        verification=verification,
        tasks=(*(task() for _ in range(21)), task(state=UserTaskState.CANCELED)),
        jobs=(JOB, replace(JOB, retries=1)),
    )


def verification(*, ok: bool) -> VerificationView:
    """The answer to "was anything altered?"."""
    return VerificationView(
        ok=ok,
        entries=8,
        files=2,
        checked_at=AT,
        head_hash=HASH,
        first_bad_seq=None if ok else 3,
        reason="" if ok else "hash",
    )


STARTABLE = StartableProcess(
    process_id="dibao",
    name="低保审核确认",
    version=1,
    definition_key=DefinitionKey(77),
    starts=(("Desk", "窗口申请"), ("Online", "<b>申请书")),
)

MOMENT = Moment(
    seq=5,
    against=2,
    withheld=True,
    scopes=(
        (
            "",
            (
                FieldChange(path="income", label="<b>月收入", old=None, new=1200),
                FieldChange(path="secret", label="x", old=None, new=None, readable=False),
            ),
        ),
        ("member#1", (FieldChange(path="item", label="", old=1, new=[{"name": "x"}]),)),
    ),
)
