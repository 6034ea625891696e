"""Incidents: a case cannot go on where it stands. The element stays, the incident says why, somebody mends it.

Who brings something to a locked case that cannot be carried out (the results of a job, a due timer, a message) opens
one instead of losing it::

    try:
        ...                                   # move the live instance, prepare the step; nothing is written
    except Refused as refusal:
        case = incidents.of_refusal(uow, case, refusal, element=…, instance=…, cause=Cause(what=CauseKind.TIMER))

What a person does is refused to that person instead, and opens none. The cause is kept, encrypted, so that a retry
does exactly that again (`engine.service.mending`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.model.actors import Actor, Client, Permission
from engine.model.classes import Classified, DataClass
from engine.model.definitions import ElementDefinition
from engine.model.errors import Refused
from engine.model.findings import Judgement
from engine.model.ids import ElementId, ElementInstanceId, IncidentKey, InstanceKey, JobKey
from engine.model.incidents import Cause, CauseKind, IncidentKind, IncidentRow, IncidentState
from engine.model.trace_entries import EntryKind
from engine.model.views import Page
from engine.runtime import values
from engine.runtime.live import LiveInstance
from engine.service import lookups, paging, payloads, recording, rights, rows
from engine.service.equipment import Work
from engine.service.handling import new_command_id
from engine.store import incidents as stored
from engine.store.cases import CaseRecord
from engine.store.definitions import ProcessReference, called
from engine.trace.crypto import CaseCipher

CLOCK = Client(channel="clock")
MAX_REASON = 2000

_KINDS: Mapping[str, IncidentKind] = {
    "expression.failed": IncidentKind.EXPRESSION_FAILED,
    "assignment.nobody": IncidentKind.ASSIGNMENT_FAILED,
    "assignment.unknown_person": IncidentKind.ASSIGNMENT_FAILED,
    "decision.unknown": IncidentKind.DECISION_MISSING,
    "decision.failed": IncidentKind.DECISION_FAILED,
    "process.not_called": IncidentKind.CALLED_PROCESS_MISSING,
    "error.not_caught": IncidentKind.ERROR_UNHANDLED,
}
"""By the code of the refusal; any other is a step that was refused."""


def open_incident(
    uow: Work,
    case: CaseRecord,
    *,
    element: ElementDefinition,
    instance: ElementInstanceId,
    kind: IncidentKind,
    reason: str,
    params: Mapping[str, str],
    cause: Cause,
    code: str = "",
    called: ProcessReference | None = None,
    actor: Actor | None = None,
    client: Client = CLOCK,
    command_id: str = "",
    judgements: Sequence[Judgement] = (),
) -> CaseRecord:
    """Write down that a locked case cannot go on at an element; returns the case with its new head, already stored.

    element, instance: where the token stays, or the wait (``<element id>@n``) whose event could not occur. reason: one
    English sentence; code and params: the same for translation. called: the called process of the element. actor,
    client, command_id: of whoever brought the cause; the clock when nobody did. judgements: what checks said that
    forbid the step. An incident that is active there already is replaced.
    """
    cipher = uow.required_cipher(case.wrapped_key)
    key = IncidentKey(uow.keys(1)[0])
    payload = {
        "incident": str(key),
        "element": _element(element, instance),
        "definition": payloads.definition(case, called),
        "incident_kind": kind,
        "code": code,
        "reason": payloads.personal(reason[:MAX_REASON]),
        "cause": _cause(cause),
        **({"judgements": payloads.judgements(judgements)} if judgements else {}),
    }
    command = command_id or new_command_id()
    entry = recording.draft(uow, EntryKind.INCIDENT_CREATED, actor, client, command, payload)
    after, sealed = recording.sealed(case, cipher, entry)
    new = stored.NewIncident(
        key=key,
        called=called,
        job_key=cause.job,
        element_id=element.id,
        element_instance=instance,
        element_name=element.name or element.id,
        kind=kind,
        cause=cause.what,
        code=code,
        content=_seal(key, reason[:MAX_REASON], params, cause, cipher),
    )
    stored.open_incident(uow, case, new, sealed)
    return after


def of_refusal(
    uow: Work,
    case: CaseRecord,
    refusal: Refused,
    *,
    element: ElementDefinition,
    instance: ElementInstanceId,
    cause: Cause,
    called: ProcessReference | None = None,
    actor: Actor | None = None,
    client: Client = CLOCK,
    command_id: str = "",
    judgements: Sequence[Judgement] = (),
) -> CaseRecord:
    """`open_incident` with the kind, reason and parameters of a refused step."""
    return open_incident(
        uow,
        case,
        element=element,
        instance=instance,
        kind=kind_of(refusal),
        reason=": ".join(filter(None, (refusal.message, "; ".join(d.message for d in refusal.details)))),
        params=refusal.params,
        cause=cause,
        code=refusal.code,
        called=called,
        actor=actor,
        client=client,
        command_id=command_id,
        judgements=judgements,
    )


def of_starved(uow: Work, case: CaseRecord, live: LiveInstance) -> CaseRecord:
    """Open an incident when a step has left nothing but tokens before joins that nothing can ever reach."""
    found = live.starved
    if found is None or stored.active_at(uow, case.key, found[1]) is not None:
        return case
    element, instance, called_process = found
    name = element.name or element.id
    return open_incident(
        uow,
        case,
        element=element,
        instance=instance,
        kind=IncidentKind.NOTHING_WAITS,
        reason=f"the join {name} waits for a flow over which nothing can come any more",
        params={"element": name},
        cause=Cause(what=CauseKind.NONE),
        code="join.starved",
        called=lookups.reference(uow, *called_process) if called_process[0] else None,
    )


def kind_of(refusal: Refused) -> IncidentKind:
    """What kind of incident a refused step is."""
    return _KINDS.get(refusal.code, IncidentKind.STEP_REFUSED)


def close(
    uow: Work,
    case: CaseRecord,
    row: Any,
    *,
    how: str,
    reason: str,
    actor: Actor | None,
    client: Client,
    command_id: str,
) -> CaseRecord:
    """Write down that an incident (`row` of the store) of a locked case is resolved; returns the case as `open` does.

    how: ``retried``, ``routed_around``, ``gone``. reason: of the person who did it; may be empty.
    """
    payload = {
        "incident": str(row.key),
        "element": {"id": row.element_id, "name": row.element_name, "instance": row.element_instance},
        "definition": payloads.definition(case, called(row)),
        "incident_kind": row.kind,
        "how": how,
        "reason": payloads.personal(reason),
    }
    entry = recording.draft(uow, EntryKind.INCIDENT_RESOLVED, actor, client, command_id, payload)
    after, sealed = recording.sealed(case, uow.required_cipher(case.wrapped_key), entry)
    stored.resolve(uow, case, row.key, actor.person_key if actor else None, sealed)
    return after


def search(uow: Work, actor: Actor, cursor: str | None = None, limit: int = 50, **equal: object) -> Page[IncidentRow]:
    """Incidents of cases in the actor's reach, newest first. equal: see the store. Raises NotAllowed."""
    rights.require(actor, Permission.JOB_READ)
    limit = min(limit, paging.MAX_LIMIT)
    found = stored.search(
        uow,
        rights.reach(actor, Permission.JOB_READ),
        before_key=paging.after(cursor),
        limit=limit + 1,
        equal=equal,
    )
    return paging.page(found, limit, lambda row: incident_row(uow, row))


