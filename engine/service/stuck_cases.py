"""Cases that nothing moves any more: active, but nobody and nothing is waited for, and no incident says why.

There should be none; damage from outside and our own faults could make one. Looked for every night, when each gets an
incident, and on demand (`mingjing doctor`).
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.ids import ElementInstanceId, InstanceKey
from engine.model.incidents import Cause, CauseKind, IncidentKind
from engine.service import advancing, incidents
from engine.service.equipment import Work
from engine.store import cases
from engine.store import incidents as stored
from engine.store.cases import CaseRecord

log = logging.getLogger(__name__)

BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckCase:
    """A case by its key and number."""

    key: InstanceKey
    number: str


def find(uow: Work) -> Iterator[StuckCase]:
    """All of them, by their keys."""
    after = 0
    while rows := stored.stuck(uow, after=after, limit=BATCH):
        yield from (StuckCase(key=InstanceKey(row.key), number=row.number) for row in rows)
        after = rows[-1].key


def report(uow: Work) -> None:
    """Open an incident in each, so that operators see it."""
    for found in list(find(uow)):
        case = cases.case(uow, found.key, lock=True)
        still = any(row.key == found.key for row in stored.stuck(uow, after=found.key - 1, limit=1))
        if case is not None and case.wrapped_key is not None and still:
            log.error("nothing moves case %s any more", found.number)
            _open(uow, case)


def _open(uow: Work, case: CaseRecord) -> None:
    """Where its first token stands, or at its start when it has none."""
    held = advancing.hold(uow, case, uow.required_cipher(case.wrapped_key))
    elements = advancing.process(uow, case).definition.elements
    standing = held.live.standing
    instance = standing[0] if standing else ElementInstanceId(f"{next(iter(elements))}@0")
    name = instance.rpartition("#")[0] or instance.rpartition("@")[0]
    element = next((one for one in (*held.live.stands_at, *elements.values()) if one.id == name), None)
    incidents.open_incident(
        uow,
        case,
        element=element or next(iter(elements.values())),
        instance=instance,
        kind=IncidentKind.NOTHING_WAITS,
        reason="the case is active, but nobody and nothing is waited for",
        params={},
        cause=Cause(what=CauseKind.NONE),
        code="case.stuck",
    )
