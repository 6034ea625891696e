"""Shapes of user tasks, as in the Camunda 8 REST API 8.8."""

from marshmallow import fields, validate

from web.api.schemas.base import Camunda, Fixed, Instant, Key, Text, Variables
from web.api.schemas.search import Match, PageRequest, PageResponse, SortItem

TENANT = "<default>"


USER_TASK_STATES = frozenset(
    ["CREATING", "CREATED", "ASSIGNING", "UPDATING", "COMPLETING", "COMPLETED", "CANCELING", "CANCELED", "FAILED"]
)
"""Camunda's words; ours are among them, and clients may ask for any."""


class UserTaskResult(Camunda):
    """A user task. `element_instance_key` is the user task's own key: here each visit of an element has one."""

    key = Key(data_key="userTaskKey")
    element_name = Text(data_key="name")
    state = Text()
    assignee = Text()
    element_id = Text(data_key="elementId")
    candidate_positions = fields.List(fields.String(), data_key="candidateGroups")
    candidate_users = Fixed([], data_key="candidateUsers")
    process_id = Text(data_key="processDefinitionId")
    process_name = Text(data_key="processName")
    definition_version = fields.Integer(data_key="processDefinitionVersion")
    definition_key = Key(data_key="processDefinitionKey")
    instance_key = Key(data_key="processInstanceKey")
    root_instance_key = Key(attribute="instance_key", data_key="rootProcessInstanceKey", dump_only=True)
    element_instance_key = Key(attribute="key", data_key="elementInstanceKey", dump_only=True)
    form_key = Key(data_key="formKey")
    external_form = Fixed(None, data_key="externalFormReference")
    created_at = Instant(data_key="creationDate")
    completed_at = Instant(data_key="completionDate")
    due_date = Fixed(None, data_key="dueDate")
    follow_up_date = Fixed(None, data_key="followUpDate")
    priority = Fixed(50)
    business_id = Fixed(None, data_key="businessId")
    custom_headers = Fixed({}, data_key="customHeaders")
    tags = Fixed([])
    tenant = Fixed(TENANT, data_key="tenantId")
    form_id = Text(data_key="formId")
    item_number = Text(
        data_key="itemNumber", metadata={"description": "Ours: its place in a loop, in nested loops `2.3`; else empty."}
    )
    version = fields.Integer(metadata={"description": "Ours: counts the changes of this user task."})
    number = Text(data_key="caseNumber", metadata={"description": "Ours: the number of the case."})
    unit_name = Text(data_key="unitName", metadata={"description": "Ours: the unit of the case."})


class UserTaskFilter(Camunda):
    """What user tasks to look for. A condition that we do not know is refused."""

    class Meta:
        unknown = "raise"

    state = Match(known=USER_TASK_STATES)
    assignee = Match()
    element_id = Match(data_key="elementId")
    element_name = Match(data_key="name")
    candidate_group = Match(data_key="candidateGroup")
    process_id = Match(data_key="processDefinitionId")
    definition_key = Match(key=True, data_key="processDefinitionKey")
    instance_key = Match(key=True, data_key="processInstanceKey")
    key = Match(key=True, data_key="userTaskKey")
    tenant = Match(data_key="tenantId")


class UserTaskSearch(Camunda):
    """A search for user tasks."""

    filter = fields.Nested(UserTaskFilter, load_default=dict)
    sort = fields.List(fields.Nested(SortItem), load_default=list, validate=validate.Length(max=1))
    page = fields.Nested(PageRequest, load_default=lambda: PageRequest().load({}))


class UserTaskSearchResult(Camunda):
    """User tasks that were found."""

    items = fields.List(fields.Nested(UserTaskResult))
    page = fields.Nested(PageResponse)


class UserTaskCompletion(Camunda):
    """Completing: `action` is the code of the outcome; without `variables` those of the draft are taken."""

    variables = Variables(load_default=None, allow_none=True)
    action = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))


class UserTaskAssignment(Camunda):
    """Assigning to a person by sign-in name."""

    assignee = fields.String(required=True, validate=validate.Length(min=1, max=100))
    allow_override = fields.Boolean(data_key="allowOverride", load_default=True, allow_none=True)
    action = fields.String(load_default=None, allow_none=True)


class FormResult(Camunda):
    """The form of a user task, as this reader may see it; `schema` is JSON text, as in Camunda 8."""

    form_id = Text(data_key="formId")
    form_key = Key(data_key="formKey")
    version = fields.Integer()
    schema = Text()
    tenant = Fixed(TENANT, data_key="tenantId")
