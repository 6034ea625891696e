"""What the replay of a case is given: its models, and every entry with what moved."""

from dataclasses import dataclass

from engine.model.findings import RiskLevel
from engine.model.ids import DefinitionKey
from engine.model.views import CaseRow, FieldChange, TimelineEntry

Moved = tuple[str, str, str, str, str]
"""Kind, element (or sequence flow), element instance, type, id of the called process (empty: the case's own)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayModel:
    """A process that the case ran in, of the very version. id: empty for the case's own. xml: the BPMN file."""

    id: str
    name: str
    version: int
    definition_key: DefinitionKey
    xml: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentMark:
    """A finding that was reported to the discipline body; only its members are ever given one."""

    seq: int
    key: str
    name: str
    element_name: str
    level: RiskLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayEntry:
    """One entry: told as on the case page, and what moved in it. process: id of the called one it happened in."""

    story: TimelineEntry
    moved: tuple[Moved, ...]
    process: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayView:
    """A whole case to be replayed. broken_at: the first entry whose seal does not hold; None when all do."""

    case: CaseRow
    models: tuple[ReplayModel, ...]
    entries: tuple[ReplayEntry, ...]
    broken_at: int | None
    fault: str = ""
    silent: tuple[SilentMark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The values of a case after an entry, and how they differ from those after another one.

    rows: a field's label, its value at the other moment (None without one), and its value now. scope: where they
    live; empty for the case itself. changed: those that differ.
    """

    seq: int
    against: int | None
    scopes: tuple[tuple[str, tuple[FieldChange, ...]], ...]
    withheld: bool = False
