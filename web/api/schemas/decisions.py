"""Shapes of decisions and expressions, as in the Camunda 8 REST API."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from engine.service.decisions import Taken
from engine.store.definitions import DefinitionRow
from web import json_text
from web.api.schemas.base import Anything, Camunda, Fixed, Key, Text, Variables
from web.api.schemas.search import Match, PageRequest, PageResponse, SortItem
from web.api.schemas.user_tasks import TENANT

MAX_EXPRESSION = 10_000


class DecisionDefinitionResult(Camunda):
    """A version of a decision. The requirements around it have no versions of their own here: they are its file's."""

    key = Key(data_key="decisionDefinitionKey")
    id = Text(data_key="decisionDefinitionId")
    name = Text()
    version = fields.Integer()
    requirements_id = Text(attribute="id", data_key="decisionRequirementsId", dump_only=True)
    requirements_key = Key(attribute="key", data_key="decisionRequirementsKey", dump_only=True)
    requirements_name = Text(attribute="name", data_key="decisionRequirementsName", dump_only=True)
    requirements_version = fields.Integer(attribute="version", data_key="decisionRequirementsVersion", dump_only=True)
    resource_name = Text(data_key="resourceName", metadata={"description": "Ours: the file it came in."})
    tenant = Fixed(TENANT, data_key="tenantId")


class DecisionDefinitionFilter(Camunda):
    """What decision definitions to look for. A condition that we do not know is refused."""

    class Meta:
        unknown = "raise"

    key = Match(key=True, data_key="decisionDefinitionKey")
    id = Match(data_key="decisionDefinitionId")
    name = Match()
    version = Match()
    tenant = Match(data_key="tenantId")


class DecisionDefinitionSearch(Camunda):
    """A search for decision definitions."""

    filter = fields.Nested(DecisionDefinitionFilter, load_default=dict)
    sort = fields.List(fields.Nested(SortItem), load_default=list, validate=validate.Length(max=1))
    page = fields.Nested(PageRequest, load_default=lambda: PageRequest().load({}))


class DecisionDefinitionSearchResult(Camunda):
    """Decision definitions that were found."""

    items = fields.List(fields.Nested(DecisionDefinitionResult))
    page = fields.Nested(PageResponse)


class DecisionEvaluation(Camunda):
    """Take the newest version of `decisionDefinitionId`, or exactly `decisionDefinitionKey`."""

    decision_id = fields.String(data_key="decisionDefinitionId", load_default=None, validate=validate.Length(max=200))
    key = Key(data_key="decisionDefinitionKey", load_default=None)
    variables = Variables(load_default=dict)

    @validates_schema
    def _one_of_two(self, data: dict[str, Any], **_options: Any) -> None:
        if (data["decision_id"] is None) == (data["key"] is None):
            raise ValidationError("Give decisionDefinitionId or decisionDefinitionKey.", "decisionDefinitionId")


class DecisionEvaluationResult(Camunda):
    """The answer of a decision; `output` is JSON text. `matchedRules` are those of its own table."""

    decision_id = Text(data_key="decisionDefinitionId")
    key = Key(data_key="decisionDefinitionKey")
    name = Text(data_key="decisionDefinitionName")
    version = fields.Integer(data_key="decisionDefinitionVersion")
    evaluation_key = Key(data_key="decisionEvaluationKey")
    instance_key = Key(attribute="evaluation_key", data_key="decisionInstanceKey", dump_only=True)
    requirements_id = Text(attribute="decision_id", data_key="decisionRequirementsId", dump_only=True)
    requirements_key = Key(attribute="key", data_key="decisionRequirementsKey", dump_only=True)
    evaluated = Anything(data_key="evaluatedDecisions")
    failed_id = Text(data_key="failedDecisionDefinitionId")
    failure = Text(data_key="failureMessage")
    output = Text()
    tenant = Fixed(TENANT, data_key="tenantId")


def evaluation(taken: Taken) -> dict[str, Any]:
    """An answer in Camunda's shape. What a decision required is not listed apart."""
    found, result = taken.definition, taken.result
    failed = bool(result.errors)
    return {
        "decision_id": found.id,
        "key": found.key,
        "name": found.name,
        "version": found.version,
        "evaluation_key": taken.key,
        "evaluated": [] if failed else [_evaluated(taken, found)],
        "failed_id": found.id if failed else None,
        "failure": "; ".join(result.errors) if failed else None,
        "output": json_text.dumps(result.value),
    }


def _evaluated(taken: Taken, found: DefinitionRow) -> dict[str, Any]:
    own = taken.result.own
    inputs = taken.result.inputs
    return {
        "decisionDefinitionId": found.id,
        "decisionDefinitionName": found.name,
        "decisionDefinitionVersion": found.version,
        "decisionDefinitionKey": str(found.key),
        "decisionDefinitionType": "DECISION_TABLE" if own is not None else "LITERAL_EXPRESSION",
        "decisionEvaluationInstanceKey": f"{taken.key}-1",
        "output": json_text.dumps(taken.result.value),
        "tenantId": TENANT,
        "matchedRules": [{"ruleId": str(n), "ruleIndex": n, "evaluatedOutputs": []} for n in taken.result.matched],
        "evaluatedInputs": [
            {"inputId": name, "inputName": name, "inputValue": json_text.dumps(value)} for name, value in inputs.items()
        ],
    }


class ExpressionEvaluation(Camunda):
    """FEEL over `variables` alone; the variables of a case (`scopeKey`) are not read here."""

    expression = fields.String(required=True, validate=validate.Length(1, MAX_EXPRESSION))
    variables = Variables(load_default=dict, allow_none=True)
    scope = fields.String(data_key="scopeKey", load_default=None, allow_none=True)

    @validates_schema
    def _no_scope(self, data: dict[str, Any], **_options: Any) -> None:
        if data["scope"] is not None:
            raise ValidationError("The variables of a case are not read here; send them in variables.", "scopeKey")


class ExpressionEvaluationResult(Camunda):
    """The value of an expression."""

    expression = Text()
    result = Anything()
    warnings = Fixed([])
    secrets = Fixed([], data_key="referencedSecrets")
