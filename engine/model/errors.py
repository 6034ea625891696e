"""The families of errors. Families, not status codes: the engine does not know HTTP.

::

    MingjingError
    ├── NotFound        there is no such thing, or it is not for you to know
    ├── Conflict        it was changed by somebody else, or done already
    ├── Refused         understood and well-formed, but not allowed: by right, by rule, by supervision
    │   └── NotAllowed  the actor lacks the right
    ├── Invalid         the input is wrong; carries the places (`details`)
    ├── Unavailable     a thing we need is not there now; trying again may help (the only one ever retried)
    └── Broken          our own fault or damage to what is stored

Every error has a stable `code` (``area.what``), a message in English, and parameters, so that the page can say
it in the reader's language (message id ``problem.<code>``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One place where input is wrong.

    place: a form path (``members[0].income``), an element id, a file name or a header.
    code: stable, for example ``required``; the page translates ``detail.<code>`` with `params`.
    """

    place: str
    code: str
    message: str
    params: Mapping[str, str] = field(default_factory=dict)


class MingjingError(Exception):
    """Base of all our own errors."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        params: Mapping[str, str] | None = None,
        details: Sequence[Detail] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.params: Mapping[str, str] = dict(params or {})
        self.details = tuple(details)


class NotFound(MingjingError):
    """There is no such thing, or the actor may not know whether there is."""


class Conflict(MingjingError):
    """Somebody else was quicker, or the same command id came with another body."""


class Refused(MingjingError):
    """The command is well-formed but a rule forbids it."""


class NotAllowed(Refused):
    """The actor lacks the right; the message names the right that is missing."""


class Invalid(MingjingError):
    """The input is wrong; `details` say where and what to do."""


class Unavailable(MingjingError):
    """Something we need is not there now; the caller may try again."""


class Broken(MingjingError):
    """What is stored is damaged, or the program is wrong."""
