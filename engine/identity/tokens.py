"""Bearer tokens of API clients: shown once, stored only as SHA-256 (they are random, so no slow hash is needed)."""

import hashlib
import secrets
from dataclasses import dataclass, field

from engine.model.ids import Digest

PREFIX = "mj_"
"""So that a leaked token is recognised by scanners and people."""
_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """text: for the client, once, never in a log. digest: to store."""

    text: str = field(repr=False)
    digest: Digest


def issue() -> IssuedToken:
    """A new token of 256 random bits."""
    text = PREFIX + secrets.token_urlsafe(_BYTES)
    return IssuedToken(text=text, digest=digest(text))


def digest(text: str) -> Digest:
    """What is stored and looked up. A look-up by digest leaks nothing by its time: its input is a hash."""
    return Digest(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def looks_like_token(text: str) -> bool:
    """A cheap look before the database is asked."""
    return text.startswith(PREFIX) and text.isascii() and 40 <= len(text) <= 60
