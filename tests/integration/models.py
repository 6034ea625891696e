"""Small processes for tests that run through service and database: user tasks with a form, offered to a position."""

import json
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from tests.unit.runtime.builder import bpmn, chain, end, many, node, script, start, user

FORM = "note"


def form(*keys: str, identity: str = FORM) -> bytes:
    """A form of text fields."""
    components = [{"id": f"c_{key}", "type": "textfield", "key": key, "label": key} for key in keys]
    return json.dumps({"id": identity, "type": "default", "schemaVersion": 19, "components": components}).encode()


def offered(positions: str = "community_worker", identity: str = FORM, assignee: str = "") -> str:
    """Extensions of a user task: its form, and who may work it."""
    whom = f'assignee="{assignee}"' if assignee else f'candidateGroups="{positions}"'
    return f'<zeebe:formDefinition formId="{identity}"/><zeebe:assignmentDefinition {whom}/>'


def ask(*ids: str, more: str = "", **offer: str) -> str:
    """User tasks with the form, named like their id."""
    return user(*ids, extension=offered(**offer) + more)


def ask_many(identifier: str, loop: str, **offer: str) -> str:
    """A user task with loop characteristics."""
    return node("userTask", identifier, extension=offered(**offer), inner=loop)


def call(identifier: str, process_id: str, *, more: str = "", inner: str = "", **attributes: str) -> str:
    """A call activity."""
    drawn = "".join(f' {name}="{value}"' for name, value in attributes.items())
    called = f'<zeebe:calledElement processId="{process_id}"{drawn}/>'
    return node("callActivity", identifier, extension=called + more, inner=inner)


def job(
    identifier: str,
    kind: str = "post",
    *,
    retries: int = 3,
    inner: str = "",
    more: str = "",
    headers: Mapping[str, str] | None = None,
) -> str:
    """A service task."""
    listed = "".join(f'<zeebe:header key="{key}" value={quoteattr(value)}/>' for key, value in (headers or {}).items())
    box = f"<zeebe:taskHeaders>{listed}</zeebe:taskHeaders>" if listed else ""
    drawn = f'<zeebe:taskDefinition type="{kind}" retries="{retries}"/>{box}{more}'
    return node("serviceTask", identifier, extension=drawn, inner=inner)


def line(process_id: str, *parts: str, ids: tuple[str, ...], tag: str = "") -> bytes:
    """A process of parts one after the other between a start and an end of its own."""
    first, last = f"{process_id}_s", f"{process_id}_e"
    extension = f'<zeebe:versionTag value="{tag}"/>' if tag else ""
    drawn = (start(first), *parts, end(last), chain(first, *ids, last))
    return bpmn(*drawn, process_id=process_id, extension=extension)


def hundred(process_id: str, size: int, assignee: str = "") -> bytes:
    """A process that begins with `size` parallel user tasks ``m``, and goes on to ``after``."""
    return line(
        process_id,
        script("list", f"for i in 1..{size} return i", "items"),
        ask_many("m", many(), assignee=assignee),
        ask("after"),
        ids=("list", "m", "after"),
    )
