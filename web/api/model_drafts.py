"""/api/model-drafts: what the editors of the browser read and keep."""

from typing import Any

from engine.model.actors import Permission
from engine.model.ids import DraftKey
from engine.model.modelling import NewDraft, OpenDraft, SaveDraft
from engine.service import model_drafts
from web.api.parsing import ApiBlueprint
from web.api.schemas.model_drafts import (
    Inspection,
    ModelBody,
    ModelCopy,
    ModelDraftResult,
    ModelSaved,
    ModelSaving,
    ModelVersioned,
    ModelVersioning,
)
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_model_drafts", __name__, url_prefix="/api", description="Models that are being drawn")


@blueprint.on("GET", "/model-drafts/<key:key>")
@blueprint.gives(200, ModelDraftResult)
@requires(Permission.DEPLOY)
def show(key: int) -> dict[str, Any]:
    """A draft with its file and its versions."""
    with reading() as uow:
        return _shown(model_drafts.opened(uow, current_actor(), key))


@blueprint.on("PUT", "/model-drafts/<key:key>")
@blueprint.takes(ModelSaving)
@blueprint.gives(200, ModelSaved)
@requires(Permission.DEPLOY)
def save(wanted: dict[str, Any], key: int) -> dict[str, Any]:
    """Keep the file over the revision that was seen; 409 when somebody saved it meanwhile."""
    saving = SaveDraft(
        key=DraftKey(key), revision=wanted["revision"], body=wanted["body"].encode(), name=wanted.get("name")
    )
    with unit_of_work() as uow:
        return {"revision": model_drafts.save(uow, saving, current_actor())}


@blueprint.on("POST", "/model-drafts/<key:key>/inspection")
@blueprint.takes(ModelBody)
@blueprint.gives(200, Inspection)
@requires(Permission.DEPLOY)
def inspect(wanted: dict[str, Any], key: int) -> dict[str, Any]:
    """What the model gate says of a file, without keeping it."""
    with reading() as uow:
        return {"findings": model_drafts.inspect(uow, current_actor(), key, wanted["body"].encode())}


@blueprint.on("POST", "/model-drafts/<key:key>/copies")
@blueprint.takes(ModelCopy)
@blueprint.gives(201, ModelSaved)
@requires(Permission.DEPLOY)
def copy(wanted: dict[str, Any], key: int) -> dict[str, Any]:
    """Keep a file as a draft of its own, beside the one that somebody else saved meanwhile."""
    with unit_of_work() as uow:
        draft = model_drafts.opened(uow, current_actor(), key).draft
        new = NewDraft(
            kind=draft.kind, name=wanted["name"], body=wanted["body"].encode(), resource_name=draft.resource_name
        )
        return {"revision": 1, "key": model_drafts.begin(uow, new, current_actor())}


@blueprint.on("POST", "/model-drafts/<key:key>/versions")
@blueprint.takes(ModelVersioning)
@blueprint.gives(201, ModelVersioned)
@requires(Permission.DEPLOY)
def number(wanted: dict[str, Any], key: int) -> dict[str, Any]:
    """Give the saved state a number with a reason, and with `deploy` put it into force."""
    with unit_of_work() as uow:
        made, deployed = model_drafts.number(
            uow,
            current_actor(),
            client(),
            key=key,
            revision=wanted["revision"],
            reason=wanted["reason"],
            loophole=wanted["loophole"],
            deploying=command_id() if wanted["deploy"] else None,
        )
        return {"number": made, "deployed": deployed.definitions if deployed else []}


def _shown(found: OpenDraft) -> dict[str, Any]:
    draft = found.draft
    return {
        "key": draft.key,
        "kind": draft.kind,
        "name": draft.name,
        "resource_name": draft.resource_name,
        "revision": draft.revision,
        "changed_by": draft.changed_by,
        "changed_at": draft.changed_at,
        "body": found.body.decode("utf-8", "replace"),
        "findings": found.findings,
        "versions": found.versions,
    }
