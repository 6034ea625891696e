"""Drawing models: drafts that are saved as they grow, versions with a reason, and putting one into force.

A draft belongs to everybody who may deploy. Whoever saves names the revision that they saw, so two people never write
over one another: the second is told, and keeps what they have as a draft of its own. A draft holds the file as it will
be deployed, silent checks included; that is why only those who deploy see it (`deployment.definition_xml` shows the
deployed file to everybody else, without them).
"""

import hashlib
from dataclasses import dataclass

from engine.model.actors import Actor, Client, Permission
from engine.model.commands import Deploy, Deployed
from engine.model.definitions import LintFinding
from engine.model.errors import Conflict, Detail, Invalid, NotFound
from engine.model.ids import CommandId, DraftKey
from engine.model.modelling import ModelDraft, ModelKind, NewDraft, OpenDraft, SaveDraft
from engine.service import deployment, rights
from engine.service.blank_models import blank
from engine.service.equipment import Work, required
from engine.store import definitions
from engine.store import model_drafts as stored
from engine.supervision.check import Check
from engine.supervision.checks import CHECKS

MAX_NAME = 120
MAX_REASON = 500
LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a drawing may refer to: checks of the catalogue, and ids of what is deployed, sorted."""

    checks: tuple[Check, ...]
    forms: tuple[str, ...]
    decisions: tuple[str, ...]
    processes: tuple[str, ...]


def surroundings(uow: Work, actor: Actor) -> Surroundings:
    """What a drawing may refer to now."""
    rights.require(actor, Permission.DEPLOY)
    forms, decisions, processes = (sorted(definitions.latest(uow, kind)) for kind in ("form", "decision", "process"))
    return Surroundings(
        checks=tuple(CHECKS.values()), forms=tuple(forms), decisions=tuple(decisions), processes=tuple(processes)
    )


def listed(uow: Work, actor: Actor) -> tuple[ModelDraft, ...]:
    """The drafts that were not discarded, the last changed first; at most `LISTED`."""
    rights.require(actor, Permission.DEPLOY)
    return stored.newest(uow, LISTED)


def begin(uow: Work, wanted: NewDraft, actor: Actor) -> DraftKey:
    """Begin a draft. Raises NotAllowed, NotFound for an unknown definition, Invalid for a name or file that is none."""
    rights.require(actor, Permission.DEPLOY)
    key = DraftKey(uow.keys(1)[0])
    name, resource_name, body = wanted.name.strip(), wanted.resource_name, wanted.body
    if wanted.definition_key is not None:
        found = definitions.by_key(uow, wanted.definition_key, wanted.kind.value)
        if found is None:
            raise NotFound("process_definition.not_found", "there is no such process definition")
        body = required(definitions.resource(uow, found.digest), f"resource {found.digest}")
        name, resource_name = name or found.name or found.id, found.resource_name
    _check_name(name)
    if body is None:
        body = blank(wanted.kind, key, name)
    _check_size(body)
    stored.add(
        uow,
        key=key,
        kind=wanted.kind.value,
        name=name,
        resource_name=resource_name or f"model-{key}{wanted.kind.suffix}",
        content=body,
        person=actor.person_key,
        at=uow.now(),
    )
    return key


def opened(uow: Work, actor: Actor, key: int) -> OpenDraft:
    """A draft with its bytes, findings and versions. Raises NotAllowed, NotFound."""
    draft = _draft(uow, actor, key)
    body = stored.body(uow, key)
    return OpenDraft(draft=draft, body=body, findings=_inspected(uow, draft, body), versions=stored.versions(uow, key))


def inspect(uow: Work, actor: Actor, key: int, body: bytes) -> tuple[LintFinding, ...]:
    """What the gate says of these bytes, were they the draft's. Raises NotAllowed, NotFound, Invalid for too many."""
    draft = _draft(uow, actor, key)
    _check_size(body)
    return _inspected(uow, draft, body)


