"""Writing trace entries: into the system stream, and into the stream of a locked case."""

from collections.abc import Mapping
from dataclasses import replace

from engine.model.actors import Actor, Client
from engine.model.ids import CommandId
from engine.model.trace_entries import SYSTEM_STREAM, EntryKind, Head, SealedEntry, TraceDraft
from engine.service.equipment import Work
from engine.store import entries
from engine.store.cases import CaseRecord
from engine.trace import chain
from engine.trace.crypto import CaseCipher

CLOCK = Client(channel="clock")
"""Who acts when nobody does: the clock of this installation."""


def draft(
    uow: Work, kind: EntryKind, actor: Actor | None, client: Client, command_id: str, payload: Mapping[str, object]
) -> TraceDraft:
    """An entry of now."""
    return TraceDraft(
        kind=kind, at=uow.now(), actor=actor, client=client, command_id=CommandId(command_id), payload=payload
    )


def sealed(case: CaseRecord, cipher: CaseCipher | None, entry: TraceDraft) -> tuple[CaseRecord, SealedEntry]:
    """The next entry of a locked case's chain, and the case with its new head. The caller stores both."""
    made = chain.seal(entry, stream=case.key, head=case.head, cipher=cipher)
    return replace(case, head=Head(seq=made.seq, hash=made.hash)), made


def to_case(uow: Work, case: CaseRecord, cipher: CaseCipher | None, entry: TraceDraft) -> CaseRecord:
    """Seal into a case's chain and insert; returns the case with its new head, which the caller stores."""
    after, made = sealed(case, cipher, entry)
    entries.append(uow, made)
    return after


def to_system(uow: Work, entry: TraceDraft) -> None:
    """Seal into the system stream, insert, and move its head. Take this lock last."""
    head = entries.lock_system_head(uow)
    made = chain.seal(entry, stream=SYSTEM_STREAM, head=head, cipher=None)
    entries.append(uow, made)
    entries.store_system_head(uow, Head(seq=made.seq, hash=made.hash))