def one(uow: Work, actor: Actor, key: int) -> IncidentRow:
    """An incident of a case in the actor's reach. Raises NotAllowed, NotFound."""
    rights.require(actor, Permission.JOB_READ)
    found = stored.search(uow, rights.reach(actor, Permission.JOB_READ), before_key=None, limit=1, equal={"key": key})
    if not found:
        raise rights.incident_not_found()
    return incident_row(uow, found[0])


def cause_of(uow: Work, row: Any) -> Cause:
    """What could not be carried out, of a row of the store. Refused when the case's personal data was erased."""
    kept = _open(row, uow.required_cipher(row.wrapped)).get("cause", {})
    return Cause(
        what=CauseKind(row.cause),
        name=kept.get("name", ""),
        text=kept.get("text", ""),
        variables=kept.get("variables", {}),
        job=JobKey(row.job_key) if row.job_key is not None else None,
        reference=kept.get("reference", ""),
    )


def incident_row(uow: Work, row: Any) -> IncidentRow:
    """A row of the store as a list shows it."""
    cipher = uow.cipher(row.wrapped)
    kept = _open(row, cipher) if cipher else {}
    return IncidentRow(
        key=IncidentKey(row.key),
        instance_key=InstanceKey(row.instance_key),
        number=row.number,
        **rows.process_of(row),
        element_id=ElementId(row.element_id),
        element_instance=ElementInstanceId(row.element_instance),
        element_name=row.element_name,
        kind=IncidentKind(row.kind),
        cause=CauseKind(row.cause),
        code=row.code,
        reason=kept.get("reason", ""),
        params=kept.get("params", {}),
        job_key=JobKey(row.job_key) if row.job_key is not None else None,
        state=IncidentState(row.state),
        created_at=row.created_at,
        resolved_at=row.resolved_at,
    )


def _element(element: ElementDefinition, instance: str) -> dict[str, object]:
    return {"id": element.id, "name": element.name or element.id, "instance": instance}


def _cause(cause: Cause) -> dict[str, object]:
    return {
        "what": cause.what,
        "name": cause.name,
        "text": payloads.personal(cause.text),
        "variables": Classified(dict(cause.variables), DataClass.PERSONAL),
        **({"job": str(cause.job)} if cause.job is not None else {}),
    }


def _seal(key: int, reason: str, params: Mapping[str, str], cause: Cause, cipher: CaseCipher) -> bytes:
    kept = {"name": cause.name, "text": cause.text, "variables": cause.variables, "reference": cause.reference}
    body = values.dumps({"reason": reason, "params": dict(params), "cause": kept})
    return cipher.encrypt(body, context=_context(key))


def _open(row: Any, cipher: CaseCipher) -> Mapping[str, Any]:
    if row.content is None:
        return {}
    opened: Any = values.loads(cipher.decrypt(row.content, context=_context(row.key)))
    return opened  # type: ignore[no-any-return]  # as `_seal` made it


def _context(key: int) -> bytes:
    """What ties the encrypted content to its incident."""
    return f"mingjing.incident.v1:{key}".encode()
