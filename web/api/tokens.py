"""POST /api/tokens: sign in as an API client."""

from typing import Any

from engine.service import people
from web.api.parsing import ApiBlueprint
from web.api.schemas.own import TokenRequest, TokenResult
from web.auth import public_without_cookie
from web.commands import client
from web.db import unit_of_work

blueprint = ApiBlueprint("api_tokens", __name__, url_prefix="/api", description="Signing in")


@blueprint.on("POST", "/tokens")
@blueprint.takes(TokenRequest)
@blueprint.gives(201, TokenResult)
@public_without_cookie
def create(wanted: dict[str, Any]) -> dict[str, Any]:
    """A bearer token for a sign-in name and password; failures are limited as on the sign-in page."""
    with unit_of_work() as uow:
        actor, _ = people.sign_in(uow, wanted["username"], wanted["password"], client())
        token, expires_at = people.issue_token(uow, actor, client(), "api")
    return {"token": token, "expires_at": expires_at}
