"""Approval options of a user task: known verbs, votes that can be counted, targets that are there."""

from collections.abc import Iterator

from lxml import etree

from engine.model.approval import INITIATOR, Countersign, Disagreement, Resume, SelfApproval, Verb
from engine.model.definitions import LintFinding
from engine.runtime import approvals
from engine.runtime.dialect import (
    BPMN,
    SUPERVISION,
    DrawnNode,
    DrawnProcess,
    children,
    first_extension,
    local,
    namespace,
    supervision_items,
    words,
)
from engine.runtime.returning import Map
from engine.runtime.rules.elements import unknown_attributes
from engine.runtime.rules.model import Model
from engine.runtime.rules.user_tasks import one_of

_VALUES = {
    "countersign": frozenset(Countersign),
    "disagreement": frozenset(Disagreement),
    "resume": frozenset(Resume),
    "selfApproval": frozenset(SelfApproval),
    "everybody": frozenset({"true", "false"}),
}


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        for node in process.nodes:
            xml = first_extension(node.xml, SUPERVISION, "approval") if node.type == "userTask" else None
            if xml is not None:
                for attribute, allowed in _VALUES.items():
                    yield from one_of(model, node, xml, attribute, allowed)
                yield from _verbs(model, node, xml)
                yield from _votes(model, node, xml)
                yield from _targets(model, process, node, xml)


def _verbs(model: Model, node: DrawnNode, xml: etree._Element) -> Iterator[LintFinding]:
    seen: set[str] = set()
    for child in xml.iterchildren(etree.Element):
        code = child.get("code", "")
        fine = (namespace(child), local(child)) == (SUPERVISION, "verb") and code in set(Verb) and code not in seen
        if fine:
            yield from unknown_attributes(model, child, frozenset({"code", "name"}))
        else:
            yield model.error(
                "approval-option",
                node.id,
                f"{local(child)} {code!r} in supervision:approval at {node.id} is unknown or there twice.",
                f"Only supervision:verb may stand there, with one of the codes {', '.join(Verb)}.",
            )
        seen.add(code)


def _votes(model: Model, node: DrawnNode, xml: etree._Element) -> Iterator[LintFinding]:
    """Votes are counted by the outcomes of a multi-instance, and only where the drawing does not count itself."""
    mode, share, weight = xml.get("countersign"), xml.get("share"), xml.get("weight")
    loops = children(node.xml, BPMN, "multiInstanceLoopCharacteristics")
    outcomes = supervision_items(node.xml, "outcomes", "outcome")
    refused = [one for one in outcomes if "true" in (one.get("negative"), one.get("returns"))]
    counted = mode in (Countersign.RATIO, Countersign.WEIGHTED)
    wrong = {
        "it has no multi-instance, so nobody votes": mode is not None and not loops,
        "it needs an outcome for agreeing and a negative one": mode is not None
        and (not refused or len(refused) == len(outcomes)),
        "its multi-instance has a completionCondition too": mode is not None
        and any(children(loop, BPMN, "completionCondition") for loop in loops),
        "share is none above 0 and up to 1": share is not None and approvals.share_of(share) is None,
        "share is for ratio and weighted": share is not None and not counted,
        "ratio needs a share": mode == Countersign.RATIO and share is None,
        "weight is needed for weighted, and only there": (mode == Countersign.WEIGHTED)
        is not bool((weight or "").strip().removeprefix("=").strip()),
        "disagreement or everybody is said without countersign": mode is None
        and (xml.get("disagreement") or xml.get("everybody")) is not None,
    }
    for reason, is_wrong in wrong.items():
        if is_wrong:
            yield model.error(
                "approval-option", node.id, f"The countersign of {node.id}: {reason}.", "See countersign in bpmn.md."
            )


def _targets(model: Model, process: DrawnProcess, node: DrawnNode, xml: etree._Element) -> Iterator[LintFinding]:
    tasks = {one.id for one in process.nodes if one.type == "userTask"}
    sound = set(Map.of(process).targets(node.id))
    for target in words(xml.get("returnTo")):
        if target != INITIATOR and target not in tasks:
            yield model.error(
                "approval-option",
                node.id,
                f"{node.id} returns to {target}, no user task.",
                "Name a user task, or initiator.",
            )
        elif target != INITIATOR and target not in sound:
            yield model.error(
                "approval-option",
                node.id,
                f"{node.id} cannot be sent back to {target}: it is not before it, or inside a branch or subprocess "
                "that has been joined by then.",
                "Name a user task before the split, or on the same branch.",
            )
