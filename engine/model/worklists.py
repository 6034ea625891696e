"""What somebody asks a list of the task centre for."""

from dataclasses import dataclass
from enum import StrEnum


class Only(StrEnum):
    """Which of the tasks that wait: of cases with a risk warning; near their time limit (黄) or over it (红); offered
    to several, and taken by nobody."""

    WARNED = "warned"
    NEAR = "near"
    OVERDUE = "overdue"
    UNCLAIMED = "unclaimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """Conditions of a list; empty ones ask for nothing.

    text: stands in the case number, the subject, the name of process or node, the unit, or a person's name. Subjects
    rest encrypted, so it is looked for row by row, at most `SCANNED` rows for one page.
    process: id of the case's process. only: of tasks that wait.
    """

    text: str = ""
    process: str = ""
    only: Only | None = None


SCANNED = 1000
"""Rows that one page of a text search looks through; the next page goes on where it stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCount:
    """How many tasks of a process wait for somebody."""

    process_id: str
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbenchCounts:
    """The numbers on the workbench; each opens its list. processes: of what is to do. copied: copies unread."""

    todo: int
    warned: int
    near: int
    overdue: int
    unclaimed: int
    done: int
    started: int
    copied: int
    processes: tuple[ProcessCount, ...] = ()
