"""Who does a user task, in plain BPMN: humanPerformer and potentialOwner."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.model.definitions import LintFinding
from engine.runtime.dialect import BPMN, ZEEBE, children, extension, local
from engine.runtime.interchange.juel import Untranslatable, to_feel, wrapped
from engine.runtime.interchange.tree import extend
from engine.runtime.rules.model import Reporter, owner_id

ROLES = ("humanPerformer", "potentialOwner", "performer", "resourceRole")
_ENTRY = re.compile(r"(?:(user|group)\(\s*([^()]+?)\s*\)|([^(),]+?))\s*(?:,\s*|$)")


def rewrite(reporter: Reporter, root: etree._Element) -> Iterator[LintFinding]:
    """All rewrites of this kind. A role that cannot be read is told; that nobody is assigned is a launch's matter."""
    for name in ROLES:
        for role in list(root.iter(f"{{{BPMN}}}{name}")):
            task = role.getparent()
            if task is None:
                continue
            found = _entry(role) if local(task) == "userTask" else None
            if found is None or extension(task, ZEEBE, "assignmentDefinition"):
                yield reporter.info(
                    "role-not-read",
                    owner_id(task),
                    f"The {name} of {owner_id(task)} is not read.",
                    "Name the positions in candidateGroups of zeebe:assignmentDefinition.",
                )
                continue
            attribute, text = found
            extend(task, "assignmentDefinition", **{attribute: text})
            yield reporter.info(
                "rewritten-role",
                owner_id(task),
                f"The {name} of {owner_id(task)} is read as {attribute}={text!r} of zeebe:assignmentDefinition.",
                "Write zeebe:assignmentDefinition into the model.",
            )


def _entry(role: etree._Element) -> tuple[str, str] | None:
    text = "".join(
        (formal.text or "").strip()
        for box in children(role, BPMN, "resourceAssignmentExpression")
        for formal in box.iterchildren(f"{{{BPMN}}}formalExpression", f"{{{BPMN}}}expression")
    )
    human = local(role) == "humanPerformer"
    attribute = "assignee" if human else "candidateGroups"
    if not text or local(role) not in ("humanPerformer", "potentialOwner"):
        return None
    if text.startswith("="):
        return attribute, text
    inner = wrapped(text)
    try:
        return (attribute, f"={to_feel(inner)}") if inner is not None else _named(text, human=human)
    except Untranslatable:
        return None


def _named(text: str, *, human: bool) -> tuple[str, str] | None:
    """``group(a), group(b)``, ``user(c)``, or bare names: groups, and for a human performer one user."""
    entries = list(_ENTRY.finditer(text))
    if "".join(entry.group() for entry in entries) != text or any("{" in entry.group() for entry in entries):
        return None
    kinds = {entry.group(1) or ("user" if human else "group") for entry in entries}
    names = [(entry.group(2) or entry.group(3)).strip() for entry in entries]
    if kinds == {"group"} and not human:
        return "candidateGroups", ",".join(names)
    return ("assignee", names[0]) if human and kinds == {"user"} and len(names) == 1 else None
