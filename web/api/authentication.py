"""GET /v2/authentication/me: who the server takes this client for."""

from typing import Any

from engine.model.actors import Actor
from web.api.parsing import ApiBlueprint
from web.api.schemas.user_tasks import TENANT
from web.auth import current_actor, signed_in

blueprint = ApiBlueprint("api_authentication", __name__, url_prefix="/v2", description="Who is asking")


@blueprint.on("GET", "/authentication/me")
@signed_in
def show() -> dict[str, Any]:
    """The person behind the token, with positions (Camunda's groups) and roles."""
    return _as_camunda(current_actor())


def _as_camunda(actor: Actor) -> dict[str, Any]:
    return {
        "username": actor.username,
        "displayName": actor.name,
        "email": None,
        "authorizedComponents": [],
        "tenants": [{"tenantId": TENANT, "name": "Default", "description": None}],
        "groups": [holding.position for holding in actor.positions],
        "roles": sorted({grant.role for grant in actor.grants}),
        "salesPlanType": None,
        "c8Links": {},
        "canLogout": True,
    }
