"""Reading ``supervision:approval``: which verbs a user task allows, how votes count, where it may be sent back to."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from lxml import etree

from engine.model.approval import (
    ALWAYS,
    ApprovalOptions,
    Countersign,
    Disagreement,
    Resume,
    SelfApproval,
    Verb,
    Vote,
)
from engine.model.ids import ElementId

HALF = Decimal("0.5")
ATTRIBUTES: Mapping[str, str] = {
    "countersign": "how the votes of a multi-instance make one result: `all`, `ratio`, `weighted`, `any` (the first "
    "one decides). In sequence: a sequential multi-instance of any of these. Without it `completionCondition` counts",
    "share": "of ratio and weighted: what must agree, above 0 and up to 1. Weighted without it: more than half, a "
    "tie does not pass",
    "weight": "of weighted: FEEL over the item of the collection, a number above 0",
    "disagreement": "`veto`: one against decides (usual for all); `count`: it counts, and decides once agreement is "
    "out of reach (usual for ratio and weighted)",
    "everybody": "`true`: all are heard, also when the result is certain already",
    "returnTo": "user tasks that may be sent back to, or `initiator`; without it every earlier one "
    "from which it is sound",
    "resume": "`continue`: on along the drawing; `direct`: straight back to who sent it; `either` (usual): they choose",
    "selfApproval": "when the task would be the initiator's own: `allow` (usual), `refuse`: another one must do it",
    "fallback": "positions that take the task when nobody holds those of the node; without it the step is refused",
}
"""Attributes of the element; each has a rule in `engine.runtime.rules.approval`."""


def read(xml: etree._Element | None, verb_tag: str) -> ApprovalOptions:
    """The options of a node that has passed the gate; those of a node that says nothing when there is no element."""
    if xml is None:
        return ApprovalOptions()
    verbs = {Verb(one.get("code", "")): one.get("name", "").strip() for one in xml.iterchildren(verb_tag)}
    return ApprovalOptions(
        verbs={verb: verbs.get(verb, "") for verb in Verb if verb in verbs or verb in ALWAYS},
        return_to=tuple(ElementId(name) for name in _list(xml, "returnTo")),
        resume=Resume(xml.get("resume", Resume.EITHER)),
        vote=_vote(xml),
        self_approval=SelfApproval(xml.get("selfApproval", SelfApproval.ALLOW)),
        fallback=_list(xml, "fallback"),
    )


def share_of(text: str) -> Decimal | None:
    """A share above 0 and up to 1, None when the text is none."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 < found <= 1 else None


def _vote(xml: etree._Element) -> Vote | None:
    drawn = xml.get("countersign")
    if drawn is None:
        return None
    mode = Countersign(drawn)
    usual = Disagreement.VETO if mode is Countersign.ALL else Disagreement.COUNT
    share = share_of(xml.get("share", ""))
    counted = mode in (Countersign.RATIO, Countersign.WEIGHTED)
    return Vote(
        mode=mode,
        disagreement=Disagreement(xml.get("disagreement", usual)),
        share=(share or HALF) if counted else Decimal(1),
        over=counted and share is None,
        weight=xml.get("weight", "").strip().removeprefix("=").strip() if mode is Countersign.WEIGHTED else "",
        everybody=xml.get("everybody") == "true",
    )


def _list(xml: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(xml.get(name, "").replace(",", " ").split())
