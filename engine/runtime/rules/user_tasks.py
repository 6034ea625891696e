"""User tasks: form, assignment, outcomes, field rights, required materials."""

from collections.abc import Collection, Iterator

from lxml import etree

from engine.model.definitions import FieldAccess, LintFinding, MaterialKind
from engine.runtime.dialect import (
    SUPERVISION,
    ZEEBE,
    DrawnNode,
    extension,
    feel,
    first_extension,
    local,
    names,
    result_variable,
    supervision_items,
    words,
)
from engine.runtime.rules.elements import unknown_attributes
from engine.runtime.rules.model import Model, is_name

_CURE_VALUE = "Use one of the values that the reference lists."


def inspect(model: Model) -> Iterator[LintFinding]:
    """All rules of this family."""
    for process in model.processes:
        for node in process.nodes:
            if node.type == "userTask":
                yield from _form(model, node)
                yield from _assignment(model, node)
                yield from _outcomes(model, node)
                yield from _fields(model, node)
                yield from _materials(model, node)


def _form(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    form = first_extension(node.xml, ZEEBE, "formDefinition")
    form_id = form.get("formId") if form is not None else None
    other = form is not None and any(form.get(name) for name in ("formKey", "externalReference"))
    if form is None or (other and not form_id):
        yield model.warning(
            "form-missing",
            node.id,
            f"User task {node.id} has no form that is read.",
            "Link a form by the formId of zeebe:formDefinition.",
        )
    elif not form_id:
        yield model.error("form-unknown", node.id, f"The form of {node.id} has no formId.", "Set the formId.")
    elif model.forms is not None and form_id not in model.forms:
        yield model.error(
            "form-unknown",
            node.id,
            f"The form {form_id!r} of {node.id} is not deployed.",
            "Deploy it too.",
        )


def _assignment(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    assignment = first_extension(node.xml, ZEEBE, "assignmentDefinition")
    assigned = assignment is not None and (assignment.get("assignee") or names(assignment.get("candidateGroups")))
    if not assigned:
        yield model.warning(
            "assignment-missing",
            node.id,
            f"User task {node.id} names neither positions nor an assignee, so nobody will see it.",
            "Name the positions in candidateGroups.",
        )
    for name in ("assignee", "candidateGroups"):
        drawn = (assignment.get(name, "") if assignment is not None else "").strip()
        if drawn.startswith("=") and feel(drawn) is None:
            yield model.error(
                "assignment-empty",
                node.id,
                f"The {name} of user task {node.id} is '=' with nothing behind it.",
                "Write a FEEL expression after '=', or name the positions without it.",
            )
    if assignment is not None and assignment.get("candidateUsers"):
        yield _not_read(model, node, "candidateUsers")
    for name in ("taskSchedule", "priorityDefinition"):
        if extension(node.xml, ZEEBE, name):
            yield _not_read(model, node, name)


def _not_read(model: Model, node: DrawnNode, name: str) -> LintFinding:
    return model.warning(
        "user-task-setting-not-read",
        node.id,
        f"{name} of user task {node.id} is not read.",
        "Name positions in candidateGroups; time limits and priorities belong to supervision.",
    )


def _outcomes(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    if not extension(node.xml, SUPERVISION, "outcomes"):
        return
    items = supervision_items(node.xml, "outcomes", "outcome")
    if not items:
        yield model.error("outcome-missing", node.id, f"{node.id} lists no outcome.", "Add one, or remove the list.")
    if not is_name(result_variable(node)):
        yield model.error(
            "result-variable",
            node.id,
            f"The result variable {result_variable(node)!r} of {node.id} cannot be a variable name.",
            "Use letters, digits and '_', and no word of FEEL.",
        )
    known = frozenset({"code", "name", "opinionRequired", "negative", "returns"})
    yield from _items(model, node, items, known, key="code", named=True)
    for item in items:
        yield from booleans(model, node, item, ("opinionRequired", "negative", "returns"))


def _fields(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    items = supervision_items(node.xml, "fields", "field")
    yield from _items(model, node, items, frozenset({"path", "access"}), key="path", named=False)
    for item in items:
        yield from one_of(model, node, item, "access", {access.value for access in FieldAccess})


def _materials(model: Model, node: DrawnNode) -> Iterator[LintFinding]:
    items = supervision_items(node.xml, "materials", "material")
    known = frozenset({"code", "name", "kind", "minimum", "outcomes"})
    yield from _items(model, node, items, known, key="code", named=True)
    outcomes = {item.get("code") for item in supervision_items(node.xml, "outcomes", "outcome")}
    for item in items:
        yield from one_of(model, node, item, "kind", {kind.value for kind in MaterialKind})
        minimum = item.get("minimum", "0")
        if not (minimum.isascii() and minimum.isdigit() and int(minimum) <= 1000):
            yield _value(model, node, item, "minimum", minimum)
        for outcome in words(item.get("outcomes")):
            if outcome not in outcomes:
                yield _value(model, node, item, "outcomes", outcome)


def _items(
    model: Model, node: DrawnNode, items: list[etree._Element], known: frozenset[str], *, key: str, named: bool
) -> Iterator[LintFinding]:
    """Rules for every list: known attributes only, a key that is there and unique, a name for people."""
    seen: set[str] = set()
    for item in items:
        yield from unknown_attributes(model, item, known)
        value = item.get(key, "").strip()
        if not value or value in seen:
            yield _value(model, node, item, key, value)
        seen.add(value)
        if named and not item.get("name", "").strip():
            yield _value(model, node, item, "name", "")


def booleans(model: Model, node: DrawnNode, item: etree._Element, attributes: Collection[str]) -> Iterator[LintFinding]:
    """Boolean attributes are true or false."""
    for attribute in attributes:
        yield from one_of(model, node, item, attribute, {"true", "false"})


def one_of(
    model: Model, node: DrawnNode, item: etree._Element, attribute: str, allowed: Collection[str]
) -> Iterator[LintFinding]:
    """An attribute that is there has one of the allowed values."""
    value = item.get(attribute)
    if value is not None and value not in allowed:
        yield _value(model, node, item, attribute, value, cure=f"Use one of: {', '.join(sorted(allowed))}.")


def _value(
    model: Model, node: DrawnNode, item: etree._Element, attribute: str, value: str, *, cure: str = _CURE_VALUE
) -> LintFinding:
    return model.error(
        "supervision-value",
        node.id,
        f"{attribute}={value!r} of {local(item)} at {node.id} is missing, doubled or unknown.",
        cure,
    )
