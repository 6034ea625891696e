"""Shapes of incidents and of what mends them, as in the Camunda 8 REST API 8.8; `reason` is ours."""

from marshmallow import fields, validate

from engine.model.incidents import IncidentKind, IncidentRow
from web.api.schemas.base import Camunda, Fixed, Instant, Key, Own, Text, Variables
from web.api.schemas.search import Match, PageRequest, PageResponse, SortItem
from web.api.schemas.user_tasks import TENANT

ERROR_TYPES = {
    IncidentKind.JOB_FAILED: "JOB_NO_RETRIES",
    IncidentKind.EXPRESSION_FAILED: "EXTRACT_VALUE_ERROR",
    IncidentKind.ASSIGNMENT_FAILED: "UNSPECIFIED",
    IncidentKind.DECISION_MISSING: "CALLED_DECISION_ERROR",
    IncidentKind.DECISION_FAILED: "DECISION_EVALUATION_ERROR",
    IncidentKind.CALLED_PROCESS_MISSING: "CALLED_ELEMENT_ERROR",
    IncidentKind.ERROR_UNHANDLED: "UNHANDLED_ERROR_EVENT",
    IncidentKind.STEP_REFUSED: "UNSPECIFIED",
    IncidentKind.NOTHING_WAITS: "UNKNOWN",
}
"""Camunda's words for our kinds; `kind` says ours."""

OTHER_ERROR_TYPES = frozenset(
    [
        "AD_HOC_SUB_PROCESS_NO_RETRIES", "CONDITION_ERROR", "EXECUTION_LISTENER_NO_RETRIES", "FORM_NOT_FOUND",
        "IO_MAPPING_ERROR", "MESSAGE_SIZE_EXCEEDED", "RESOURCE_NOT_FOUND", "TASK_LISTENER_NO_RETRIES",
    ]
)  # fmt: skip
"""What Camunda has and we do not; asking for it finds nothing."""

STATES = frozenset(["ACTIVE", "MIGRATED", "PENDING", "RESOLVED", "UNKNOWN"])
"""Camunda's words; ours are among them, and clients may ask for any."""

_REASON = validate.Length(max=2000)


def error_type(incident: IncidentRow) -> str:
    """The kind of an incident as Camunda says it."""
    return ERROR_TYPES[incident.kind]


class IncidentResult(Camunda):
    """An incident. `kind`, `cause` and `code` are ours: what is wrong, what came, and which problem it was."""

    key = Key(data_key="incidentKey")
    error_type = fields.Function(error_type, data_key="errorType")
    reason = Text(data_key="errorMessage")
    process_id = Text(data_key="processDefinitionId")
    definition_key = Key(data_key="processDefinitionKey")
    instance_key = Key(data_key="processInstanceKey")
    root_key = Key(attribute="instance_key", data_key="rootProcessInstanceKey", dump_only=True)
    element_id = Text(data_key="elementId")
    element_instance_key = Key(attribute="place_key", data_key="elementInstanceKey", dump_only=True)
    job_key = Key(data_key="jobKey")
    created_at = Instant(data_key="creationTime")
    state = Text()
    tenant = Fixed(TENANT, data_key="tenantId")
    kind = Text()
    cause = Text()
    code = Text()
    resolved_at = Instant(data_key="resolutionTime")
    element_name = Text(data_key="elementName")
    number = Text(data_key="caseNumber")


class IncidentFilter(Camunda):
    """What incidents to look for. A condition that we do not know is refused."""

    class Meta:
        unknown = "raise"

    key = Match(key=True, data_key="incidentKey")
    error_type = Match(known=frozenset(ERROR_TYPES.values()) | OTHER_ERROR_TYPES, data_key="errorType")
    reason = Match(data_key="errorMessage")
    process_id = Match(data_key="processDefinitionId")
    definition_key = Match(key=True, data_key="processDefinitionKey")
    instance_key = Match(key=True, data_key="processInstanceKey")
    element_id = Match(data_key="elementId")
    place_key = Match(key=True, data_key="elementInstanceKey")
    job_key = Match(key=True, data_key="jobKey")
    state = Match(known=STATES)
    kind = Match(known=frozenset(IncidentKind))
    tenant = Match(data_key="tenantId")


class IncidentSearch(Camunda):
    """A search for incidents."""

    filter = fields.Nested(IncidentFilter, load_default=dict)
    sort = fields.List(fields.Nested(SortItem), load_default=list, validate=validate.Length(max=1))
    page = fields.Nested(PageRequest, load_default=lambda: PageRequest().load({}))


class IncidentSearchResult(Camunda):
    """Incidents that were found."""

    items = fields.List(fields.Nested(IncidentResult))
    page = fields.Nested(PageResponse)


class Resolution(Camunda):
    """`reason`: what was mended, for the trace."""

    reason = fields.String(load_default="", allow_none=True, validate=_REASON)


class RoutingAround(Own):
    """Variables as if the element had brought them, and why somebody says so in its place."""

    reason = fields.String(required=True, validate=_REASON)
    variables = Variables(load_default=dict, allow_none=True)


class VariableChange(Camunda):
    """Variables to set. `reason` (ours) is needed: the trace says who changed what, and why."""

    variables = Variables(required=True)
    local = fields.Boolean(load_default=False, allow_none=True)
    reason = fields.String(load_default="", allow_none=True, validate=_REASON)
