"""A sample payload of every kind of entry."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.model.actors import Actor, Client, PositionHolding, Unit, UnitLevel
from engine.model.classes import Classified, DataClass
from engine.model.findings import Action, CheckOutcome, RiskLevel
from engine.model.ids import PersonKey, UnitKey
from engine.model.trace_entries import EntryKind
from tests.unit.trace import approval_samples, supervision_samples
from tests.unit.trace.library_payloads import LIBRARY_PAYLOADS
from tests.unit.trace.looking_samples import LOOKS
from tests.unit.trace.proof_samples import PROOF_PAYLOADS

AT = datetime(2026, 1, 5, 1, 2, 3, 450, UTC)
STREET = Unit(
    key=UnitKey(103),
    parent_key=UnitKey(102),
    code="QH-LY",
    name="柳荫街道",
    level=UnitLevel.STREET,
    path="/101/102/103/",
)
ACTOR = Actor(
    person_key=PersonKey(2001),
    username="zhao",
    name="赵受理",
    unit=STREET,
    positions=(
        PositionHolding(
            position="street_officer", position_name="街道受理人", unit_key=UnitKey(103), unit_name="柳荫街道"
        ),
    ),
)
CLIENT = Client(channel="page", address="192.0.2.7", program="Firefox/140")
PERSON = {"person": "2001", "username": "zhao", "name": "赵受理"}
UNIT = {"key": "103", "code": "QH-LY", "name": "柳荫街道", "level": "street"}
DEFINITION = {"process_id": "dibao", "version": 1, "digest": "ab" * 32, "key": "5001"}
ELEMENT = {"id": "Acceptance", "name": "受理审查", "type": "userTask", "instance": "Acceptance#1"}
LIMIT = {"id": "Limit", "name": "十个工作日", "type": "boundaryEvent"}
VISITED = {**ELEMENT, "instance": "Acceptance#2", "item_number": "3"}


INCIDENT = {
    "incident": "7101",
    "element": {"id": "Notice", "name": "送达通知", "instance": "Notice#1"},
    "definition": DEFINITION,
    "incident_kind": "assignment_failed",
}


def personal(value: object) -> Classified:
    return Classified(value, DataClass.PERSONAL)


def internal(value: object) -> Classified:
    return Classified(value, DataClass.INTERNAL)


def file(key: int, name: str) -> dict[str, object]:
    return {
        "key": str(key),
        "code": "application",
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
        "stored": hashlib.sha256(name.encode() + b"stored").hexdigest(),
        "size": 12345,
        "media_type": "application/pdf",
        "name": personal(name),
        "uploaded_at": AT - timedelta(minutes=3),
        "uploaded_by": "2001",
    }


JUDGEMENT: dict[str, Any] = {
    "element": "Gateway_Supervision",
    "level": RiskLevel.HIGH,
    "results": [
        {
            "check": "income",
            "code": "THR-01",
            "name": "人均月收入",
            "outcome": CheckOutcome.HIT,
            "level": RiskLevel.HIGH,
            "actions": [Action.ALERT_UNIT, Action.PROMPT_CLERK],
            "blocking": False,
            "reason": personal("人均月收入 1250.50 元/月超过限额 910 元/月"),
            "parameters": {"limit": Decimal("910"), "operator": "<=", "unit": "元/月"},
            "evidence": personal({"value": Decimal("1250.50")}),
        }
    ],
}
STEP: dict[str, Any] = {
    "variables": [
        {"name": "acceptance_outcome", "value": internal("accept")},
        {"name": "limits", "value": personal({"income": 910, "since": date(2026, 1, 1)})},
        {"name": "seen", "scope": "Visit#2", "value": personal(True)},
    ],
    "judgements": [JUDGEMENT],
    "decisions": [
        {
            "element": "Limits",
            "decision": "dibao_limits",
            "digest": "cd" * 32,
            "matched": [2],
            "inputs": personal({"district": "清河区"}),
            "output": personal({"income": 910}),
        }
    ],
    "transitions": [
        {"kind": "completed", "element": "Acceptance", "instance": "Acceptance#1", "type": "userTask"},
        {"kind": "flow_taken", "element": "Flow_4", "instance": "Acceptance#1", "type": "sequenceFlow"},
        {"kind": "activated", "element": "Review", "instance": "Review#1", "type": "userTask"},
        {
            "kind": "activated",
            "element": "Notice",
            "instance": "Notice#1",
            "type": "serviceTask",
            "process": "notices",
        },
    ],
    "next": [
        {
            "user_task": "7002",
            "element": "Review",
            "instance": "Review#1",
            "candidates": [{"position": "street_reviewer", "unit": "103"}],
        },
        {
            "user_task": "7004",
            "element": "Member",
            "instance": "Member#1",
            "candidates": [],
            "assignee": "2001",
            "process": "notices",
            "item_number": "2.1",
        },
    ],
    "ended": False,
    "jobs": [{"job": "7003", "element": "Notice", "instance": "Notice#1", "type": "send-notice", "process": "notices"}],
    "scopes": [
        {"scope": "Members@1", "parent": "", "variables": personal({"results": [None]})},
        {"scope": "Member#1", "parent": "Members@1", "variables": personal({"loopCounter": 1, "item": "王秀兰"})},
        {
            "scope": "Call#1>",
            "parent": "",
            "variables": personal({"applicant": "王秀兰"}),
            "process": "notices",
            "digest": "ba" * 32,
        },
    ],
    "left": ["Earlier#1"],
}
JUDGEMENT_2 = {
    **JUDGEMENT,
    "results": [
        {
            **JUDGEMENT["results"][0],
            "phase": "submit",
            "reason_code": "over",
            "light": "red",
            "fences": [{"name": "limit", "high": Decimal("910")}],
            "data_versions": {"dibao.income": "第 3 版"},
            "loophole": "L-03",
            "given_reason": personal("已核实，系一次性收入。"),
            "exemption": {"id": "flood", "basis": "市政府令第1号", "author": "", "until": "2026-12-31"},
        }
    ],
}
STEP_2 = {**STEP, "judgements": [JUDGEMENT_2]}
JOB = {
    "job": "7003",
    "element": {"id": "Notice", "name": "送达通知", "type": "serviceTask", "instance": "Notice#1"},
    "definition": {"process_id": "notices", "version": 2, "digest": "ba" * 32, "key": "5002"},
    "type": "send-notice",
    "worker": "post-office",
}
RESOURCE = {"id": "dibao", "name": "低保审核确认", "version": 1, "digest": "ab" * 32, "key": "5001"}

OPERATED = {"instance": "9001", "definition": DEFINITION, "reason": personal("申请人撤回申请")}

_FIRST: Mapping[EntryKind, Mapping[str, object]] = {
    EntryKind.PROCESS_INSTANCE_STARTED_V1: {
        "instance": "9001",
        "number": "DB-2026-000001",
        "business_unit": UNIT,
        "definition": DEFINITION,
        "process_name": "低保审核确认",
        "subject": personal("王秀兰"),
        **STEP,
    },
    EntryKind.PROCESS_INSTANCE_SUSPENDED: {**OPERATED, "reference": 17},
    EntryKind.PROCESS_INSTANCE_RESUMED: {**OPERATED, "suspended_at": AT - timedelta(days=3)},
    EntryKind.PROCESS_INSTANCE_CANCELLED: {**OPERATED, **STEP_2},
    EntryKind.USER_TASK_ASSIGNED: {"element": ELEMENT, "user_task": "7001", "old": None, "new": PERSON},
    **approval_samples.of(ELEMENT, DEFINITION, PERSON, STEP_2),
    EntryKind.USER_TASK_COMPLETED_V1: {
        "element": VISITED,
        "user_task": "7001",
        "definition": DEFINITION,
        "form": {"id": "dibao-acceptance", "digest": "ef" * 32},
        "law": "社会救助暂行办法 第十一条",
        "post": "街道受理人",
        "outcome": {"code": "accept", "name": "受理", "negative": False},
        "opinion": personal("材料齐全，同意受理。"),
        "fields": [
            {"path": "household_size", "class": "internal", "old": internal(None), "new": internal(3)},
            {
                "path": "members",
                "class": "personal",
                "old": personal([]),
                "new": personal([{"name": "王秀兰", "income": Decimal("1250.50")}]),
            },
            {"path": "found", "class": "internal", "old": internal(None), "new": internal(True), "local": True},
        ],
        "attachments": [file(8001, "申请书.pdf")],
        "photos": [file(8002, "门牌.jpg")],
        **STEP,
    },
    EntryKind.JOB_COMPLETED_V1: {**JOB, **STEP},
    EntryKind.JOB_FAILED: {**JOB, "retries": 0, "message": personal("地址无法投递：柳荫街道 12 号")},
    EntryKind.TIMER_FIRED: {
        "element": LIMIT,
        "wait": "Limit@1",
        "definition": DEFINITION,
        "due_at": AT - timedelta(seconds=1),
        "starts": False,
        **STEP_2,
    },
    EntryKind.MESSAGE_CORRELATED: {
        "element": {"id": "Answer", "name": "收到复核结果", "type": "intermediateCatchEvent"},
        "wait": "Answer#1",
        "definition": DEFINITION,
        "message": "6001",
        "name": "review-answered",
        "message_id": "2026-17",
        "published_at": AT - timedelta(minutes=1),
        "published_by": "2001",
        "source": None,
        "starts": False,
        **STEP_2,
    },
    EntryKind.SIGNAL_CAUGHT: {
        "signal": "6002",
        "name": "standard-changed",
        "published_at": AT - timedelta(minutes=1),
        "published_by": None,
        "source": "9002",
        "starts": False,
        **STEP_2,
    },
    EntryKind.JOB_ERROR_THROWN: {**JOB, "error": "UNKNOWN_ADDRESS", "message": personal("查无此人"), **STEP_2},
    EntryKind.JOB_UPDATED: {**JOB, "retries": 3},
    EntryKind.ELEMENT_ROUTED_AROUND: {
        "incident": "7101",
        "element": ELEMENT,
        "definition": DEFINITION,
        "reason": personal("送达已由专人办理"),
        **STEP_2,
    },
    EntryKind.VARIABLES_CHANGED: {
        "at": "",
        "old": personal({"address": "柳荫街道 12 号"}),
        "reason": personal("地址登记有误"),
        **STEP_2,
    },
    EntryKind.INCIDENT_CREATED: {
        **INCIDENT,
        "code": "assignment.nobody",
        "reason": personal("nobody can be found for 复核"),
        "cause": {
            "what": "job",
            "name": "",
            "text": personal(""),
            "variables": personal({"receipt": "R-12", "sum": Decimal("12.50")}),
            "job": "7003",
        },
    },
    EntryKind.INCIDENT_RESOLVED: {**INCIDENT, "how": "retried", "reason": personal("已补派复核人")},
    EntryKind.ALERT_HANDLED: {
        "alert": "7100",
        "element": "Gateway_Supervision",
        "check": "income",
        "code": "THR-01",
        "name": "人均月收入",
        "outcome": {"code": "verify", "name": "核查", "negative": False},
        "from": "signed",
        "to": "verified",
        "verdict": "true",
        "opinion": personal("经查，收入属实。"),
    },
    EntryKind.COMMAND_REFUSED_V1: {
        "command": "user_task.complete",
        "family": "refused",
        "code": "form.field_not_writable",
        "message": personal("the field income may not be written here"),
        "places": [{"place": internal("income"), "code": "read_only"}],
        "target": {"instance": "9001", "user_task": "7001"},
        "element": "Acceptance",
        "judgements": [],
    },
    **LIBRARY_PAYLOADS,
    EntryKind.DEPLOYMENT_CREATED: {
        "deployment": "4001",
        "resources": [{"name": "dibao.bpmn", "digest": "ab" * 32, "size": 20480}],
        "processes": [RESOURCE],
        "decisions": [],
        "forms": [],
    },
    EntryKind.SESSION_SIGNED_IN: {"method": "password", "session": None},
    EntryKind.SESSION_SIGN_IN_FAILED: {
        "code": "sign_in.failed",
        "method": "password",
        "person": None,
        "attempt": "12" * 32,
    },
    EntryKind.SESSION_SIGNED_OUT: {"cause": "user", "session": None},
    EntryKind.TOKEN_ISSUED: {
        "name": "curl",
        "person": PERSON,
        "digest": "34" * 32,
        "expires_at": AT + timedelta(days=30),
    },
    EntryKind.PERSON_CREATED: {
        "person": {
            "key": "2001",
            "username": "zhao",
            "name": "赵受理",
            "unit": UNIT,
            "positions": [{"position": "street_officer", "name": "街道受理人", "unit": "103", "unit_name": "柳荫街道"}],
            "roles": [{"role": "clerk", "scope": "unit", "unit": "103"}],
            "disabled": False,
        }
    },
    EntryKind.PERSON_CHANGED: {
        "person": PERSON,
        "changes": [{"field": "disabled", "old": False, "new": True}, {"field": "password", "old": None, "new": None}],
    },
    EntryKind.CASE_READ: {"instance": "9001", "number": "DB-2026-000001", "view": "case", "reason": None},
    EntryKind.FILE_READ: {
        "instance": "9001",
        "number": "DB-2026-000001",
        "file": "8001",
        "sha256": "56" * 32,
        "reason": None,
    },
    EntryKind.SYSTEM_TRACE_READ: {"first": 1, "last": 20, "count": 20, "reason": None},
    EntryKind.TRACE_VERIFIED: {
        "stream": "9001",
        "ok": False,
        "streams": 1,
        "entries": 4,
        "files": 2,
        "faults": [
            {"stream": "9001", "seq": 5, "fault": "hash", "reason": "Body and hash of entry 5 do not belong together."}
        ],
    },
    EntryKind.DEMONSTRATION_LOADED: {"generator": "1", "seed": 20260105, "counts": {"people": 14, "residents": 300}},
}
PAYLOADS: Mapping[EntryKind, Mapping[str, object]] = {
    **_FIRST,
    **LOOKS,
    **PROOF_PAYLOADS,
    EntryKind.PROCESS_INSTANCE_STARTED: {**_FIRST[EntryKind.PROCESS_INSTANCE_STARTED_V1], **STEP_2},
    EntryKind.USER_TASK_COMPLETED: {**_FIRST[EntryKind.USER_TASK_COMPLETED_V1], **STEP_2},
    EntryKind.JOB_COMPLETED: {**_FIRST[EntryKind.JOB_COMPLETED_V1], **STEP_2},
    **supervision_samples.samples(AT, JUDGEMENT_2, personal),
    EntryKind.COMMAND_REFUSED: {**_FIRST[EntryKind.COMMAND_REFUSED_V1], "judgements": [JUDGEMENT_2]},
}
CASE_KINDS = frozenset(
    {
        *(kind for kind in EntryKind if kind.startswith("process_instance.")),
        *(kind for kind in EntryKind if kind.startswith("user_task.")),
        EntryKind.JOB_COMPLETED_V1,
        EntryKind.JOB_COMPLETED,
        EntryKind.JOB_FAILED,
        EntryKind.TIMER_FIRED,
        EntryKind.MESSAGE_CORRELATED,
        EntryKind.SIGNAL_CAUGHT,
        EntryKind.JOB_ERROR_THROWN,
        EntryKind.JOB_UPDATED,
        EntryKind.ELEMENT_ROUTED_AROUND,
        EntryKind.VARIABLES_CHANGED,
        EntryKind.INCIDENT_CREATED,
        EntryKind.INCIDENT_RESOLVED,
        EntryKind.ALERT_HANDLED,
        EntryKind.ALERT_CLIMBED,
        EntryKind.CHECK_JUDGED,
        EntryKind.DEADLINE_TURNED,
        EntryKind.CLOCK_PAUSED,
        EntryKind.CLOCK_RESUMED,
        EntryKind.COMMAND_REFUSED_V1,
        EntryKind.COMMAND_REFUSED,
    }
)
