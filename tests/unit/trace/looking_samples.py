"""A payload of each kind of entry about looking at cases."""

from collections.abc import Mapping

from engine.model.trace_entries import EntryKind

LOOKS: Mapping[EntryKind, Mapping[str, object]] = {
    EntryKind.CASE_READ_REFUSED: {
        "instance": "9002",
        "view": "replay",
        "code": "case.not_found",
        "reason": None,
    },
    EntryKind.CASES_SEARCHED: {
        "criteria": [{"field": "opinion", "digest": "ab" * 32}, {"field": "level", "value": "high"}],
        "count": 2,
        "more": False,
        "reason": "投诉核查",
    },
    EntryKind.CASES_EXPORTED: {
        "criteria": [{"field": "unit", "value": "柳荫街道"}],
        "format": "xlsx",
        "count": 2,
        "sha256": "cd" * 32,
        "reason": "季度抽查",
    },
}
