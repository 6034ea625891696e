"""What a check needs to have looked up for it, and what came of it. Values only; who looks up is another room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsNeed:
    """All rows of a declared dataset in which every field of `match` has one of its values.

    source: the dataset's name, for example ``public_payee``. match: fields in a fixed order, values without
    repetition.
    """

    source: str
    match: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNeed:
    """What a decision says over the case's variables; its newest version."""

    decision_id: str


Need: TypeAlias = RowsNeed | DecisionNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An answer of the source.

    value: for rows a tuple of mappings (field to plain value), for a decision its output (a FEEL value).
    version: snapshot id, or digest of the decision. as_of: the instant the data is of, when it is known.
    """

    value: object
    version: str
    as_of: datetime | None = None

    @property
    def rows(self) -> tuple[Mapping[str, object], ...]:
        """The rows; empty for what are none."""
        return self.value if isinstance(self.value, tuple) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """The source could not be asked. reason: for the log and the reader, one short clause."""

    reason: str
