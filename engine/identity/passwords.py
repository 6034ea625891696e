"""Passwords: argon2id, a policy, and the same time for a person that does not exist."""

from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 256
"""Characters; more would only let a stranger keep the processor busy."""
_MIN_DIFFERENT = 5
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$lNXOjOHc4npBqdBNO+SZSg$VM1ct3giQBy2DIVeEmuvS0vt79OThiy/Mt5rdevx/PI"
"""The hash of a forgotten random password, made with today's parameters (a test says when they change): checking it
takes as long as checking a person's.
"""


class Weakness(StrEnum):
    """Why a password is not accepted."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_SIMPLE = "too_simple"
    IS_NAME = "is_name"


def weaknesses(password: str, *, username: str, demonstration: bool = False) -> tuple[Weakness, ...]:
    """What speaks against a new password; empty when it is accepted. A demonstration accepts any that is not empty."""
    if demonstration:
        return () if 0 < len(password) <= MAX_LENGTH else (Weakness.TOO_SHORT,)
    found = []
    if len(password) < MIN_LENGTH:
        found.append(Weakness.TOO_SHORT)
    if len(password) > MAX_LENGTH:
        found.append(Weakness.TOO_LONG)
    if len(set(password)) < _MIN_DIFFERENT:
        found.append(Weakness.TOO_SIMPLE)
    if username and username.casefold() in password.casefold() and len(password) < MIN_LENGTH + len(username):
        found.append(Weakness.IS_NAME)
    return tuple(found)


# `hash` is the word of the contract and of every password library; nothing in this module needs the builtin.
def hash(password: str) -> str:  # noqa: A001
    """The argon2id hash to store, parameters and salt included."""
    return _hasher().hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is the one. `stored` None (no such person) costs the same time and is never right."""
    known = stored is not None and len(password) <= MAX_LENGTH
    try:
        matches = _hasher().verify(stored if known and stored else NOBODY, password[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return known and matches


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's: then hash anew after a sign-in."""
    return _hasher().check_needs_rehash(stored)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()
