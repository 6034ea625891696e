"""Conditions, loop conditions and numbers in other languages, or marked as FEEL in the way of plain BPMN."""

from collections.abc import Iterator

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN
from engine.runtime.interchange.juel import Untranslatable, compares, to_feel, wrapped
from engine.runtime.rules.model import Reporter, owner_id

_PLACES = ("conditionExpression", "completionCondition", "loopCondition", "loopCardinality")


def is_feel(language: str) -> bool:
    """Whether the name of an expression language means FEEL, in any of its versions."""
    return language.lower() == "feel" or (
        language.startswith(("http://www.omg.org/spec/", "https://www.omg.org/spec/")) and "FEEL" in language.split("/")
    )


def rewrite(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """All rewrites of this kind."""
    default = root.get("expressionLanguage", "")
    for place in _PLACES:
        for element in list(root.iter(f"{{{BPMN}}}{place}")):
            text = (element.text or "").strip()
            if not len(element) and text and not (place == "loopCardinality" and text.isascii() and text.isdigit()):
                yield from _one(reporter, element, text, element.get("language") or default)


def _one(reporter: Reporter, element: etree._Element, text: str, language: str) -> Iterator[LintFinding]:
    if is_feel(language) and "{" not in text[:2]:
        element.attrib.pop("language", None)
        if text.startswith("="):
            return
        found = text
    elif text.startswith("="):
        return
    else:
        inner = wrapped(text)
        if inner is None and not compares(text):
            return
        try:
            found = to_feel(text if inner is None else inner)
        except Untranslatable:
            return
        element.attrib.pop("language", None)
    element.text = f"={found}"
    place = etree.QName(element).localname
    yield reporter.info(
        "rewritten-expression",
        owner_id(element),
        f"The {place} {text!r} of {owner_id(element)} is read as the FEEL {element.text!r}.",
        "Write the FEEL into the model.",
    )
