"""A sample payload of every kind of entry of the verbs of approval."""

from collections.abc import Mapping

from engine.model.classes import Classified, DataClass
from engine.model.trace_entries import EntryKind


def personal(value: object) -> Classified:
    return Classified(value, DataClass.PERSONAL)


def of(
    element: Mapping[str, object],
    definition: Mapping[str, object],
    person: Mapping[str, object],
    step: Mapping[str, object],
) -> dict[EntryKind, dict[str, object]]:
    """By kind, about this element and person, with this step where the case moves."""
    return {
        EntryKind.USER_TASK_SENT_BACK: {
            "element": element,
            "user_task": "7001",
            "definition": definition,
            "target": {"id": "Receipt", "name": "收件", "instance": "Receipt#2"},
            "resume": "direct",
            "opinion": personal("材料不齐，退回补正"),
            **step,
        },
        EntryKind.USER_TASK_WITHDRAWN: {
            "element": element,
            "user_task": "7001",
            "definition": definition,
            "target": {"id": "Acceptance", "name": "受理审查", "instance": "Acceptance#2"},
            "opinion": personal("漏填一项"),
            **step,
        },
        EntryKind.USER_TASK_TRANSFERRED: {
            "element": element,
            "user_task": "7001",
            "old": person,
            "new": {"person": "2002", "username": "qian", "name": "钱受理"},
            "opinion": personal("本周外出"),
        },
        **_told(element, person),
    }


def _told(element: Mapping[str, object], person: Mapping[str, object]) -> dict[EntryKind, dict[str, object]]:
    return {
        EntryKind.USER_TASK_SIGNERS_ADDED: {
            "element": element,
            "user_task": "7001",
            "manner": "before",
            "signers": [{"user_task": "7002", "person": person}],
            "opinion": personal("请核对住房"),
        },
        EntryKind.USER_TASK_SIGNED: {
            "element": element,
            "user_task": "7002",
            "parent": "7001",
            "manner": "before",
            "agree": False,
            "opinion": personal("住房情况不符"),
            "waits_for": 1,
        },
        EntryKind.USER_TASK_SIGNER_REMOVED: {
            "element": element,
            "user_task": "7002",
            "parent": "7001",
            "person": person,
            "opinion": personal("已另行核实"),
        },
        EntryKind.PROCESS_INSTANCE_URGED: {
            "instance": "9001",
            "user_tasks": ["7001"],
            "times": 2,
            "opinion": personal("请尽快办理"),
        },
        EntryKind.PROCESS_INSTANCE_COPIED: {
            "instance": "9001",
            "user_task": "7001",
            "people": [person],
            "opinion": personal("供参考"),
        },
    }
