"""What the pages of the record's integrity, of erasures and of the designer are given."""

from types import SimpleNamespace

from engine.model.ids import DraftKey
from engine.model.modelling import ModelDraft, ModelKind
from engine.service.integrity import Overview
from engine.trace import tree_heads
from engine.trace.tree_heads import TreeHead
from tests.unit.web.page_samples import AT
from web.problems import Problem

HEAD = TreeHead(
    size=12, root=b"\x01" * 32, at=AT, body=b"{}", signature=b"\x02" * 64, public_key=b"\x03" * 32, time_stamp=b"\x30"
)
ALARM = SimpleNamespace(
    key=1,
    raised_at=AT,
    stream=7,
    number="<b>DB-1",
    fault="chain.hash",
    reason="<script>alert(1)</script>",
    seq=3,
    seen_at=None,
    seen_by_name=None,
)
ROUND = SimpleNamespace(
    key=2, kind="all", started_at=AT, finished_at=AT, streams=3, entries=40, files=2, faults=[{"stream": "7"}]
)
RECIPIENT = SimpleNamespace(name="files", size=12, at=AT, fault="<i>full", reason="")
FULL = Overview(
    alarms=[ALARM, SimpleNamespace(**{**vars(ALARM), "seen_at": AT, "seen_by_name": "<b>Xu"})],
    rounds=[ROUND, SimpleNamespace(**{**vars(ROUND), "kind": "new", "finished_at": None, "faults": []})],
    recipients=[RECIPIENT, SimpleNamespace(name="https://witness.example", size=0, at=None, fault="", reason="")],
    heads=[HEAD],
    logged=12,
)
EMPTY = Overview(alarms=[], rounds=[], recipients=[], heads=[], logged=0)
PROPOSAL = SimpleNamespace(
    key=3,
    number="DB-2026-000001",
    basis="<b>law",
    state="proposed",
    proposed_at=AT,
    proposed_by=99,
    proposed_by_name="<i>An",
    decided_at=None,
    decided_by_name=None,
)
DONE = SimpleNamespace(**{**vars(PROPOSAL), "state": "done", "decided_at": AT, "decided_by_name": "<i>Bo"})
DRAFT = ModelDraft(
    key=DraftKey(4),
    kind=ModelKind.PROCESS,
    name="<b>Draft",
    resource_name="<i>.bpmn",
    revision=2,
    created_by="<u>Du",
    created_at=AT,
    changed_by="<u>Du",
    changed_at=AT,
)
WRONG = Problem(status=422, family="invalid", code="request.invalid", detail="<script>alert(2)</script>")
SHOWN: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("pages/integrity.html", "audit_admin", {"found": FULL}),
    ("pages/integrity.html", "audit_admin", {"found": EMPTY}),
    ("pages/tree_heads.html", "clerk", {"heads": [HEAD], "key_id": tree_heads.key_id}),
    ("pages/tree_heads.html", "clerk", {"heads": [], "key_id": tree_heads.key_id}),
    ("pages/erasures.html", "security_admin", {"rows": [PROPOSAL, DONE]}),
    ("pages/erasures.html", "security_admin", {"rows": []}),
    ("pages/designer.html", "designer", {"drafts": (DRAFT,), "kinds": list(ModelKind), "problem": None}),
    ("pages/designer.html", "designer", {"drafts": (), "kinds": list(ModelKind), "problem": WRONG}),
    ("pages/designer_draft.html", "designer", {"draft": DRAFT, "editor": "process-editor", "props": {"url": "/x"}}),
)
