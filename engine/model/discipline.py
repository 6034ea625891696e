"""What the desk of a discipline body shows: reports that were sealed for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.model.findings import RiskLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One finding that was reported. key: a random id. acting_name: who took the step; body_name: for whom it is."""

    key: str
    at: datetime
    body_name: str
    instance_key: int
    number: str
    process_name: str
    unit_name: str
    element_name: str
    acting_name: str
    code: str
    name: str
    outcome: str
    level: RiskLevel
    reason: str
    parameters: Mapping[str, object]
    evidence: Mapping[str, object]
    data_versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """A page of a desk: its body's name, findings, and how many answers for this body were looked through (coverage).

    next_cursor: of the older ones; None when there are none. A page may be short, even empty, and yet not the last.
    """

    body_name: str
    reports: tuple[ReportView, ...]
    judged: int
    next_cursor: str | None = None
