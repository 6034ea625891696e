"""Sample payloads of the kinds about packages and erasure."""

from collections.abc import Mapping
from datetime import UTC, datetime

from engine.model.trace_entries import EntryKind

ERASURE = {
    "instance": "9001",
    "number": "DB-2026-000001",
    "erasure": "7201",
    "basis": "个人信息保护法第四十七条；档案处置决定 2026-17",
}
PROOF_PAYLOADS: Mapping[EntryKind, Mapping[str, object]] = {
    EntryKind.PROCESS_INSTANCE_ERASED: {
        **ERASURE,
        "proposed_by": {"person": "2001", "username": "zhao", "name": "赵受理"},
        "proposed_at": datetime(2026, 1, 4, 1, 2, 3, 450, UTC),
        "what": ["values", "opinions", "subject", "files", "warnings", "drafts", "state"],
    },
    EntryKind.CASE_EXPORTED: {
        "instance": "9001",
        "number": "DB-2026-000001",
        "entries": 17,
        "sha256": "ab" * 32,
        "size": 123456,
    },
    EntryKind.ERASURE_PROPOSED: ERASURE,
    EntryKind.ERASURE_DECLINED: ERASURE,
}
