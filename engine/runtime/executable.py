"""A process that is ready to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.model.definitions import ProcessDefinition
from engine.model.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutableProcess:
    """Immutable: cache it by `definition.digest` and share it between threads."""

    definition: ProcessDefinition
    spec: Any = field(repr=False)
    expressions: Mapping[str, Any] = field(repr=False)

    def around(self, element: str) -> str:
        """The subprocess in which an element is drawn; empty when it stands in the process itself."""
        found: str = self.spec.around.get(element, "")
        return found

    def first_task(self) -> str:
        """The initiator's user task, through which everything goes first; empty when there is none."""
        found: str = self.spec.returns.first()
        return found

    def returns(self, element: str, allowed: Sequence[str] = ()) -> tuple[str, ...]:
        """User tasks that a case at this element may be sent back to by the drawing, and by these options.

        See `engine.runtime.returning`; those that it has not visited are among them.
        """
        drawing = self.spec.returns
        return tuple(name for name in drawing.targets(element) if drawing.offered(name, allowed))


def firsts(process: ExecutableProcess, start_event: str | None) -> tuple[str, ...]:
    """Where an instance begins: at the named start event, else where nothing leads to. Raises NotFound."""
    found: tuple[str, ...] = process.spec.firsts[process.definition.process_id]
    if start_event is None:
        if not found:
            raise NotFound(
                "start_event.none",
                f"{process.definition.process_id} begins with events only; name the start event.",
                params={"process": process.definition.process_id},
            )
        return found
    if start_event not in process.definition.starts:
        raise NotFound("start_event.unknown", f"There is no start event {start_event}.", params={"id": start_event})
    return (start_event,)
