"""What every command shares: carried out once per command id, and a refusal is history too.

::

    attempt = Attempt(uow, actor, client, "user_task.complete", command.command_id, request)
    attempt.case = lock the case
    if (earlier := attempt.earlier()) is not None:      # the first result again, or its refusal raised again
        return Result.of(earlier)
    with attempt.deciding():                            # Refused, Conflict: traced, committed, raised
        decide without writing
    write
    attempt.keep(result)
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from engine.model import errors
from engine.model.actors import Actor, Client
from engine.model.classes import Classified, DataClass
from engine.model.errors import Conflict, Detail, MingjingError, NotFound, Refused
from engine.model.findings import Judgement
from engine.model.ids import CommandId
from engine.model.trace_entries import EntryKind
from engine.service import payloads, recording
from engine.service.equipment import Work
from engine.store import cases, commands
from engine.store.cases import CaseRecord
from engine.store.commands import StoredResult
from engine.trace import canonical

_FAMILY_WORDS: Mapping[type[MingjingError], str] = {
    errors.NotFound: "not_found",
    errors.Conflict: "conflict",
    errors.Refused: "refused",
    errors.NotAllowed: "not_allowed",
}

_FAMILIES = {family.__name__: family for family in (errors.Refused, errors.NotAllowed, errors.Conflict)}


def new_command_id() -> CommandId:
    """A command id for what nobody will repeat."""
    return CommandId(uuid.uuid4().hex)


class Attempt:
    """One attempt at carrying out a command. `case` is set once it is locked, `element` and `judgements` when known."""

    def __init__(self, uow: Work, actor: Actor, client: Client, command: str, command_id: str, request: object) -> None:
        self.uow = uow
        self.actor = actor
        self.client = client
        self.command = command
        self.command_id = command_id
        self.case: CaseRecord | None = None
        self.element = ""
        self.target: dict[str, int] = {}
        self.judgements: Sequence[Judgement] = ()
        digest = uow.equipment.provider.blind_index(
            canonical.encode([command, request]).decode(), domain="command.request"
        )
        self._digest = digest.hex()

    def earlier(self) -> Any | None:
        """The first result of this command id; raises the first refusal again.

        Raises Conflict when the id came with another request before. Call it under the lock that orders the command.
        """
        return self.recall(commands.result(self.uow, self.actor.person_key, self.command_id))

    def recall(self, stored: StoredResult | None) -> Any | None:
        """What `earlier` gives, when the stored result was read already."""
        if stored is None:
            return None
        if stored.request_digest != self._digest:
            raise Conflict(
                "command.id_reused",
                "this Idempotency-Key was used for another request; use a new one for a new request",
            )
        body = json.loads(stored.body)
        if "error" in body:
            raise _error(body["error"])
        return body["result"]

    def keep(self, result: Mapping[str, object]) -> None:
        """Remember the result for a repetition of the command id."""
        commands.store_result(
            self.uow, self.actor.person_key, self.command_id, self.stored({"result": result}), self.uow.now()
        )

    def stored(self, body: Mapping[str, object]) -> StoredResult:
        """A result or refusal as it is stored."""
        return StoredResult(request_digest=self._digest, body=canonical.encode(body))

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Trace a refusal raised inside, commit that alone, and let it go on. Nothing may be written inside."""
        try:
            yield
        except (Refused, Conflict) as refusal:
            self._trace(refusal)
            stored = self.stored({"error": _plain(refusal)})
            commands.store_result(self.uow, self.actor.person_key, self.command_id, stored, self.uow.now())
            self.uow.commit()
            raise

    def unknown(self, error: NotFound) -> NotFound:
        """Trace, in the system stream, that somebody named what is not theirs to know; returns the error to raise."""
        self._trace(error)
        self.uow.commit()
        return error

    def _trace(self, refusal: MingjingError) -> None:
        def closed(text: str) -> object:
            return Classified(text, DataClass.PERSONAL) if self.case else text

        payload = {
            "command": self.command,
            "family": _FAMILY_WORDS[type(refusal)],
            "code": refusal.code,
            "message": closed(refusal.message),
            "places": [{"place": closed(detail.place), "code": detail.code} for detail in refusal.details],
            "target": {what: str(key) for what, key in self.target.items()},
            "element": self.element,
            **({"judgements": payloads.judgements(self.judgements)} if self.case and self.judgements else {}),
        }
        entry = recording.draft(self.uow, EntryKind.COMMAND_REFUSED, self.actor, self.client, self.command_id, payload)
        if self.case is None:
            recording.to_system(self.uow, entry)
            return
        cipher = self.uow.cipher(self.case.wrapped_key)
        cases.move_head(self.uow, recording.to_case(self.uow, self.case, cipher, entry))


def _plain(error: MingjingError) -> dict[str, object]:
    return {
        "family": type(error).__name__,
        "code": error.code,
        "message": error.message,
        "params": dict(error.params),
        "details": [
            {"place": d.place, "code": d.code, "message": d.message, "params": dict(d.params)} for d in error.details
        ],
    }


def _error(stored: Mapping[str, Any]) -> MingjingError:
    family = _FAMILIES[stored["family"]]
    details = [Detail(**detail) for detail in stored["details"]]
    return family(stored["code"], stored["message"], params=stored["params"], details=details)
