"""The class of a value says who may see it and how it rests."""

from dataclasses import dataclass
from enum import StrEnum


class DataClass(StrEnum):
    """How sensitive a form field, dataset column or trace field is.

    PERSONAL and SECRET values rest encrypted under the data key of their case.
    """

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SECRET = "secret"  # noqa: S105 -- a class, not a password

    @property
    def encrypted(self) -> bool:
        return self in (DataClass.PERSONAL, DataClass.SECRET)


@dataclass(frozen=True, slots=True)
class Classified:
    """A value on its way into the trace together with its class; sealing encrypts it where the class asks."""

    value: object
    data_class: DataClass
