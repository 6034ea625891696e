"""Print-outs of cases: each has a code, and by the code anybody can ask whether the trace still says what was printed.

Kept is what the trace was then (length and head of its chain) and the digest of the file, no content. A print-out shows
what its printer may see (`sight`), so the page for the code names the number and the seal, never the content.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from engine.model.actors import Actor, Client
from engine.model.errors import NotFound
from engine.model.trace_entries import EntryKind, Head
from engine.model.views import CaseView
from engine.service import instances, recording
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.store import cases, entries, personal
from engine.trace import chain

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without letters and digits that are mistaken for each other on paper."""
LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """A case about to be printed: what may be shown, its seal, and the code that goes onto the paper."""

    view: CaseView
    code: str
    head: Head
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a code says. matches: the chain up to what was printed is whole and ends as it did then.

    later: entries that have come since. seal: first digits of the head that stands on the paper.
    """

    number: str
    process_name: str
    printed_at: datetime
    entries: int
    seal: str
    digest: str
    matches: bool
    later: int


def begin(uow: Work, actor: Actor, client: Client, key: int) -> Printing:
    """Read a case for printing; the look is traced, whoever prints. Raises NotFound when it is out of reach."""
    view = instances.case_view(uow, actor, client, key)
    case = required(cases.case(uow, key), f"case {key}")
    payload = {"instance": str(case.key), "number": case.number, "view": "print", "reason": None}
    recording.to_system(uow, recording.draft(uow, EntryKind.CASE_READ, actor, client, new_command_id(), payload))
    return Printing(view=view, code=_new_code(), head=case.head, at=uow.now())


def finish(uow: Work, actor: Actor, printing: Printing, digest: str) -> None:
    """Keep what the trace was when the file with this SHA-256 was made."""
    personal.add_printout(
        uow,
        code=printing.code,
        instance_key=printing.view.case.key,
        last_seq=printing.head.seq,
        head_hash=printing.head.hash,
        digest=digest,
        printed_by=actor.person_key,
        printed_at=printing.at,
    )


def answer(uow: Work, code: str) -> Answer:
    """What stands behind a code; anybody may ask. Raises NotFound for a code that was never printed."""
    found = personal.printout(uow, "".join(code.upper().split()).replace("-", ""))
    if found is None:
        raise NotFound("printout.not_found", "no print-out has this code")
    head = Head(seq=found.last_seq, hash=bytes(found.head_hash))
    now = required(entries.head(uow, found.instance_key), f"the head of case {found.instance_key}")
    printed = (entry for entry in entries.stream_entries(uow, found.instance_key) if entry.seq <= head.seq)
    report = chain.verify(found.instance_key, printed, head)
    return Answer(
        number=found.number,
        process_name=found.process_name,
        printed_at=found.printed_at,
        entries=head.seq,
        seal=head.hash.hex()[:16],
        digest=found.digest,
        matches=report.ok and now.seq >= head.seq,
        later=max(0, now.seq - head.seq),
    )


def spaced(code: str) -> str:
    """The code in groups of four, as it stands on the paper."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
