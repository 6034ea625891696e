"""Shapes of deployments and process definitions, as in the Camunda 8 REST API 8.8."""

from typing import Any

from marshmallow import fields, validate

from engine.model.commands import Deployed, DeployedDefinition
from web.api.schemas.base import Anything, Camunda, Fixed, Key, Text
from web.api.schemas.search import Match, PageRequest, PageResponse, SortItem
from web.api.schemas.user_tasks import TENANT


class DeploymentResult(Camunda):
    """A deployment: each item has exactly one of its kinds filled. `warnings` is ours."""

    key = Key(data_key="deploymentKey")
    tenant = Fixed(TENANT, data_key="tenantId")
    deployments = fields.List(Anything())
    warnings = fields.List(fields.String())


def deployment(deployed: Deployed) -> dict[str, Any]:
    """A deployment in Camunda's shape."""
    items = [_item(definition) for definition in deployed.definitions]
    return {"key": deployed.key, "deployments": items, "warnings": list(deployed.warnings)}


def _item(definition: DeployedDefinition) -> dict[str, Any]:
    empty = dict.fromkeys(("processDefinition", "decisionDefinition", "decisionRequirements", "form", "resource"))
    common = {"resourceName": definition.resource_name, "tenantId": TENANT}
    key, version = str(definition.key), definition.version
    match definition.kind:
        case "process":
            body = {"processDefinitionId": definition.id, "processDefinitionVersion": version, **common}
            return empty | {"processDefinition": body | {"processDefinitionKey": key}}
        case "decision":
            body = {"decisionDefinitionId": definition.id, "version": version, "name": definition.name, **common}
            requirements = {"decisionRequirementsId": definition.id, "decisionRequirementsKey": key}
            return empty | {"decisionDefinition": body | requirements | {"decisionDefinitionKey": key}}
        case _:
            body = {"formId": definition.id, "version": version, **common}
            return empty | {"form": body | {"formKey": key}}


class ProcessDefinitionResult(Camunda):
    """A version of a process."""

    key = Key(data_key="processDefinitionKey")
    name = Text()
    resource_name = Text(data_key="resourceName")
    version = fields.Integer()
    version_tag = Fixed(None, data_key="versionTag")
    id = Text(data_key="processDefinitionId")
    state = Fixed("ACTIVE")
    has_start_form = Fixed(False, data_key="hasStartForm")
    tenant = Fixed(TENANT, data_key="tenantId")


class ProcessDefinitionFilter(Camunda):
    """What process definitions to look for. A condition that we do not know is refused."""

    class Meta:
        unknown = "raise"

    key = Match(data_key="processDefinitionKey")
    id = Match(data_key="processDefinitionId")
    name = Match()
    resource_name = Match(data_key="resourceName")
    version = Match()
    tenant = Match(data_key="tenantId")
    latest = fields.Boolean(data_key="isLatestVersion")


class ProcessDefinitionSearch(Camunda):
    """A search for process definitions."""

    filter = fields.Nested(ProcessDefinitionFilter, load_default=dict)
    sort = fields.List(fields.Nested(SortItem), load_default=list, validate=validate.Length(max=1))
    page = fields.Nested(PageRequest, load_default=lambda: PageRequest().load({}))


class ProcessDefinitionSearchResult(Camunda):
    """Process definitions that were found."""

    items = fields.List(fields.Nested(ProcessDefinitionResult))
    page = fields.Nested(PageResponse)
