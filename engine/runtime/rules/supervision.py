"""Supervision on nodes: shape of the lists, and every check complete and known."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from lxml import etree

from engine.model.definitions import CheckShape, LintFinding
from engine.model.findings import Action, CheckPhase, RiskLevel
from engine.runtime.dialect import (
    SHORT_PARAMETERS,
    SUPERVISION,
    DrawnNode,
    DrawnProcess,
    check_parameters,
    extension,
    local,
    namespace,
    supervision_items,
    words,
)
from engine.runtime.rules.elements import WAITING, unknown_attributes
from engine.runtime.rules.model import Model
from engine.runtime.rules.user_tasks import booleans

_CODE = re.compile(r"[A-Z]{2,5}-[0-9]{2,3}")
_RESULTS = re.compile(r"\bsupervision\s*\.\s*(level|results)\b")
_LISTS = {"outcomes": "outcome", "fields": "field", "materials": "material", "checks": "check"}
_ATTRIBUTES = frozenset(
    {"id", "code", "name", "level", "actions", "blocking", "phase", "loophole", "allowWithReason", *SHORT_PARAMETERS}
)
_PARAMETER = frozenset({"name", "value"})
_EXEMPTION = frozenset({"id", "when", "basis", "until"})
_PHASES = frozenset(phase.value for phase in CheckPhase)
_LATER = frozenset({CheckPhase.AFTER.value, CheckPhase.TIMER.value})


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
    yield from _inside(model, node, check)
    identifier = check.get("id", "")
    code = check.get("code", "")
    known = code in model.checks if model.checks is not None else bool(_CODE.fullmatch(code))
    risks = {level.value for level in RiskLevel} - {RiskLevel.NONE.value}
    actions = words(check.get("actions"))
    phase = check.get("phase", "entry")
    wrong = {
        "id": not identifier or identifier in seen,
        "code": not known,
        "name": not check.get("name", "").strip(),
        "level": check.get("level") not in risks,
        "actions": not actions or not set(actions) <= {action.value for action in Action},
        "phase": phase not in _PHASES or (phase == CheckPhase.TIMER.value and node.type not in WAITING),
        "blocking": phase in _LATER and check.get("blocking") == "true",
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
    if isinstance(model.checks, Mapping) and known:
        yield from _parameters(model, node, check, model.checks[code])


def _parameters(model: Model, node: DrawnNode, check: etree._Element, shape: CheckShape) -> Iterator[LintFinding]:
    drawn = check_parameters(check)
    known = {parameter.name: parameter for parameter in shape.parameters}
    wrong = [f"it has no parameter {name!r}" for name in drawn if name not in known]
    wrong += [f"{name} is missing" for name, one in known.items() if one.required and not drawn.get(name)]
    wrong += [
        f"one of {', '.join(sorted(group))} is needed"
        for group in shape.alternatives
        if not any(drawn.get(name) for name in group)
    ]
    wrong += [
        f"{name} must be one of {', '.join(known[name].choices)}"
        for name, text in drawn.items()
        if name in known and known[name].choices and not text.startswith("=") and text not in known[name].choices
    ]
    for reason in wrong:
        yield model.error(
            "check-parameter",
            node.id,
            f"Check {check.get('id')!r} at {node.id}: {reason}.",
            "Draw the parameters that the page of the check in docs/reference/checks lists.",
        )


def _inside(model: Model, node: DrawnNode, check: etree._Element) -> Iterator[LintFinding]:
    """The children of a check: parameters with a name each, exemptions that can be read."""
    names: set[str] = set(SHORT_PARAMETERS) & {name for name in SHORT_PARAMETERS if check.get(name)}
    for child in check.iterchildren(etree.Element):
        kind = local(child) if namespace(child) == SUPERVISION else ""
        if kind == "parameter":
            yield from unknown_attributes(model, child, _PARAMETER)
            name = child.get("name", "")
            fine = bool(name) and name not in names
            names.add(name)
        elif kind == "exemption":
            yield from unknown_attributes(model, child, _EXEMPTION)
            fine = all(child.get(one, "").strip() for one in ("id", "when", "basis")) and _is_day(child.get("until"))
        else:
            fine = False
        if not fine:
            yield model.error(
                "check-content",
                node.id,
                f"{local(child)} {child.get('name', child.get('id', ''))!r} of check {check.get('id')!r} at "
                f"{node.id} is "
                "incomplete, unknown or there twice.",
                "A parameter has a name of its own and a value; an exemption has id, when, basis and perhaps until.",
            )


def _is_day(text: str | None) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False
