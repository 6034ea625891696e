"""The file as a whole: is it BPMN, does something run, are ids there and unique?"""

import re
from collections.abc import Iterator

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, local, namespace
from engine.runtime.rules.model import Model, owner_id

_ID = re.compile(r"[^\W\d][\w.\-]*")
_DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    if namespace(model.root) != BPMN or local(model.root) != "definitions":
        yield model.error(
            "not-bpmn", model.root.get("id", ""), "The file is not a BPMN 2.0 model.", "Export it as BPMN 2.0 XML."
        )
        return
    yield from _processes(model)
    yield from _ids(model)


def _processes(model: Model) -> Iterator[LintFinding]:
    if not model.processes:
        yield model.error(
            "no-process",
            owner_id(model.root),
            "The file has no process that runs.",
            "Draw a process with a start event.",
        )


def _ids(model: Model) -> Iterator[LintFinding]:
    seen: set[str] = set()
    for element in model.root.iter(f"{{{BPMN}}}*", f"{{{_DIAGRAM}}}*"):
        identifier = element.get("id")
        if identifier is None:
            continue
        if identifier in seen:
            yield model.error(
                "id-doubled",
                identifier,
                f"The id {identifier} is used twice.",
                "Give each element its own id.",
            )
        seen.add(identifier)
    for process in model.processes:
        drawn = [(process.id, process.xml)]
        drawn += [(node.id, node.xml) for node in process.nodes]
        drawn += [(flow.id, flow.xml) for flow in process.flows]
        for identifier, element in drawn:
            if not _ID.fullmatch(identifier):
                yield model.error(
                    "id-missing",
                    identifier or owner_id(element),
                    f"A {local(element)} has the id {identifier!r}, which is missing or no XML name.",
                    "Give it an id of letters, digits, '_', '-' and '.' that begins with a letter.",
                )
