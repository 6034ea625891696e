"""What a launch demands of every node that exercises power (权责法定、责任明晰); warnings until then.

Power is exercised where somebody decides (user task), where a table decides (business rule task), and where checks
are judged. Whoever is waited for (user task) needs a time limit: ``supervision:timeLimit`` with the number of days or
hours by law and as promised.
"""

from collections.abc import Iterator

from engine.model.definitions import LintFinding
from engine.runtime.dialect import SUPERVISION, DrawnNode, first_extension, supervision_items
from engine.runtime.rules.model import Model

UNITS = frozenset({"workingDays", "calendarDays", "hours"})
POWERS = frozenset({"userTask", "businessRuleTask"})


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        for node in process.nodes:
            if node.type in POWERS or supervision_items(node.xml, "checks", "check"):
                yield from _basis(model, node)
            if node.type == "userTask":
                yield from _time_limit(model, node)


def _time_limit(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    limit = first_extension(node.xml, SUPERVISION, "timeLimit")
    if limit is None:
        yield model.warning(
            "time-limit-missing",
            node.id,
            f"User task {node.id} has no time limit.",
            "Add supervision:timeLimit with legal or promised (a number) and unit.",
        )
        return
    numbers = [limit.get(name) for name in ("legal", "promised") if limit.get(name) is not None]
    unit = limit.get("unit", "workingDays")
    if not numbers or not all(n.isascii() and n.isdigit() and int(n) > 0 for n in numbers if n) or unit not in UNITS:
        yield model.error(
            "time-limit",
            node.id,
            f"The time limit of {node.id} has no whole number of {unit!r}.",
            f"Set legal or promised to a whole number and unit to one of: {', '.join(sorted(UNITS))}.",
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
