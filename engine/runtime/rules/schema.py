"""Validity by the XML schema of BPMN 2.0.2 (BPMN20.xsd of OMG formal/2013-12-09), from SpiffWorkflow's wheel.

What is wrong in the diagram interchange does not change what runs, nor does a missing target namespace: warnings.
Ids are judged by rules.document, which speaks more clearly.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from threading import Lock

import SpiffWorkflow.bpmn.parser
from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, local, namespace
from engine.runtime.rules.model import Reporter, owner_id

MAX_FINDINGS = 20
MAX_LOOKED_AT = 200

_FILE = Path(SpiffWorkflow.bpmn.parser.__file__).parent / "schema" / "BPMN20.xsd"
_lock = Lock()
"""A validator keeps the errors of its last document."""


def inspect(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """All rules of this family, at most `MAX_FINDINGS` of them."""
    if namespace(root) != BPMN:
        return
    with _lock:
        validator = _schema()
        valid = validator.validate(root)
        errors = () if valid else [(one.path or "", one.message) for one in islice(validator.error_log, MAX_LOOKED_AT)]
    told = 0
    elements = root.iter(etree.Element) if errors else ()
    prefixes = {p: uri for element in elements for p, uri in element.nsmap.items() if p}
    for path, message in errors:
        element = _at(root, path, prefixes)
        if told >= MAX_FINDINGS or _left_to_others(element, message):
            continue
        told += 1
        finding = reporter.warning if _harmless(element, message) else reporter.error
        yield finding(
            "schema-invalid",
            owner_id(element),
            f"The file breaks the XML schema of BPMN at {owner_id(element)}: {_plain(message)}",
            "Export the model again from the modeler, or correct the XML.",
        )


@cache
def _schema() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
    return etree.XMLSchema(etree.parse(_FILE, parser))


def _at(root: etree._Element, path: str, prefixes: Mapping[str, str]) -> etree._Element:
    """The element of an error. libxml2 writes its path with the prefixes that stand at the elements."""
    try:
        found = root.getroottree().xpath(path, namespaces=prefixes) if path else []
    except etree.XPathError:
        return root
    return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else root


def _left_to_others(element: etree._Element, message: str) -> bool:
    parent = element.getparent()
    retrieval = parent is not None and local(parent) == "correlationPropertyRetrievalExpression"
    called = local(element) == "callActivity" and "attribute 'calledElement'" in message
    return "xs:ID'" in message or retrieval or called  # bpmn-js writes formalExpression there; Camunda 7 expressions


def _harmless(element: etree._Element, message: str) -> bool:
    at: etree._Element | None = element
    while at is not None and namespace(at) != BPMN:
        if local(at) == "BPMNDiagram":
            return True
        at = at.getparent()
    return "'targetNamespace' is required" in message or "}documentation'" in message.partition(":")[0]


def _plain(message: str) -> str:
    return message.replace(f"{{{BPMN}}}", "")
