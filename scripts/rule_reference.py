"""The rules that refuse a deployment, collected from where they are raised: for `reference`."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.service.deployment import FILE_CURES

HEADS: Mapping[str, tuple[str, str]] = {
    "xml": ("Files that cannot be read", "`engine/runtime/xml.py`"),
    "model": ("BPMN models", "`engine/runtime/rules`, `engine/runtime/interchange` and `engine/runtime/trial.py`"),
    "form": ("Forms", "`engine/forms`"),
    "file": ("Files and decisions", "`engine/service/deployment.py`"),
}
PLACES: Mapping[str, tuple[str, ...]] = {
    "xml": ("engine/runtime/xml.py",),
    "model": ("engine/runtime/rules/*.py", "engine/runtime/interchange/*.py", "engine/runtime/trial.py"),
    "form": ("engine/forms/*.py",),
    "file": ("engine/service/deployment.py",),
}
XML_CURE = "Export the model again from the modeler."
OTHER_CURES: Mapping[str, str] = {
    "'Files and photos travel beside the form: use supervision:material for them.' if kind in ('filepicker', 'photo')"
    " else 'Use one of the form-js component types.'": (
        "Use one of the form-js component types; for files and photos supervision:material."
    ),
    "cure": "The message names what is allowed there.",
    "EQUIVALENTS.get(name, 'Remove it; the reference lists the extension elements that are read.')": (
        "The finding names the element of Camunda 8 to use."
    ),
    "CURES.get(name, 'Remove it, or draw it with the elements that the reference lists as executable.')": (
        "Use a user task, or a business rule task for a decision; remove what only decorates."
    ),
}
"""Cures that are chosen while the rule runs."""
FILE_MEANINGS: Mapping[str, tuple[str, str]] = {
    "deployment.kind": ("The file is not a .bpmn, .dmn or .form file.", FILE_CURES["deployment.kind"]),
    "deployment.too_large": ("The file is larger than 4 MiB.", FILE_CURES["deployment.too_large"]),
    "dmn.invalid": ("The file cannot be read as DMN; the message says why.", FILE_CURES["dmn.invalid"]),
    "dmn.empty": ("The file holds no decision.", FILE_CURES["dmn.empty"]),
    "dmn.problem": ("A part of the decision model could not be understood.", FILE_CURES["dmn.problem"]),
}

_SEVERITIES: Mapping[str, tuple[str, ...]] = {
    "error": ("error",),
    "warning": ("warning",),
    "info": ("info",),
    "finding": ("error", "warning"),
}
"""What a call is named → severities. ``finding`` is chosen between the two just before."""


@dataclass(slots=True)
class Rule:
    """A rule id with what is said at every place that raises it."""

    severities: set[str] = field(default_factory=set)
    messages: list[str] = field(default_factory=list)
    cures: list[str] = field(default_factory=list)

    def add(self, severity: str, message: str, cure: str) -> None:
        """One more place; what was said before is not said twice."""
        self.severities.add(severity)
        for said, text in ((self.messages, message), (self.cures, cure)):
            if text and text not in said:
                said.append(text)


def collect(root: Path) -> dict[str, dict[str, Rule]]:
    """Rules by family (`HEADS`), then by id."""
    found: dict[str, dict[str, Rule]] = {family: {} for family in HEADS}
    for family, patterns in PLACES.items():
        for pattern in patterns:
            for path in sorted(root.glob(pattern)):
                tree = ast.parse(path.read_text(encoding="utf-8"))
                for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
                    for rule, severity, message, cure in _raised(family, function):
                        found[family].setdefault(rule, Rule()).add(severity, message, cure)
    return found


def _raised(family: str, function: ast.FunctionDef) -> Iterator[tuple[str, str, str, str]]:
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        texts = [said(argument) for argument in call.args]
        if family == "xml" and name == "Invalid":
            yield texts[0], "error", texts[1], XML_CURE
        elif family == "file" and name == "_file_error":
            yield texts[1], "error", *FILE_MEANINGS[texts[1]]
        elif family in ("model", "form") and name in _SEVERITIES and len(texts) == 4:
            for rule in ids(call.args[0], function):
                for severity in _SEVERITIES[name]:
                    yield rule, severity, texts[2], texts[3]


def ids(node: ast.expr, function: ast.FunctionDef) -> list[str]:
    """The ids that a rule's expression stands for: one, or one for each value of the name in it."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if not isinstance(node, ast.JoinedStr):
        raise SystemExit(f"{function.name}: a rule's id must be a text")
    named = next(part.value for part in node.values if isinstance(part, ast.FormattedValue))
    if not isinstance(named, ast.Name):
        raise SystemExit(f"{function.name}: a rule's id may hold the name of a variable only")
    values = _values(named.id, function)
    if not values:
        raise SystemExit(f"{function.name}: the values of {named.id} are not written in it")
    return ["".join(str(p.value) if isinstance(p, ast.Constant) else value for p in node.values) for value in values]


def _values(name: str, function: ast.FunctionDef) -> list[str]:
    """What a variable can be: the loop it runs in, or the texts that are assigned to it."""
    dicts = {
        target.id: [_text(key) for key in node.value.keys]
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and _text(node.target.elts[0]) == name:
            if isinstance(node.iter, ast.Tuple):
                return [_text(row.elts[0]) for row in node.iter.elts if isinstance(row, ast.Tuple)]
            if isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Attribute):
                return dicts.get(_text(node.iter.func.value), [])
        if isinstance(node, ast.Assign) and _text(node.targets[0]) == name and isinstance(node.value, ast.IfExp):
            return [_text(node.value.body), _text(node.value.orelse)]
    return []


def _text(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return node.id if isinstance(node, ast.Name) else ""


def said(node: ast.expr) -> str:
    """A message with … for what is known only in the case; empty when nothing of it is written there."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return OTHER_CURES.get(ast.unparse(node), "")
