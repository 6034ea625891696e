"""Exemptions and suppressions that somebody granted: who, why, for what, until when, and how often they were used."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.model.ids import CommandId


class ExemptionKind(StrEnum):
    """exemption (豁免): the rule does not apply here. suppression (抑制): it does, but its findings are known."""

    EXEMPTION = "exemption"
    SUPPRESSION = "suppression"


class ExemptionScope(StrEnum):
    """One case, all cases of a unit and those below it, or those of one business in it."""

    CASE = "case"
    UNIT = "unit"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantExemption:
    """check_id: of one drawn check; empty: all of the code. number: of the case, for that scope.

    unit: its code; empty: the author's own. process_id: for the scope of one business. until: the last day.
    """

    command_id: CommandId
    kind: ExemptionKind
    code: str
    scope: ExemptionScope
    reason: str
    until: date
    check_id: str = ""
    number: str = ""
    unit: str = ""
    process_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndExemption:
    """End one before its day."""

    command_id: CommandId
    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionRow:
    """One of the list. open: it holds today. used: findings that had no consequence by it. may_end: the reader may."""

    key: int
    kind: ExemptionKind
    code: str
    check_id: str
    scope: ExemptionScope
    number: str
    process_id: str
    unit_name: str
    reason: str
    until: date
    person_name: str
    created_at: datetime
    ended_at: datetime | None
    ended_by_name: str
    used: int
    open: bool
    may_end: bool
