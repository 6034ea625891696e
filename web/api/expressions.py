"""POST /v2/expression/evaluation: try a FEEL expression, as the engine would evaluate it."""

from typing import Any

from engine.model.actors import Permission
from engine.service import expressions
from web.api.parsing import ApiBlueprint
from web.api.schemas.decisions import ExpressionEvaluation, ExpressionEvaluationResult
from web.auth import requires
from web.db import reading

blueprint = ApiBlueprint("api_expressions", __name__, url_prefix="/v2", description="Expressions")


@blueprint.on("POST", "/expression/evaluation")
@blueprint.takes(ExpressionEvaluation)
@blueprint.gives(200, ExpressionEvaluationResult)
@requires(Permission.DEFINITION_READ)
def evaluate(wanted: dict[str, Any]) -> dict[str, Any]:
    """The value of an expression over the given variables."""
    with reading() as uow:
        value = expressions.evaluate(uow, wanted["expression"], wanted["variables"] or {})
    return {"expression": wanted["expression"], "result": value}
