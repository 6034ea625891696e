"""/v2/decision-definitions: what is deployed, its DMN file, and taking a decision without a case."""

from typing import Any

from flask import Response

from engine.model.actors import Permission
from engine.service import decisions
from engine.store.definitions import DefinitionRow
from web.api.parsing import ApiBlueprint
from web.api.schemas.decisions import (
    DecisionDefinitionResult,
    DecisionDefinitionSearch,
    DecisionDefinitionSearchResult,
    DecisionEvaluation,
    DecisionEvaluationResult,
    evaluation,
)
from web.api.schemas.search import SearchResult
from web.api.searching import by_key, matcher, only_order, walk
from web.auth import requires
from web.db import reading

blueprint = ApiBlueprint("api_decisions", __name__, url_prefix="/v2", description="Decisions")


@blueprint.on("POST", "/decision-definitions/search")
@blueprint.takes(DecisionDefinitionSearch, required=False)
@blueprint.gives(200, DecisionDefinitionSearchResult)
@requires(Permission.DEFINITION_READ)
def search(wanted: dict[str, Any]) -> SearchResult:
    """Versions of decisions, the newest deployed first."""
    only_order(wanted["sort"], "decisionDefinitionKey", "DESC")
    with reading() as uow:
        pages = by_key(lambda after, limit: decisions.search(uow, after=after, limit=limit))
        return walk(pages, matcher(wanted["filter"]), wanted["page"])


@blueprint.on("GET", "/decision-definitions/<key:key>")
@blueprint.gives(200, DecisionDefinitionResult)
@requires(Permission.DEFINITION_READ)
def show(key: int) -> DefinitionRow:
    """One version of a decision."""
    with reading() as uow:
        return decisions.definition(uow, key)


@blueprint.on("GET", "/decision-definitions/<key:key>/xml")
@requires(Permission.DEFINITION_READ)
def xml(key: int) -> Response:
    """The DMN file as it was deployed."""
    with reading() as uow:
        return Response(decisions.xml(uow, key), mimetype="text/xml")


@blueprint.on("POST", "/decision-definitions/evaluation")
@blueprint.takes(DecisionEvaluation)
@blueprint.gives(200, DecisionEvaluationResult)
@requires(Permission.DEFINITION_READ)
def evaluate(wanted: dict[str, Any]) -> dict[str, Any]:
    """Take a decision with the given variables. A decision that fails answers 200 with `failureMessage`."""
    with reading() as uow:
        taken = decisions.evaluate(uow, wanted["variables"], key=wanted["key"], decision_id=wanted["decision_id"] or "")
    return evaluation(taken)
