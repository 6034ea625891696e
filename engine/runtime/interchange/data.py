"""Plain BPMN's data: ioSpecification and data associations.

A data object is a variable if its name can be one. An association that leads from one variable to another is a line
of ``zeebe:ioMapping``; between equal names nothing is to be copied, because variables live in scopes. What has no
such name is a drawing: it is told, once an element.
"""

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, FLOW_NODES, children, local
from engine.runtime.interchange.juel import Untranslatable, to_feel, wrapped
from engine.runtime.interchange.tree import map_io, remove
from engine.runtime.rules.model import Reporter, is_name, owner_id

_ASSOCIATIONS = {"dataInputAssociation": "input", "dataOutputAssociation": "output"}
_MAPPED = frozenset(
    {"userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask", "subProcess",
     "callActivity"}
)  # fmt: skip


def rewrite(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """All rewrites of this kind."""
    by_id = {element.get("id", ""): element for element in root.iter(f"{{{BPMN}}}*")}
    told: set[str] = set()
    for name, direction in _ASSOCIATIONS.items():
        for association in list(root.iter(f"{{{BPMN}}}{name}")):
            yield from _one(reporter, association, direction, by_id, told)
    for specification in list(root.iter(f"{{{BPMN}}}ioSpecification")):
        remove(specification)


def variable(by_id: Mapping[str, etree._Element], reference: str) -> str | None:
    """The variable that a reference to a data object, data input or property means."""
    element = by_id.get(reference)
    if element is None:
        return None
    for candidate in (element, by_id.get(element.get("dataObjectRef", ""))):
        if candidate is not None and is_name(candidate.get("name")):
            return str(candidate.get("name"))
    return None


def _one(
    reporter: Reporter,
    association: etree._Element,
    direction: str,
    by_id: Mapping[str, etree._Element],
    told: set[str],
) -> Iterator[LintFinding]:
    owner = association.getparent()
    if owner is None or local(owner) not in FLOW_NODES:
        return
    where = owner_id(owner)
    if children(association, BPMN, "transformation") or children(association, BPMN, "assignment"):
        yield from _assignments(reporter, owner, association, direction)
        return
    source = _end(association, "sourceRef", by_id)
    target = _end(association, "targetRef", by_id)
    if source and target and source != target and local(owner) in _MAPPED:
        map_io(owner, direction, f"={source}", target)
        yield reporter.info(
            "rewritten-data",
            where,
            f"The data association of {where} is read as the {direction} mapping ={source} to {target}.",
            "Write zeebe:ioMapping into the model.",
        )
    elif source != target and where not in told:
        told.add(where)
        yield reporter.info(
            "data-only-drawn",
            where,
            f"Data associations of {where} lead from or to something that is no variable; they copy nothing.",
            "Use zeebe:ioMapping where data is to be copied.",
        )


def _end(association: etree._Element, name: str, by_id: Mapping[str, etree._Element]) -> str | None:
    for end in children(association, BPMN, name):
        return variable(by_id, (end.text or "").strip())
    return None


def _assignments(
    reporter: Reporter, owner: etree._Element, association: etree._Element, direction: str
) -> Iterator[LintFinding]:
    """``<assignment><from>expression</from><to>variable</to></assignment>``."""
    where = owner_id(owner)
    for assignment in children(association, BPMN, "assignment"):
        ends = [child.text or "" for name in ("from", "to") for child in children(assignment, BPMN, name)]
        mapping = _mapping(*ends) if len(ends) == 2 else None
        if mapping is not None and local(owner) in _MAPPED:
            map_io(owner, direction, *mapping)
            yield reporter.info(
                "rewritten-data",
                where,
                f"An assignment of {where} is read as the {direction} mapping {mapping[0]} to {mapping[1]}.",
                "Write zeebe:ioMapping into the model.",
            )
            continue
        yield _refused(reporter, where, "An assignment")
    if children(association, BPMN, "transformation"):
        yield _refused(reporter, where, "A transformation")


def _mapping(source: str, target: str) -> tuple[str, str] | None:
    target = target.strip().removeprefix("=").strip()
    target = (wrapped(target) or target).strip()
    text = source.strip()
    if not is_name(target) or not text:
        return None
    if text.startswith("="):
        return text, target
    try:
        return f"={to_feel(wrapped(text) or text)}", target
    except Untranslatable:
        return None


def _refused(reporter: Reporter, where: str, what: str) -> LintFinding:
    return reporter.error(
        "data-not-executable",
        where,
        f"{what} in a data association of {where} cannot be read.",
        "Use zeebe:ioMapping, with '=' and FEEL as source and a variable as target.",
    )
