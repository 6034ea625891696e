"""What a case waits for, as lists show it."""

from dataclasses import dataclass
from datetime import datetime

from engine.model.ids import DefinitionKey, ElementId, ElementInstanceId, InstanceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRow:
    """A timer, or a wait for a message or signal. kind: ``timer``, ``message`` or ``signal``.

    element_instance: as of a timer in `engine.model.transitions`. name: of the message or signal. due_at, remaining: of
    a timer; how often it still fires, None without end. began_at: of a message or signal. process_…, definition_…: of
    the process that the element is drawn in.
    """

    key: int
    kind: str
    instance_key: InstanceKey
    number: str
    process_id: str
    process_name: str
    definition_key: DefinitionKey
    definition_version: int
    element_id: ElementId
    element_instance: ElementInstanceId
    element_name: str
    name: str = ""
    due_at: datetime | None = None
    remaining: int | None = None
    began_at: datetime | None = None
