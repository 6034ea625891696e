"""The trace of a case, and its variables folded from it by the rules of docs/developer/trace.md."""

from typing import Any

from engine.service import instances
from engine.store import cases, entries
from engine.trace import chain, schemas
from tests.integration.office import Office


def payloads(office: Office, key: int) -> list[dict[str, Any]]:
    """The payloads of a case, decrypted; each entry fits its schema."""
    with office.work() as uow:
        case = cases.case(uow, key)
        assert case is not None
        stored = list(entries.stream_entries(uow, key))
        for entry in stored:
            schemas.validate(entry.body)
        return [chain.open_payload(entry, uow.cipher(case.wrapped_key)) for entry in stored]


def variables(office: Office, key: int) -> dict[str, object]:
    with office.work() as uow:
        return dict(instances.variables(uow, office.actor("lin"), key))


def folded(office: Office, key: int) -> dict[str, dict[str, object]]:
    """The variables of every scope, by the rules of docs/developer/trace.md; the case's own under ``""``."""
    scopes: dict[str, dict[str, object]] = {"": {}}
    for payload in payloads(office, key):
        for field in payload.get("fields", []):
            if "." not in field["path"] and "[" not in field["path"] and "local" not in field:
                scopes[""][field["path"]] = field["new"]
        for scope in payload.get("scopes", []):
            scopes[scope["scope"]] = scope["variables"]
        for one in payload.get("variables", []):
            if one.get("removed"):
                scopes[one.get("scope", "")].pop(one["name"])
            else:
                scopes[one.get("scope", "")][one["name"]] = one["value"]
        for left in payload.get("left", []):
            del scopes[left]
    return scopes
