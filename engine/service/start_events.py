"""Start events of the newest version of a process: what they wait for, in place of those of the version before."""

from collections.abc import Sequence
from datetime import datetime

from engine.model.ids import DefinitionKey
from engine.model.transitions import Subscription, WaitingTimer
from engine.runtime import interpreter
from engine.service import stepping, waits
from engine.service.equipment import Work
from engine.store import publications

Openings = Sequence[WaitingTimer | Subscription]


def found(uow: Work, body: bytes, digest: str, process_id: str, now: datetime) -> Openings:
    """What the start events of a file that is being deployed wait for. Raises Refused when that cannot be evaluated."""
    process = uow.equipment.compiled.get(("process", digest, process_id), lambda: interpreter.load(body, process_id))
    return interpreter.openings(process, stepping.environment(uow, now, 0))


def replace(uow: Work, process_id: str, key: DefinitionKey, openings: Openings, now: datetime) -> None:
    """A new version waits from now on, and no other does."""
    publications.shut(uow, process_id)
    publications.open_starts(
        uow,
        key,
        [waits.timer(one) for one in openings if isinstance(one, WaitingTimer)],
        [waits.subscription(uow, one) for one in openings if isinstance(one, Subscription)],
        now,
    )
