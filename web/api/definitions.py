"""/v2/process-definitions: what is deployed."""

from collections.abc import Callable
from typing import Any

from flask import Response

from engine.model.actors import Permission
from engine.model.views import Page
from engine.service import deployment
from engine.service.equipment import Work
from web.api.parsing import ApiBlueprint
from web.api.schemas.definitions import (
    ProcessDefinitionResult,
    ProcessDefinitionSearch,
    ProcessDefinitionSearchResult,
)
from web.api.schemas.search import SearchResult
from web.api.searching import by_key, matcher, only_order, walk
from web.auth import current_actor, requires
from web.db import reading

blueprint = ApiBlueprint("api_definitions", __name__, url_prefix="/v2", description="Process definitions")

_BATCH = 500


@blueprint.on("POST", "/process-definitions/search")
@blueprint.takes(ProcessDefinitionSearch, required=False)
@blueprint.gives(200, ProcessDefinitionSearchResult)
@requires(Permission.DEFINITION_READ)
def search(wanted: dict[str, Any]) -> SearchResult:
    """Versions of processes, the newest deployed first."""
    only_order(wanted["sort"], "processDefinitionKey", "DESC")
    conditions = dict(wanted["filter"])
    latest = conditions.pop("latest", False)
    keep = matcher(conditions)
    with reading() as uow:
        if latest:
            newest = {row.key for row in _newest(uow)}
            return walk(_pages(uow), lambda row: row.key in newest and keep(row), wanted["page"])
        return walk(_pages(uow), keep, wanted["page"])


def _pages(uow: Work) -> Callable[[str | None, int], Page[Any]]:
    """The list of definitions with its keys as cursors."""
    return by_key(lambda after, limit: deployment.search(uow, after=after, limit=limit))


def _newest(uow: Work) -> list[Any]:
    """The newest version of each process. Rows come newest first, so the first of each id is it."""
    first: dict[str, Any] = {}
    after = None
    while rows := deployment.search(uow, after=after, limit=_BATCH):
        for row in rows:
            first.setdefault(row.id, row)
        after = rows[-1].key
    return list(first.values())


@blueprint.on("GET", "/process-definitions/<key:key>")
@blueprint.gives(200, ProcessDefinitionResult)
@requires(Permission.DEFINITION_READ)
def show(key: int) -> Any:
    """One version of a process."""
    with reading() as uow:
        return deployment.definition(uow, key)


@blueprint.on("GET", "/process-definitions/<key:key>/xml")
@requires(Permission.DEFINITION_READ)
def xml(key: int) -> Response:
    """The BPMN file as it was deployed."""
    with reading() as uow:
        body = deployment.definition_xml(uow, current_actor(), key)
    return Response(body, mimetype="text/xml")
