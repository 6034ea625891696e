"""Multi-instance in plain BPMN: loopDataInputRef, inputDataItem and their counterparts for results."""

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, ZEEBE, children, extension, local
from engine.runtime.interchange.data import variable
from engine.runtime.interchange.tree import extend, remove
from engine.runtime.rules.model import Reporter, is_name, owner_id

PARTS = ("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem")


def rewrite(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """All rewrites of this kind. What cannot be read stays, and is refused by name."""
    by_id = {element.get("id", ""): element for element in root.iter(f"{{{BPMN}}}*")}
    for loop in root.iter(f"{{{BPMN}}}multiInstanceLoopCharacteristics"):
        drawn = {name: children(loop, BPMN, name) for name in PARTS}
        if not any(drawn.values()):
            continue
        where = owner_id(loop)
        if extension(loop, ZEEBE, "loopCharacteristics"):
            found: Mapping[str, str] | None = {}
        else:
            found = _attributes(drawn, by_id)
        if found is None:
            yield reporter.error(
                "loop-data-unknown",
                where,
                f"The data of the loop of {where} refers to nothing that has the name of a variable.",
                "Set inputCollection and inputElement of zeebe:loopCharacteristics.",
            )
            continue
        for part in (part for parts in drawn.values() for part in parts):
            remove(part)
        if found:
            extend(loop, "loopCharacteristics", **found)
            shown = ", ".join(f"{name}={value!r}" for name, value in found.items())
            yield reporter.info(
                "rewritten-loop",
                where,
                f"The data of the loop of {where} is read as {shown} of zeebe:loopCharacteristics.",
                "Write zeebe:loopCharacteristics into the model.",
            )


def _attributes(
    drawn: Mapping[str, list[etree._Element]], by_id: Mapping[str, etree._Element]
) -> Mapping[str, str] | None:
    collection = _reference(drawn["loopDataInputRef"], by_id)
    results = _reference(drawn["loopDataOutputRef"], by_id)
    element, result = _item(drawn["inputDataItem"]), _item(drawn["outputDataItem"])
    if drawn["loopDataInputRef"] and collection is None:
        return None
    if drawn["loopDataOutputRef"] and (results is None or result is None):
        return None
    found: dict[str, str] = {}
    if collection is not None:
        found["inputCollection"] = f"={collection}"
        if element is not None:
            found["inputElement"] = element
    if results is not None and result is not None:
        found |= {"outputCollection": results, "outputElement": f"={result}"}
    return found


def _reference(drawn: list[etree._Element], by_id: Mapping[str, etree._Element]) -> str | None:
    """The variable a reference means: through the association that fills a data input; else the text itself."""
    if not drawn:
        return None
    text = (drawn[0].text or "").strip()
    element = by_id.get(text)
    if element is None:
        return text if is_name(text) else None
    activity = element.getparent()
    while activity is not None and local(activity) in ("ioSpecification",):
        activity = activity.getparent()
    for name, here, there in (
        ("dataInputAssociation", "targetRef", "sourceRef"),
        ("dataOutputAssociation", "sourceRef", "targetRef"),
    ):
        for association in children(activity, BPMN, name) if activity is not None else ():
            ends = [(end.text or "").strip() for end in children(association, BPMN, here)]
            others = [variable(by_id, (end.text or "").strip()) for end in children(association, BPMN, there)]
            if text in ends and others and others[0]:
                return str(others[0])
    return variable(by_id, text)


def _item(drawn: list[etree._Element]) -> str | None:
    for item in drawn:
        for text in (item.get("name", ""), item.get("id", "")):
            if is_name(text) or text == "item":
                return str(text)
    return None
