"""What somebody looks for among cases."""

from dataclasses import dataclass, fields
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """Criteria that all have to be met; what is empty or None is not asked for.

    number: part of the case number. person: part of the name of somebody who started the case or completed a task of
    it. subject, opinion, file: part of what rests encrypted, at least two characters. unit: part of the name of a
    unit, those below it included. process, node, outcome: part of the name. level, state: the code. since, until:
    days (business zone) on which the case was started, both included. longer, shorter: days that it took, or has
    taken so far.
    """

    number: str = ""
    person: str = ""
    subject: str = ""
    opinion: str = ""
    file: str = ""
    unit: str = ""
    process: str = ""
    node: str = ""
    outcome: str = ""
    level: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    longer: int | None = None
    shorter: int | None = None

    def given(self) -> dict[str, str]:
        """The criteria that are asked for, as text, in the order above."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: str(value) for name, value in values if value not in ("", None)}


ENCRYPTED = ("subject", "opinion", "file")
"""Criteria that look into what rests encrypted; found by `engine.service.case_index`."""

NAMES_PEOPLE = frozenset({"person", *ENCRYPTED})
"""Criteria whose text may name a citizen or an official: a reason is asked for them, and traces hold a keyed hash."""
