"""Ways out for notices: what is sent, how a call is signed, and adapters that others add.

An adapter is an entry point of the group ``mingjing.channels``. It gives an object (or a class without arguments) with
``send(message, detail)``; docs/developer/channels.md shows one. Its name is what a unit's rule names: ``sms:detail``.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import entry_points
from typing import Protocol

GROUP = "mingjing.channels"


class Undeliverable(Exception):
    """It cannot be sent as it is; trying again changes nothing."""


class NotNow(Exception):
    """It could not be sent now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One notice for one person. Nothing in it tells of an applicant.

    key: the same each time it is tried, so that a receiver can drop what comes twice. kind: a
    `engine.model.personal.NoticeKind`. to: sign-in name of who is told. locale: theirs. subject, body: words for them.
    number, process, element: of the case; empty where it is about none. at: when it happened, aware.
    """

    key: str
    kind: str
    to: str
    locale: str
    subject: str
    body: str
    number: str
    process: str
    element: str
    at: datetime


class Channel(Protocol):
    """What an adapter must be able to do."""

    def send(self, message: Message, detail: str) -> None:
        """Send, within 30 seconds. detail: what the unit's rule says after the name of the adapter.

        Raises Undeliverable when nobody need try again, NotNow when it is to be tried later.
        """


def adapter(name: str) -> Channel:
    """The adapter of a name. Raises Undeliverable when none is installed, or it cannot be loaded."""
    for found in entry_points(group=GROUP, name=name):
        try:
            made = found.load()
            channel: Channel = made() if isinstance(made, type) else made
        except Exception as problem:  # of others: whatever they raise
            raise Undeliverable(f"the adapter {name} cannot be loaded: {type(problem).__name__}") from problem
        return channel
    raise Undeliverable(f"no adapter {name} is installed (entry point group {GROUP})")


def document(message: Message) -> bytes:
    """The body of a call: JSON in UTF-8, keys in alphabetical order."""
    values = {
        "id": message.key,
        "kind": message.kind,
        "to": message.to,
        "case": message.number,
        "process": message.process,
        "element": message.element,
        "at": message.at.isoformat(),
    }
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode()


def signed(message: Message, body: bytes, secret: str, now: datetime) -> Mapping[str, str]:
    """Headers of a call. The signature is HMAC-SHA256 over the timestamp (seconds since 1970), a dot, and the body."""
    stamp = str(int(now.timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Mingjing",
        "Idempotency-Key": message.key,
        "Mingjing-Timestamp": stamp,
        "Mingjing-Signature": f"v1={digest}",
    }
