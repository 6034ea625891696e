"""How time stands for a case or a user task, as lists and pages show it."""

from dataclasses import dataclass
from datetime import datetime

from engine.model.findings import Light
from engine.model.ids import ElementId, InstanceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A time limit that runs or has ended. Instants are UTC.

    light: None where nothing limits the time. due_at: when it turns red; legal_due_at: when red again. paused: the
    clock stands still (特别程序), so due_at will be later by the pause. unknown_year: not in the calendar, so due_at is
    None. amount, unit: the term, as ``workday``, ``day`` or ``hour``.
    """

    light: Light | None = None
    due_at: datetime | None = None
    legal_due_at: datetime | None = None
    paused: bool = False
    unknown_year: int | None = None
    amount: int = 0
    unit: str = ""


NO_TIMING = Timing()


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseView:
    """The clock of a case stood still. kind: of the special procedure; until_at: None while it does."""

    kind: str
    from_at: datetime
    until_at: datetime | None
    element_id: ElementId
    person_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineView:
    """A time limit of a case, whole or of a node (`element_id` empty: of the whole case)."""

    instance_key: InstanceKey
    element_id: ElementId
    element_name: str
    started_at: datetime
    ended_at: datetime | None
    timing: Timing
