"""What a dialect or a schema cannot carry, said by name."""

from dataclasses import dataclass

from ..errors import FeelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a text has no SQL.

    construct: a name of `constructs.CONSTRUCTS`. reason: what is missing, and what to do where something can be done.
    at: offset of the construct in `text`. place: for decisions the cell it stands in, for example ``rule 3, input 1``.
    """

    construct: str
    reason: str
    at: int = 0
    text: str = ""
    place: str = ""

    @property
    def line(self) -> int:
        """From 1."""
        return self.text.count("\n", 0, self.at) + 1

    @property
    def column(self) -> int:
        """In characters, from 1."""
        return self.at - (self.text.rfind("\n", 0, self.at) + 1) + 1

    def __str__(self) -> str:
        where = f"{self.place}, " if self.place else ""
        return f"{self.construct}: {self.reason} ({where}line {self.line}, column {self.column})"


class NotTranslatable(FeelError):
    """There is no SQL that certainly gives the same values; `refusal` says why. `batch` evaluates it all the same."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


def refuse(construct: str, reason: str, *, at: int = 0) -> NotTranslatable:
    """The error to raise; the text and the place are added where they are known."""
    return NotTranslatable(Refusal(construct=construct, reason=reason, at=at))
