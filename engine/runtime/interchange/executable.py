"""Files that were drawn to be looked at: not marked as executable, sequence flows without ids."""

from collections.abc import Iterator

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, FLOW_NODES, children, local
from engine.runtime.rules.model import Reporter

_BOOLEANS = ("isExecutable", "isSequential", "testBefore", "triggeredByEvent", "isForCompensation")
_SPELLED = {"1": "true", "0": "false", "true": "true", "false": "false"}


def rewrite(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """All rewrites of this kind."""
    _spell_booleans(root)
    yield from _executable(reporter, root)
    yield from _flow_ids(reporter, root)


def _spell_booleans(root: etree._Element) -> None:
    """XML schema also writes 1 and 0 for true and false."""
    for element in root.iter(f"{{{BPMN}}}*"):
        for name in _BOOLEANS:
            written = element.get(name)
            if written is not None and written.strip() in _SPELLED:
                element.set(name, _SPELLED[written.strip()])


def _executable(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """Where nothing is marked, everything that is drawn runs; where something is, the rest only describes."""
    drawn = children(root, BPMN, "process")
    marked = any(process.get("isExecutable") == "true" for process in drawn)
    for process in drawn:
        identifier = process.get("id", "")
        if process.get("isExecutable") == "true":
            continue
        filled = any(local(child) in FLOW_NODES for child in process.iterchildren(etree.Element))
        if marked or (len(drawn) > 1 and not filled):
            yield reporter.info(
                "process-not-run",
                identifier,
                f"The process {identifier} is not marked as executable and only describes; it is not run.",
                'Set isExecutable="true" if it is to run.',
            )
        else:
            process.set("isExecutable", "true")
            yield reporter.info(
                "rewritten-executable",
                identifier,
                f"No process of the file is marked as executable; {identifier} is taken as executable.",
                'Set isExecutable="true".',
            )


def _flow_ids(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    used = {element.get("id") for element in root.iter(etree.Element) if element.get("id")}
    for flow in root.iter(f"{{{BPMN}}}sequenceFlow"):
        if flow.get("id"):
            continue
        wanted = f"{flow.get('sourceRef', '')}-{flow.get('targetRef', '')}"
        identifier, number = wanted, 1
        while identifier in used:
            number += 1
            identifier = f"{wanted}-{number}"
        used.add(identifier)
        flow.set("id", identifier)
        yield reporter.info(
            "rewritten-flow-id",
            identifier,
            f"A sequence flow from {flow.get('sourceRef')} to {flow.get('targetRef')} has no id; "
            f"it is called {identifier}.",
            "Give it an id, so that the trace can name it for ever.",
        )
