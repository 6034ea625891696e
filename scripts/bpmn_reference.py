"""docs/reference/bpmn.md: what runs and what is refused, from the tests that show it. For `reference`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from engine.model.approval import ALWAYS, Verb
from engine.model.definitions import LintFinding, Severity
from engine.runtime import gate
from engine.runtime.approvals import ATTRIBUTES
from scripts.markdown import cell, table
from tests.unit.runtime.builder import bpmn, chain, end, start, user
from tests.unit.runtime.proving import REFUSED, SUPPORTED

FOLDER = "tests/unit/runtime"


def about() -> str:
    """What the page begins with."""
    return """Every element that runs is shown by tests on a model of its own, judged by a token game of ours
(`tests/unit/runtime/oracle.py`, `blocks.py`, `event_blocks.py`). Everything else is refused at deployment by its id.
"""


def proofs(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Element → tests (file::name, first line of the docstring), in the order of files and lines."""
    found: dict[str, list[tuple[str, str]]] = {element: [] for element in SUPPORTED}
    for path in sorted((root / FOLDER).glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                about = re.sub(r"\s+", " ", (ast.get_docstring(node) or "").partition("\n\n")[0])
                for element in _marks(node):
                    found[element].append((f"{path.name}::{node.name}", about))
    return found


def refusals() -> dict[str, LintFinding]:
    """Element → what the gate says of it."""
    found = {}
    for element, drawing in REFUSED.items():
        report = gate.inspect(refused_model(drawing), resource="", forms=None, decisions=None)
        errors = [one for one in report.findings if one.severity is Severity.ERROR and one.element_id == "x"]
        found[element] = errors[0]
    return found


def approval() -> str:
    """The options of ``supervision:approval``."""
    verbs = ", ".join(f"`{verb}`" for verb in Verb)
    always = ", ".join(f"`{verb}`" for verb in sorted(ALWAYS))
    about = (
        "`supervision:approval` in the extension elements of a user task, with one `supervision:verb` (`code`, and "
        f"`name` for another word on the button) for each verb that it allows: {verbs}. {always} need not be "
        "drawn. `mingjing approvals FILE.bpmn` prints them as one table, the page of a definition shows it.\n"
    )
    rows = ((f"`{name}`", cell(text)) for name, text in ATTRIBUTES.items())
    return "\n".join(("## Approval options of a user task\n", about, table(("attribute", "what it says"), rows)))


def refused_model(drawing: str) -> bytes:
    """A process that would run, but for the element ``x``."""
    return bpmn(start(), user("a"), end(), chain("s", "a", "e"), drawing)


def _marks(function: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "proves":
            yield from (str(ast.literal_eval(argument)) for argument in mark.args)
