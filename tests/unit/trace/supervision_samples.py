"""Sample payloads of the kinds that supervision writes by itself."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from engine.model.trace_entries import EntryKind


def samples(
    at: datetime, judgement: Mapping[str, object], personal: Callable[[object], object]
) -> Mapping[EntryKind, Mapping[str, object]]:
    """By kind. at: the instant of the samples; personal: makes a value personal."""
    return {**_of_time(at, judgement, personal), **_of_office()}


def _of_time(
    at: datetime, judgement: Mapping[str, object], personal: Callable[[object], object]
) -> Mapping[EntryKind, Mapping[str, object]]:
    return {
        EntryKind.DEADLINE_TURNED: {
            "instance": "9001",
            "element": {"id": "Acceptance", "name": "受理审查", "instance": "Acceptance#1"},
            "light": "red",
            "judgements": [judgement],
        },
        EntryKind.ALERT_CLIMBED: {
            "alert": "7100",
            "element": "Gateway_Supervision",
            "check": "income",
            "code": "THR-01",
            "name": "人均月收入",
            "state": "raised",
            "due_at": at - timedelta(days=1),
            "to": "unit",
            "unit": "102",
            "climbed": 1,
        },
        EntryKind.CHECK_JUDGED: {
            "instance": "9001",
            "element": {"id": "Acceptance", "name": "受理审查"},
            "phase": "after",
            "judgements": [judgement],
        },
        EntryKind.CLOCK_PAUSED: {
            "instance": "9001",
            "kind": "correction",
            "element": {"id": "Correction", "name": "补正材料"},
            "reason": personal("一次性告知补正"),
        },
        EntryKind.CLOCK_RESUMED: {
            "instance": "9001",
            "kind": "hearing",
            "element": None,
            "paused_at": at - timedelta(days=3),
            "reason": personal("听证结束"),
        },
    }


def _of_office() -> Mapping[EntryKind, Mapping[str, object]]:
    return {
        EntryKind.EXEMPTION_GRANTED: {
            "exemption": "7200",
            "exemption_kind": "exemption",
            "code": "XDB-03",
            "check": "cars",
            "scope": "case",
            "instance": "9001",
            "process": "",
            "unit": "柳荫街道",
            "reason": "残疾人代步车",
            "until": "2026-12-31",
        },
        EntryKind.EXEMPTION_ENDED: {"exemption": "7200", "code": "XDB-03", "used": 3},
        EntryKind.SWEEP_ENDED: {
            "sweep": "7300",
            "process": "dibao",
            "unit": "",
            "total": 3,
            "done": 3,
            "found": 1,
            "failed": 1,
            "faults": [{"instance": "9001", "code": "database.inconsistent"}],
        },
        EntryKind.CALENDAR_CHANGED: {
            "years": [2027],
            "days": [{"day": "2027-01-01", "working": False}, {"day": "2027-01-02", "working": None}],
            "source": "国办发明电〔2026〕8号",
            "version": "国务院办公厅放假通知 2004-2026+0123456789ab",
        },
    }
