"""POST /v2/deployments: BPMN, DMN and form files, all or none."""

from typing import Any

from flask import request

from engine.model.actors import Permission
from engine.model.commands import Deploy
from engine.model.errors import Detail
from engine.service import deployment
from web.api.parsing import ApiBlueprint, invalid
from web.api.schemas.definitions import DeploymentResult
from web.api.schemas.definitions import deployment as as_camunda
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import unit_of_work

blueprint = ApiBlueprint("api_deployments", __name__, url_prefix="/v2", description="Deploying")


@blueprint.on("POST", "/deployments")
@blueprint.gives(200, DeploymentResult)
@requires(Permission.DEPLOY)
def create() -> dict[str, Any]:
    """Deploy the files of the parts (multipart/form-data; Camunda's name for each part is `resources`)."""
    command = Deploy(command_id=command_id(), resources=_resources())
    with unit_of_work() as uow:
        return as_camunda(deployment.deploy(uow, command, current_actor(), client()))


def _resources() -> tuple[tuple[str, bytes], ...]:
    uploaded = [upload for _, upload in request.files.items(multi=True)]
    if not uploaded:
        raise invalid(Detail(place="resources", code="required", message="send at least one file"))
    return tuple((upload.filename or "", upload.read()) for upload in uploaded)
