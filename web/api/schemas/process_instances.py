"""Shapes of process instances, as in the Camunda 8 REST API 8.8."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from engine.model.views import InstanceState
from engine.service.lifecycle import MAX_REASON
from web.api.schemas.base import Camunda, Fixed, Instant, Key, Text, Variables
from web.api.schemas.search import Match, PageRequest, PageResponse, SortItem
from web.api.schemas.user_tasks import TENANT


class ProcessInstanceCreation(Camunda):
    """Start the newest version of `processDefinitionId`, or exactly `processDefinitionKey`."""

    process_id = fields.String(data_key="processDefinitionId", load_default=None, validate=validate.Length(max=200))
    definition_key = Key(data_key="processDefinitionKey", load_default=None)
    version = fields.Integer(data_key="processDefinitionVersion", load_default=-1, allow_none=True)
    variables = Variables(load_default=dict)
    start_instructions = fields.List(fields.Dict(), data_key="startInstructions", load_default=list, allow_none=True)
    await_completion = fields.Boolean(data_key="awaitCompletion", load_default=False)

    @validates_schema
    def _one_of_two(self, data: dict[str, Any], **_options: Any) -> None:
        if (data["process_id"] is None) == (data["definition_key"] is None):
            raise ValidationError("Give processDefinitionId or processDefinitionKey.", "processDefinitionId")
        if data["version"] not in (None, -1):
            message = "Only -1, the newest version; for another one give its processDefinitionKey."
            raise ValidationError(message, "processDefinitionVersion")
        if data["start_instructions"]:
            raise ValidationError("Starting in the middle of a process is not offered.", "startInstructions")
        if data["await_completion"]:
            raise ValidationError("Waiting for the end is not offered.", "awaitCompletion")


class ProcessInstanceCreated(Camunda):
    """A process instance that was started. Variables may hold personal data and are not echoed."""

    key = Key(data_key="processInstanceKey")
    process_id = Text(data_key="processDefinitionId")
    definition_key = Key(data_key="processDefinitionKey")
    definition_version = fields.Integer(data_key="processDefinitionVersion")
    number = Text(data_key="caseNumber")
    variables = Fixed({})
    tags = Fixed([])
    business_id = Fixed(None, data_key="businessId")
    tenant = Fixed(TENANT, data_key="tenantId")


class ProcessInstanceResult(Camunda):
    """A process instance."""

    key = Key(data_key="processInstanceKey")
    root_key = Key(attribute="key", data_key="rootProcessInstanceKey", dump_only=True)
    process_id = Text(data_key="processDefinitionId")
    process_name = Text(data_key="processDefinitionName")
    definition_version = fields.Integer(data_key="processDefinitionVersion")
    version_tag = Fixed(None, data_key="processDefinitionVersionTag")
    definition_key = Key(data_key="processDefinitionKey")
    parent_key = Fixed(None, data_key="parentProcessInstanceKey")
    parent_element_key = Fixed(None, data_key="parentElementInstanceKey")
    started_at = Instant(data_key="startDate")
    ended_at = Instant(data_key="endDate")
    state = Text()
    suspended_at = Instant(data_key="suspendedDate")
    has_incident = fields.Boolean(data_key="hasIncident")
    tags = Fixed([])
    business_id = Fixed(None, data_key="businessId")
    tenant = Fixed(TENANT, data_key="tenantId")
    number = Text(data_key="caseNumber", metadata={"description": "Ours: the number of the case."})
    unit_name = Text(data_key="unitName", metadata={"description": "Ours: the unit of the case."})
    level = Text(data_key="riskLevel", metadata={"description": "Ours: the highest risk level so far."})
    current = fields.List(fields.String(), data_key="currentElements")


class ProcessInstanceOperation(Camunda):
    """Suspend, resume or cancel. Camunda's clients give no reason; give one whenever a person decided it."""

    reference = fields.Integer(
        data_key="operationReference",
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 2**63 - 1),
        metadata={"description": "A number of the caller's, kept in the trace."},
    )
    reason = fields.String(
        load_default="",
        allow_none=True,
        validate=validate.Length(max=MAX_REASON),
        metadata={"description": "Ours: why, for the trace."},
    )


class ProcessInstanceFilter(Camunda):
    """What process instances to look for. A condition that we do not know is refused."""

    class Meta:
        unknown = "raise"

    key = Match(key=True, data_key="processInstanceKey")
    process_id = Match(data_key="processDefinitionId")
    process_name = Match(data_key="processDefinitionName")
    definition_version = Match(data_key="processDefinitionVersion")
    definition_key = Match(key=True, data_key="processDefinitionKey")
    state = Match(known=frozenset(InstanceState))
    tenant = Match(data_key="tenantId")
    number = Match(data_key="caseNumber")


class ProcessInstanceSearch(Camunda):
    """A search for process instances."""

    filter = fields.Nested(ProcessInstanceFilter, load_default=dict)
    sort = fields.List(fields.Nested(SortItem), load_default=list, validate=validate.Length(max=1))
    page = fields.Nested(PageRequest, load_default=lambda: PageRequest().load({}))


class ProcessInstanceSearchResult(Camunda):
    """Process instances that were found."""

    items = fields.List(fields.Nested(ProcessInstanceResult))
    page = fields.Nested(PageResponse)
