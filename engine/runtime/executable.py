"""A process that is ready to run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.definitions import ProcessDefinition


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
