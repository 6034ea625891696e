"""Supervision on nodes: shape of the lists, and every check complete and known."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.model.definitions import LintFinding
from engine.model.findings import Action, RiskLevel
from engine.runtime.dialect import (
    SUPERVISION,
    DrawnNode,
    DrawnProcess,
    extension,
    feel,
    local,
    namespace,
    supervision_items,
    words,
)
from engine.runtime.rules.elements import unknown_attributes
from engine.runtime.rules.model import Model
from engine.runtime.rules.user_tasks import booleans

OPERATORS = frozenset({"<", "<=", ">", ">=", "=", "!="})

_CODE = re.compile(r"[A-Z]{2,5}-[0-9]{2,3}")
_RESULTS = re.compile(r"\bsupervision\s*\.\s*(level|results)\b")
_LISTS = {"outcomes": "outcome", "fields": "field", "materials": "material", "checks": "check"}
_ATTRIBUTES = frozenset({"id", "code", "name", "level", "actions", "blocking", "value", "operator", "limit", "unit"})


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        yield from _results_are_there(model, process)
        seen: set[str] = set()
        for node in process.nodes:
            yield from _lists(model, node)
            for check in supervision_items(node.xml, "checks", "check"):
                yield from _check(model, node, check, seen)


def _results_are_there(model: Model, process: DrawnProcess) -> Iterator[LintFinding]:
    with_checks = {node.id for node in process.nodes if supervision_items(node.xml, "checks", "check")}
    for flow in process.flows:
        if flow.condition and _RESULTS.search(flow.condition) and flow.source not in with_checks:
            yield model.error(
                "supervision-without-checks",
                flow.id,
                f"The condition of {flow.id} asks for supervision results, but {flow.source} has no checks.",
                "Add checks to the gateway, or ask for something else.",
            )


def _lists(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    for box, item in _LISTS.items():
        for group in extension(node.xml, SUPERVISION, box):
            for child in group.iterchildren(etree.Element):
                if (namespace(child), local(child)) != (SUPERVISION, item):
                    yield model.error(
                        "extension-not-executable",
                        node.id,
                        f"{local(child)} in supervision:{box} at {node.id} is unknown.",
                        f"Only supervision:{item} may stand there.",
                    )


def _check(model: Model, node: DrawnNode, check: etree._Element, seen: set[str]) -> Iterator[LintFinding]:
    yield from unknown_attributes(model, check, _ATTRIBUTES)
    yield from booleans(model, node, check, ("blocking",))
    identifier = check.get("id", "")
    code = check.get("code", "")
    known = code in model.checks if model.checks is not None else bool(_CODE.fullmatch(code))
    risks = {level.value for level in RiskLevel} - {RiskLevel.NONE.value}
    actions = words(check.get("actions"))
    wrong = {
        "id": not identifier or identifier in seen,
        "code": not known,
        "name": not check.get("name", "").strip(),
        "level": check.get("level") not in risks,
        "actions": not actions or not set(actions) <= {action.value for action in Action},
        "operator": check.get("operator") not in OPERATORS,
        "value": feel(check.get("value")) is None,
        "limit": feel(check.get("limit")) is None,
    }
    seen.add(identifier)
    for attribute, is_wrong in wrong.items():
        if is_wrong:
            yield model.error(
                f"check-{attribute}",
                node.id,
                f"{attribute}={check.get(attribute)!r} of check {identifier!r} at {node.id} is missing or unknown.",
                "Give it one of the values that the catalogue of checks lists.",
            )
