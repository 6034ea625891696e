"""What a launch demands of every node that exercises power (权责法定、责任明晰); warnings until then.

Power is exercised where somebody decides (user task), where a table decides (business rule task), and where checks
are judged. Whoever is waited for (user task) needs a time limit: ``supervision:timeLimit`` with the number of days or
hours by law and as promised. A time limit that cannot be counted is an error wherever it is drawn.
"""

from collections.abc import Iterator

from lxml import etree

from engine.model.definitions import LintFinding
from engine.model.findings import Action
from engine.runtime.dialect import SUPERVISION, DrawnNode, DrawnProcess, first_extension, supervision_items, words
from engine.runtime.rules.model import Model
from engine.runtime.time_limits import KINDS, UNITS, WARN_UNITS

POWERS = frozenset({"userTask", "businessRuleTask"})
_MOST = 10_000
"""Units of a time limit; twenty years of days are less."""


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        yield from _of_process(model, process)
        for node in process.nodes:
            if node.type in POWERS or supervision_items(node.xml, "checks", "check"):
                yield from _basis(model, node)
            yield from _time_limit(model, node)
            yield from _pause(model, node)


def _of_process(model: Model, process: DrawnProcess) -> Iterator[LintFinding]:
    limit = first_extension(process.xml, SUPERVISION, "timeLimit")
    if limit is None:
        return
    yield from _fits(model, process.id, limit)
    start = limit.get("from")
    if start is not None and start not in {node.id for node in process.nodes}:
        yield model.error(
            "time-limit-from",
            process.id,
            f"The time limit of {process.id} runs from {start!r}, which is not there.",
            "Name an element of the process in from, or leave it out to count from the start of the case.",
        )


def _time_limit(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    limit = first_extension(node.xml, SUPERVISION, "timeLimit")
    if limit is not None:
        yield from _fits(model, node.id, limit)
    elif node.type == "userTask":
        yield model.warning(
            "time-limit-missing",
            node.id,
            f"User task {node.id} has no time limit.",
            "Add supervision:timeLimit with legal or promised (a number) and unit.",
        )


def _fits(model: Model, owner: str, limit: etree._Element) -> Iterator[LintFinding]:
    numbers = [limit.get(name) for name in ("legal", "promised") if limit.get(name) is not None]
    unit = limit.get("unit", "workingDays")
    if not numbers or not all(_whole(number) for number in numbers) or unit not in UNITS:
        yield model.error(
            "time-limit",
            owner,
            f"The time limit of {owner} has no whole number of {unit!r}.",
            f"Set legal or promised to a whole number and unit to one of: {', '.join(sorted(UNITS))}.",
        )
    wrong = {
        "warn": not _whole(limit.get("warn", "80")),
        "warnUnit": limit.get("warnUnit", "percent") not in WARN_UNITS,
        "actions": not set(words(limit.get("actions"))) <= {action.value for action in Action},
    }
    for attribute in (name for name, is_wrong in wrong.items() if is_wrong):
        yield model.error(
            "time-limit-attribute",
            owner,
            f"{attribute}={limit.get(attribute)!r} of the time limit of {owner} is unknown.",
            "warn is a whole number, warnUnit percent or workingDays, actions as those of a check.",
        )


def _whole(text: str | None) -> bool:
    return text is not None and text.isascii() and text.isdigit() and 0 < int(text) <= _MOST


def _pause(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    pause = first_extension(node.xml, SUPERVISION, "pause")
    if pause is not None and pause.get("kind") not in KINDS:
        yield model.error(
            "pause-kind",
            node.id,
            f"kind={pause.get('kind')!r} of the pause of {node.id} is unknown.",
            f"Give it one of: {', '.join(KINDS)}.",
        )


def _basis(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    basis = first_extension(node.xml, SUPERVISION, "basis")
    for attribute, what in (("law", "legal basis"), ("post", "responsible post")):
        if basis is None or not basis.get(attribute, "").strip():
            yield model.warning(
                f"{attribute}-missing",
                node.id,
                f"{node.id} ({node.type}) exercises power and names no {what}.",
                f"Add supervision:basis with {attribute}.",
            )
