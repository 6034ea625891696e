"""The replay's data as the island reads it: short names, since a case may have ten thousand entries."""

from typing import Any

from engine.model.findings import RiskLevel
from engine.model.replay import ReplayEntry, ReplayView
from engine.model.trace_entries import EntryKind
from web.pages import labels, rendering

_KINDS = {"activated": "a", "completed": "c", "terminated": "x", "failed": "!", "flow_taken": "f"}

_ALERTS = frozenset({EntryKind.ALERT_HANDLED.value})


def of(view: ReplayView) -> dict[str, Any]:
    """The whole replay. `moved` rows are ``[kind, element, instance, type, process]``; times are UTC."""
    silent: dict[int, list[dict[str, str]]] = {}
    for mark in view.silent:
        silent.setdefault(mark.seq, []).append(
            {"key": mark.key, "name": mark.name, "element": mark.element_name, "level": mark.level.value}
        )
    return {
        "models": [{"id": one.id, "name": one.name, "version": one.version, "xml": one.xml} for one in view.models],
        "entries": [_entry(one, silent.get(one.story.seq, [])) for one in view.entries],
        "brokenAt": view.broken_at,
        "ended": view.case.ended_at is not None,
    }


def _entry(found: ReplayEntry, silent: list[dict[str, str]]) -> dict[str, Any]:
    story = found.story
    levels = [one.level for one in story.warnings]
    worst = max(levels, key=lambda level: level.rank, default=RiskLevel.NONE)
    optional = {
        "opinion": story.opinion,
        "outcome": story.outcome_name,
        "negative": story.negative,
        "returned": story.returned,
        "refused": rendering.problem_text(story.refusal, story.element_name) if story.refusal else "",
        "level": "" if worst is RiskLevel.NONE else worst.value,
        "alert": story.kind in _ALERTS,
        "item": story.item,
        "process": found.process,
        "photos": len(story.photos),
        "files": len(story.attachments),
        "silent": silent,
    }
    return {
        "seq": story.seq,
        "at": story.at.isoformat(),
        "kind": str(labels.kind_label(story.kind)),
        "element": story.element_id,
        "name": story.element_name,
        "person": story.person_name,
        "unit": story.unit_name,
        "moved": [[_KINDS.get(kind, kind), *rest] for kind, *rest in found.moved],
        **{name: value for name, value in optional.items() if value},
    }
