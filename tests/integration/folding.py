"""The trace of a case, and its variables folded from it."""

from typing import Any

from engine.service import instances
from engine.store import cases, entries
from engine.trace import chain, schemas
from engine.trace.replay import Film
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
    """The variables of every scope at the end of the trace; the case's own under ``""``."""
    return film(office, key).at(len(payloads(office, key))).scopes


def film(office: Office, key: int) -> Film:
    """The whole trace of a case, to be looked at at any entry."""
    return Film(enumerate(payloads(office, key), 1))