def save(uow: Work, wanted: SaveDraft, actor: Actor) -> int:
    """Keep a draft; gives its new revision.

    Raises Conflict when somebody saved it meanwhile, NotAllowed, NotFound, Invalid for too many bytes.
    """
    draft = _draft(uow, actor, wanted.key)
    _check_size(wanted.body)
    name = wanted.name.strip() if wanted.name is not None else None
    if name is not None:
        _check_name(name)
    saved = stored.save(
        uow,
        key=wanted.key,
        revision=wanted.revision,
        content=wanted.body,
        name=name,
        person=actor.person_key,
        at=uow.now(),
    )
    if saved is None:
        raise Conflict(
            "model_draft.changed",
            f"{draft.changed_by} saved this draft meanwhile; keep yours as a new draft, or take theirs",
            params={"name": draft.changed_by},
        )
    return saved


def discard(uow: Work, actor: Actor, key: int) -> None:
    """Take a draft from the list. Its versions stay. Raises NotAllowed, NotFound."""
    _draft(uow, actor, key)
    stored.discard(uow, key, uow.now())


def number(
    uow: Work,
    actor: Actor,
    client: Client,
    *,
    key: int,
    revision: int,
    reason: str,
    loophole: str,
    deploying: CommandId | None,
) -> tuple[int, Deployed | None]:
    """Give the present state of a draft a number, with a reason and the loophole it closes; `deploying` also deploys.

    Raises Conflict when it was saved meanwhile, Invalid without a reason, and what `deployment.deploy` raises.
    """
    draft = _draft(uow, actor, key)
    reason, loophole = reason.strip(), loophole.strip()
    if not reason:
        raise _wrong(Detail(place="reason", code="required", message="say why"))
    _check_length("reason", reason, MAX_REASON)
    _check_length("loophole", loophole, MAX_REASON)
    if not stored.lock(uow, key) or required(stored.draft(uow, key), f"draft {key}").revision != revision:
        raise Conflict(
            "model_draft.changed",
            f"{draft.changed_by} saved this draft meanwhile; look at it before you number it",
            params={"name": draft.changed_by},
        )
    body = stored.body(uow, key)
    digest = hashlib.sha256(body).hexdigest()
    deployed = None
    if deploying is not None:
        command = Deploy(command_id=deploying, resources=((draft.resource_name, body),))
        deployed = deployment.deploy(uow, command, actor, client)
    definitions.put_resources(uow, {digest: body})
    made = stored.add_version(
        uow,
        key=key,
        digest=digest,
        reason=reason,
        loophole=loophole,
        person=actor.person_key,
        at=uow.now(),
        deployment=deployed.key if deployed else None,
    )
    return made, deployed


def version_body(uow: Work, actor: Actor, key: int, wanted: int) -> bytes:
    """The bytes of a numbered state. Raises NotAllowed, NotFound."""
    _draft(uow, actor, key)
    for version in stored.versions(uow, key):
        if version.number == wanted:
            return required(definitions.resource(uow, version.digest), f"resource {version.digest}")
    raise NotFound("model_draft.not_found", "there is no such version of this draft")


def kind_of(filename: str) -> ModelKind:
    """The kind of an uploaded file by the end of its name. Raises Invalid."""
    for kind in ModelKind:
        if filename.lower().endswith(kind.suffix):
            return kind
    detail = Detail(place="file", code="option", message="a .bpmn, .dmn or .form file is needed")
    raise _wrong(detail)


def _draft(uow: Work, actor: Actor, key: int) -> ModelDraft:
    rights.require(actor, Permission.DEPLOY)
    draft = stored.draft(uow, key)
    if draft is None:
        raise NotFound("model_draft.not_found", "there is no such draft, or it was discarded")
    return draft


def _inspected(uow: Work, draft: ModelDraft, body: bytes) -> tuple[LintFinding, ...]:
    return tuple(deployment.looked_at(uow, ((draft.resource_name, body),)))


def _check_name(name: str) -> None:
    if not name or not name.isprintable():
        raise _wrong(Detail(place="name", code="required", message="a name is needed"))
    _check_length("name", name, MAX_NAME)


def _check_length(place: str, text: str, most: int) -> None:
    if len(text) > most:
        raise _wrong(
            Detail(place=place, code="too_long", message=f"at most {most} characters", params={"max": str(most)})
        )


def _check_size(body: bytes) -> None:
    if len(body) > deployment.MAX_FILE_BYTES:
        raise _wrong(Detail(place="body", code="max_length", message="the file is larger than 4 MiB"))


def _wrong(detail: Detail) -> Invalid:
    return Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])
