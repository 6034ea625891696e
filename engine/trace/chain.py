"""Sealing entries into a stream's hash chain, and reading them back. Verifying is in `engine.trace.verify`.

An entry is one canonical JSON object, the body. Its bytes are stored exactly as they were hashed::

    {"v":1,"alg":"sha-256","stream":"<key>","seq":n,"prev":"<hex>","at":"…Z","kind":"…","command":"…",
     "actor":{…}|null,"client":{…},"payload":{…}}

    hash = SHA-256(0x00 || body)        the leaf hash of RFC 6962: the same leaves serve the Merkle log
    prev = hash of the entry before it in the stream, "" for the first

Personal and secret values are encrypted one by one before the body is hashed, so that the proof does not need them.
The format is frozen: see docs/developer/trace.md and docs/decisions/0003-trace-format.md.
"""

import base64
from collections.abc import Mapping
from typing import Any, Final

from engine.model.actors import Actor, Client, Unit
from engine.model.classes import Classified
from engine.model.errors import Broken
from engine.model.findings import Action
from engine.model.trace_entries import Head, SealedEntry, TraceDraft
from engine.trace import canonical, crypto
from engine.trace.crypto import CaseCipher
from engine.trace.values import ENCRYPTED, Erased, close, keep_values, open_value
from engine.trace.verify import VerifyReport, verify

__all__ = ["EMPTY_HEAD", "VerifyReport", "head_after", "open_payload", "read_body", "seal", "value_context", "verify"]

VERSION: Final = 1
EMPTY_HEAD: Final = Head(seq=0, hash=b"")


def seal(
    draft: TraceDraft, *, stream: int, head: Head, cipher: CaseCipher | None, algorithm: str = crypto.HASH
) -> SealedEntry:
    """The next entry of a stream after `head`. The caller holds the stream's lock.

    Values marked personal or secret are encrypted under `cipher`; without one they are a ValueError, never plain.
    A report-only finding among the judgements is a ValueError too: it must not rest where the unit can look.
    """
    _refuse_silent_findings(draft.payload)
    seq = head.seq + 1
    kind = draft.kind.value

    def closing(value: Classified, pointer: str) -> object:
        plain = close(value.value, keep_values)
        if not value.data_class.encrypted:
            return plain
        if cipher is None:
            raise ValueError(f"{kind}{pointer} is {value.data_class}, but this stream has no key")
        sealed = cipher.encrypt(canonical.encode_plain(plain), context=value_context(stream, seq, kind, pointer))
        return {
            ENCRYPTED: base64.b64encode(sealed).decode("ascii"),
            "class": value.data_class.value,
            "alg": cipher.algorithm,
            "key": cipher.name,
        }

    body = canonical.encode_plain(
        {
            "v": VERSION,
            "alg": algorithm,
            "stream": str(stream),
            "seq": seq,
            "prev": head.hash.hex(),
            "at": canonical.timestamp(draft.at),
            "kind": kind,
            "command": draft.command_id,
            "actor": None if draft.actor is None else _actor(draft.actor),
            "client": _client(draft.client),
            "payload": close(draft.payload, closing),
        }
    )
    return SealedEntry(
        stream=stream,
        seq=seq,
        kind=kind,
        at=draft.at,
        algorithm=algorithm,
        body=body,
        hash=crypto.leaf_hash(body, algorithm),
        previous_hash=head.hash,
    )


def head_after(entry: SealedEntry) -> Head:
    """The stream's head once `entry` is stored."""
    return Head(seq=entry.seq, hash=entry.hash)


def read_body(entry: SealedEntry) -> dict[str, Any]:
    """The body as plain JSON, encrypted values still closed. Broken when it is not an entry's body."""
    try:
        body = canonical.decode(entry.body)
    except ValueError as error:
        raise Broken("trace.unreadable", f"Entry {entry.seq} of stream {entry.stream} cannot be read.") from error
    if not isinstance(body, dict) or not isinstance(body.get("payload"), dict):
        raise Broken("trace.unreadable", f"Entry {entry.seq} of stream {entry.stream} is not a trace entry.")
    return body


def open_payload(entry: SealedEntry, cipher: CaseCipher | None) -> dict[str, Any]:
    """The payload with decimals, dates and so on restored and encrypted values decrypted.

    Where the key is destroyed (or `cipher` is None) or a value does not decrypt, an `Erased` stands in its place.
    """
    body = read_body(entry)

    def opening(value: Mapping[str, Any], pointer: str) -> object:
        if cipher is None or value.get("key") != cipher.name:
            return Erased(data_class=str(value.get("class")))
        try:
            sealed = base64.b64decode(value[ENCRYPTED], validate=True)
            context = value_context(int(body["stream"]), body["seq"], body["kind"], pointer)
            return open_value(canonical.decode(cipher.decrypt(sealed, context=context)), _nothing_inside)
        except (Broken, ValueError, KeyError, TypeError):
            return Erased(data_class=str(value.get("class")), cause="unreadable")

    try:
        return {key: open_value(item, opening, f"/{key}") for key, item in body["payload"].items()}
    except (ValueError, TypeError, ArithmeticError) as error:
        raise Broken("trace.unreadable", f"Entry {entry.seq} of stream {entry.stream} cannot be read.") from error


def value_context(stream: int, seq: int, kind: str, pointer: str) -> bytes:
    """What an encrypted value is bound to: its entry and its place (JSON pointer in the payload)."""
    return canonical.encode(["mingjing.trace.value.v1", str(stream), seq, kind, pointer])


def _refuse_silent_findings(payload: Mapping[str, object]) -> None:
    judgements = payload.get("judgements")
    for judgement in judgements if isinstance(judgements, list | tuple) else ():
        for result in judgement["results"]:
            if set(result["actions"]) == {Action.REPORT_DISCIPLINE}:
                raise ValueError(f"report-only finding {result['check']} of {judgement['element']} in a case's trace")


def _actor(actor: Actor) -> dict[str, object]:
    return {
        "person": str(actor.person_key),
        "username": actor.username,
        "name": actor.name,
        "unit": _unit(actor.unit),
        "positions": [
            {
                "position": holding.position,
                "name": holding.position_name,
                "unit": str(holding.unit_key),
                "unit_name": holding.unit_name,
            }
            for holding in actor.positions
        ],
        "system": actor.is_system,
    }


def _unit(unit: Unit) -> dict[str, object]:
    return {"key": str(unit.key), "code": unit.code, "name": unit.name, "level": unit.level.value}


def _client(client: Client) -> dict[str, object]:
    return {"channel": client.channel, "address": client.address, "program": client.program}


def _nothing_inside(value: Mapping[str, Any], pointer: str) -> object:
    raise ValueError(f"an encrypted value within an encrypted value at {pointer}: {sorted(value)}")
