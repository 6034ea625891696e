"""What belongs to one person: language, notices and how they are sent, phrases for opinions, saved filters."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.ids import InstanceKey, UserTaskKey

MAX_PHRASES = 50
MAX_PHRASE = 200
MAX_FILTERS = 20
MAX_FILTER_NAME = 40


class NoticeKind(StrEnum):
    """Why somebody is told. NEW_TASK is not written down: it is an open user task that they have not looked at."""

    NEW_TASK = "new_task"
    URGED = "urged"
    COPIED = "copied"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    DELEGATED = "delegated"
    SIGN_ASKED = "sign_asked"
    ALERT_RAISED = "alert_raised"
    ALERT_CLIMBED = "alert_climbed"
    TIME_NEAR = "time_near"
    TIME_OVER = "time_over"


GIVEN = frozenset({NoticeKind.RETURNED, NoticeKind.TRANSFERRED, NoticeKind.DELEGATED, NoticeKind.SIGN_ASKED})
"""Kinds that come with a task: it is told as that, not as a new task besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """A person's choices. locale: of the account. email: where mail goes, empty for nowhere.

    by_email, by_webhook: whether notices are sent there, too, as far as the unit lets them (`NoticeRule`).
    """

    locale: str
    email: str = ""
    by_email: bool = False
    by_webhook: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRule:
    """What a unit, or the nearest one above it that says anything, lets out of the house.

    email: notices may go to its people by mail. webhook: an address of its own that takes
    them, or `ADAPTER:DETAIL` of an installed adapter (`engine.notify.channels`); empty for none.
    """

    email: bool = True
    webhook: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A common phrase for opinions."""

    key: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A filter of the task centre under a name. query: the query string of its address."""

    key: int
    name: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that a person is told. key: of the notice; 0 for a new task, which has none.

    kind: a `NoticeKind`. by: who urged, copied or returned it; empty for others. Names no
    applicant: lists of notices lie open. number, process_name: empty, instance_key: None, where it is about no case.
    """

    key: int
    kind: str
    number: str
    process_name: str
    element_name: str
    instance_key: InstanceKey | None
    alert_key: int | None
    user_task_key: UserTaskKey | None
    by: str
    at: datetime
    read: bool
