"""Erasing the personal data of a case without losing the proof: its key is destroyed, by two persons.

One person proposes with a legal basis, another decides; neither sees the case. What was encrypted under the key
(values, opinions, subject, files and their names, warnings, drafts, the interpreter's state) is unreadable from then
on, in backups of the database too once these no longer hold the key. Chains, log, heads and packages stay as they are,
because hashes were always over the ciphertext; the case's own trace says what was erased, when, by whom and why.
"""

from collections.abc import Sequence
from typing import Any

from engine.model.actors import Actor, Client, Permission
from engine.model.errors import Conflict, Detail, Invalid, NotAllowed, NotFound, Refused
from engine.model.trace_entries import EntryKind
from engine.model.views import InstanceState
from engine.service import payloads, recording, rights
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from engine.store import case_terms, cases, erasures
from engine.store.cases import CaseRecord
from engine.trace import canonical

MAX_BASIS = 500
SHOWN = 100
_OVER = frozenset({InstanceState.COMPLETED, InstanceState.TERMINATED})


def listed(uow: Work, actor: Actor) -> Sequence[Any]:
    """Proposals and what became of them, those that wait first. Raises NotAllowed."""
    rights.require(actor, Permission.CASE_ERASE)
    return erasures.newest(uow, SHOWN)


def of_case(uow: Work, key: int) -> list[dict[str, str]]:
    """What was erased in a case: when, on what basis, proposed and decided by whom."""
    return [
        {
            "at": canonical.timestamp(row.decided_at),
            "basis": row.basis,
            "proposed_by": row.proposed_by_name,
            "decided_by": row.decided_by_name,
        }
        for row in erasures.done_in(uow, key)
    ]


def propose(uow: Work, actor: Actor, client: Client, number: str, basis: str) -> int:
    """Propose that the personal data of a case be erased; the key of the proposal. Traced in the system stream.

    Raises NotAllowed, NotFound, Invalid without a basis, Refused while the case runs or when it is erased already,
    Conflict when a proposal waits.
    """
    rights.require(actor, Permission.CASE_ERASE)
    basis = basis.strip()
    if not basis or len(basis) > MAX_BASIS:
        detail = Detail(
            place="basis", code="required", message=f"name the legal basis in at most {MAX_BASIS} characters"
        )
        raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])
    found = erasures.case_of_number(uow, number.strip())
    case = cases.case(uow, found, lock=True) if found is not None else None
    if case is None:
        raise rights.case_not_found()
    _refuse_unfit(case)
    if erasures.open_for(uow, case.key):
        raise Conflict("erasure.proposed_already", "a proposal to erase this case waits for a decision already")
    key = erasures.propose(uow, case.key, basis, actor.person_key, uow.now())
    _trace(uow, EntryKind.ERASURE_PROPOSED, actor, client, case, key, basis)
    return key


def decline(uow: Work, actor: Actor, client: Client, key: int) -> None:
    """Decide that nothing is erased. Raises as `approve` does; the proposer may take it back."""
    rights.require(actor, Permission.CASE_ERASE)
    row, case = _waiting(uow, key)
    erasures.decide(uow, key, "declined", actor.person_key, uow.now())
    _trace(uow, EntryKind.ERASURE_DECLINED, actor, client, case, key, row.basis)


def approve(uow: Work, actor: Actor, client: Client, key: int) -> None:
    """Erase: destroy the key of the case. There is no way back.

    Raises NotAllowed without the right or for one's own proposal, NotFound when nothing waits under that key, Refused
    when the case runs again or is erased already.
    """
    rights.require(actor, Permission.CASE_ERASE)
    row, case = _waiting(uow, key)
    if row.proposed_by == actor.person_key:
        raise NotAllowed("erasure.own_proposal", "somebody else has to decide about your proposal")
    _refuse_unfit(case)
    payload = {
        "instance": str(case.key),
        "number": case.number,
        "erasure": str(key),
        "basis": row.basis,
        "proposed_by": payloads.person(row.proposed_by, row.proposed_by_username, row.proposed_by_name),
        "proposed_at": row.proposed_at,
        "what": ["values", "opinions", "subject", "files", "warnings", "drafts", "state"],
    }
    entry = recording.draft(uow, EntryKind.PROCESS_INSTANCE_ERASED, actor, client, new_command_id(), payload)
    head = recording.to_case(uow, case, None, entry)
    cases.move_head(uow, head)
    erasures.destroy(uow, case.key, uow.now())
    case_terms.forget(uow, case.key, head.head.seq)
    erasures.decide(uow, key, "done", actor.person_key, uow.now())
    uow.after_commit(lambda: _forget(uow, case))


def _forget(uow: Work, case: CaseRecord) -> None:
    """Other processes keep nothing of it either: whoever moves a case asks for its key first."""
    uow.equipment.live.take(case.key, case.version)


def _waiting(uow: Work, key: int) -> tuple[Any, CaseRecord]:
    row = erasures.one(uow, key)
    case = cases.case(uow, row.instance_key, lock=True) if row is not None else None
    if row is None or case is None or row.state != "proposed":
        raise NotFound("erasure.not_found", "no proposal to erase waits under this key")
    return row, case


def _refuse_unfit(case: CaseRecord) -> None:
    if case.wrapped_key is None:
        raise Refused("case.erased", "the personal data of this case was erased; it cannot be changed any more")
    if case.state not in _OVER:
        raise Refused("erasure.case_runs", "this case is not over; its personal data is still needed")


def _trace(uow: Work, kind: EntryKind, actor: Actor, client: Client, case: CaseRecord, key: int, basis: str) -> None:
    payload = {"instance": str(case.key), "number": case.number, "erasure": str(key), "basis": basis}
    recording.to_system(uow, recording.draft(uow, kind, actor, client, new_command_id(), payload))
