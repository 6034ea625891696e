"""What the pages of the task centre, notices, settings and print-outs are given in tests."""

from dataclasses import replace
from typing import Any

from engine.model.personal import Notice, NoticeKind, NoticeRule, Phrase, Preferences, SavedFilter
from engine.model.views import Page
from engine.model.worklists import ListFilter, Only, ProcessCount, WorkbenchCounts
from engine.service.printouts import Answer
from tests.unit.web import page_samples as samples

TASK = samples.task()
COUNTS = WorkbenchCounts(todo=1, warned=0, near=0, overdue=1, unclaimed=1, done=0, started=0, copied=2)
NOTICES = tuple(
    Notice(
        key=0 if kind is NoticeKind.NEW_TASK else 5,
        kind=kind.value,
        number="DB-2026-000001",
        process_name="低保审核确认",
        element_name="受理",
        instance_key=TASK.instance_key,
        user_task_key=TASK.key,
        alert_key=7 if kind is NoticeKind.URGED else None,
        by="" if kind is NoticeKind.NEW_TASK else "何静",
        at=TASK.created_at,
        read=kind is NoticeKind.COPIED,
    )
    for kind in NoticeKind
)
SETTINGS: dict[str, object] = {
    "chosen": Preferences(locale="en", email="lin@example.gov.cn", by_email=True),
    "rule": NoticeRule(),
    "phrases": (Phrase(key=1, text="同意。"),),
}


PRINTED = Answer(
    number="DB-2026-000001", process_name="低保审核确认", printed_at=TASK.created_at, entries=3, seal="ab", digest="cd",
    matches=True, later=2,
)  # fmt: skip


def centre(tab: str, page: Page[Any], only: Only | None) -> dict[str, object]:
    """What the task centre is given."""
    wanted = ListFilter(only=only, text="" if page.rows else "沈")
    saved = (SavedFilter(key=3, name="本周", query="tab=todo&only=warned"),) if page.rows else ()
    counts = replace(COUNTS, processes=(ProcessCount(process_id="a", name="低保", count=1),) * 2)
    return {
        "counts": counts,
        "tab": tab,
        "page": page,
        "wanted": wanted,
        "saved": saved,
        "link": lambda **_: "/?tab=todo",
    }
