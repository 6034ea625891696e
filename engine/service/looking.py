"""Looking at a case is an act: an inspector states a reason, and every look, also a refused one, is traced.

A reason is asked for once a sitting and case, of whoever looks as an inspector (`rights.inspects`) at a case that is
not their own work. Programs send it with each request (`Client.reason`). The reason stands in the system stream, which
the audit administrator reads; it should name no citizen.
"""

from datetime import timedelta

from engine.model.actors import Actor, Client
from engine.model.errors import Detail, Invalid, NotAllowed, NotFound
from engine.model.trace_entries import EntryKind
from engine.service import recording, rights
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from engine.store import cases, looking
from engine.store.cases import CaseRecord, UserTaskRecord

SITTING = timedelta(hours=8)
"""How long a reason that was stated counts for its case."""

SHORTEST, LONGEST = 2, 200
"""Characters of a reason."""


def open_case(
    uow: Work, actor: Actor, client: Client, key: int, view: str
) -> tuple[CaseRecord, tuple[UserTaskRecord, ...]]:
    """A case that the actor may see, with its open user tasks; an inspector's look is traced as `view`.

    Raises NotFound when it is out of reach, which is traced and committed; NotAllowed ``case.reason_needed`` when an
    inspector has stated no reason yet.
    """
    try:
        case, open_tasks = rights.readable_case(uow, actor, key)
    except NotFound as error:
        refuse(uow, actor, client, key, view, error.code)
        raise
    if rights.inspects(actor):
        reason = reason_for(uow, actor, client, case)
        payload = {"instance": str(case.key), "number": case.number, "view": view, "reason": reason or None}
        entry = recording.draft(uow, EntryKind.CASE_READ, actor, client, new_command_id(), payload)
        recording.to_system(uow, entry)
    return case, open_tasks


def reason_for(uow: Work, actor: Actor, client: Client, case: CaseRecord) -> str:
    """Why an inspector looks at a case; empty when it is their own work. Raises NotAllowed when they have not said."""
    if case.starter_key == actor.person_key or cases.worked(uow, case.key, actor.person_key):
        return ""
    since = uow.now() - SITTING
    found = client.reason or looking.stated(uow, person_key=actor.person_key, instance_key=case.key, since=since)
    if not found:
        raise NotAllowed(
            "case.reason_needed",
            "say why you look at this case; the reason is written to the trace",
            params={"case": case.number, "key": str(case.key)},
        )
    return found


def state_reason(uow: Work, actor: Actor, key: int, reason: str) -> None:
    """Keep the actor's reason for looking at a case. Raises NotFound out of reach, Invalid when it says nothing."""
    case, _ = rights.readable_case(uow, actor, key)
    reason = " ".join(reason.split())
    if not SHORTEST <= len(reason) <= LONGEST:
        detail = Detail(place="reason", code="reason_length", message=f"{SHORTEST} to {LONGEST} characters are needed")
        raise Invalid("case.reason_length", "the reason is too short or too long", details=[detail])
    looking.state(uow, person_key=actor.person_key, instance_key=case.key, reason=reason, at=uow.now())


def refuse(uow: Work, actor: Actor, client: Client, key: int, view: str, code: str) -> None:
    """Trace that somebody wanted to look at what is not theirs to see, and commit that."""
    payload = {"instance": str(key), "view": view, "code": code, "reason": client.reason or None}
    entry = recording.draft(uow, EntryKind.CASE_READ_REFUSED, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)
    uow.commit()
