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
