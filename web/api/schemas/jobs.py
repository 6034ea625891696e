"""Shapes of jobs, as in the Camunda 8 REST API 8.8."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from web.api.schemas.base import Anything, Camunda, Fixed, Instant, Key, Text, Variables
from web.api.schemas.search import Match, PageRequest, PageResponse, SortItem
from web.api.schemas.user_tasks import TENANT

MAX_LOCK_MS = 24 * 60 * 60 * 1000
"""A job is lent for a day at most; a worker that needs longer asks again."""

DEFAULT_PATIENCE_MS = 10_000
MAX_PATIENCE_MS = 30_000
"""How long an answer waits for a job: when the worker leaves it to us, and at most."""

JOB_STATES = frozenset(
    ["CANCELED", "COMPLETED", "CREATED", "ERROR_THROWN", "FAILED", "MIGRATED", "RETRIES_UPDATED", "TIMED_OUT"]
)
"""Camunda's words; ours are among them, and clients may ask for any."""


class Milliseconds(fields.Field[datetime]):
    """An instant as milliseconds since 1970, as Camunda's activation answers. Only ever written."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> int | None:  # noqa: ARG002
        return None if value is None else round(value.timestamp() * 1000)


class JobActivation(Camunda):
    """Ask for jobs of a type. `timeout` (ms): how long they are lent.

    `requestTimeout` (ms): how long the answer may wait for one, at most 30 s; 0: 10 s; absent or negative: not at all.
    """

    type = fields.String(required=True, validate=validate.Length(1, 200))
    worker = fields.String(load_default="", allow_none=True, validate=validate.Length(max=200))
    timeout = fields.Integer(required=True, strict=True, validate=validate.Range(1, MAX_LOCK_MS))
    maximum = fields.Integer(
        required=True, strict=True, data_key="maxJobsToActivate", validate=validate.Range(1, 100_000)
    )
    request_timeout = fields.Integer(data_key="requestTimeout", load_default=None, strict=True, allow_none=True)
    names = fields.List(fields.String(), data_key="fetchVariable", load_default=None, allow_none=True)


class ActivatedJobResult(Camunda):
    """A job that was handed out, with the variables that it sees."""

    kind = Text(attribute="job.kind", data_key="type")
    process_id = Text(attribute="job.process_id", data_key="processDefinitionId")
    definition_version = fields.Integer(attribute="job.definition_version", data_key="processDefinitionVersion")
    definition_key = Key(attribute="job.definition_key", data_key="processDefinitionKey")
    element_id = Text(attribute="job.element_id", data_key="elementId")
    headers = Anything(attribute="job.headers", data_key="customHeaders")
    worker = Text(attribute="job.worker")
    retries = fields.Integer(attribute="job.retries")
    deadline = Milliseconds(attribute="job.locked_until")
    variables = Anything()
    tenant = Fixed(TENANT, data_key="tenantId")
    key = Key(attribute="job.key", data_key="jobKey")
    instance_key = Key(attribute="job.instance_key", data_key="processInstanceKey")
    element_instance_key = Key(attribute="job.key", data_key="elementInstanceKey", dump_only=True)
    event = Fixed("UNSPECIFIED", data_key="listenerEventType")
    job_kind = Fixed("BPMN_ELEMENT", data_key="kind")
    user_task = Fixed(None, data_key="userTask")
    tags = Fixed([])
    root_key = Key(attribute="job.instance_key", data_key="rootProcessInstanceKey", dump_only=True)
    business_id = Fixed(None, data_key="businessId")
    physical_tenant = Fixed(TENANT, data_key="physicalTenantId")
    priority = Fixed(0)


class JobActivationResult(Camunda):
    """Jobs that were handed out; none is an empty list."""

    jobs = fields.List(fields.Nested(ActivatedJobResult))


class JobCompletion(Camunda):
    """The results of a job become variables, through the output mappings of its element if it has any."""

    variables = Variables(load_default=dict, allow_none=True)


class JobFailure(Camunda):
    """A job could not be done. `retries`: how often it may still be tried; 0 makes it an incident."""

    retries = fields.Integer(load_default=0, strict=True, allow_none=True, validate=validate.Range(0, 1000))
    message = fields.String(
        data_key="errorMessage", load_default="", allow_none=True, validate=validate.Length(max=10_000)
    )
    back_off_ms = fields.Integer(
        data_key="retryBackOff", load_default=0, strict=True, allow_none=True, validate=validate.Range(0, MAX_LOCK_MS)
    )


class JobError(Camunda):
    """A job ends with a BPMN error; `variables` go to the event that catches it."""

    code = fields.String(required=True, data_key="errorCode", validate=validate.Length(1, 200))
    message = fields.String(
        data_key="errorMessage", load_default="", allow_none=True, validate=validate.Length(max=10_000)
    )
    variables = Variables(load_default=dict, allow_none=True)


class JobChangeset(Camunda):
    """What to change: `retries`, or `timeout` (ms from now) of a job that is lent. null leaves it."""

    retries = fields.Integer(load_default=None, strict=True, allow_none=True, validate=validate.Range(1, 1000))
    timeout = fields.Integer(load_default=None, strict=True, allow_none=True, validate=validate.Range(1, MAX_LOCK_MS))

    @validates_schema
    def _something(self, data: Any, **_options: Any) -> None:
        if data.get("retries") is None and data.get("timeout") is None:
            raise ValidationError("Say retries or timeout.")


class JobUpdate(Camunda):
    """Change a job that is not done."""

    changeset = fields.Nested(JobChangeset, required=True)


class JobResult(Camunda):
    """A job. FAILED with no retries left is an incident."""

    key = Key(data_key="jobKey")
    kind = Text(data_key="type")
    worker = Text()
    state = Text()
    job_kind = Fixed("BPMN_ELEMENT", data_key="kind")
    event = Fixed("UNSPECIFIED", data_key="listenerEventType")
    retries = fields.Integer()
    is_denied = Fixed(None, data_key="isDenied")
    denied_reason = Fixed(None, data_key="deniedReason")
    has_retries = fields.Function(
        lambda job: job.state == "FAILED" and job.retries > 0, data_key="hasFailedWithRetriesLeft"
    )
    error_code = Fixed(None, data_key="errorCode")
    message = Text(data_key="errorMessage")
    headers = Anything(data_key="customHeaders")
    deadline = Instant(attribute="locked_until")
    ended_at = Instant(data_key="endTime")
    created_at = Instant(data_key="creationTime")
    process_id = Text(data_key="processDefinitionId")
    definition_key = Key(data_key="processDefinitionKey")
    instance_key = Key(data_key="processInstanceKey")
    element_id = Text(data_key="elementId")
    element_instance_key = Key(attribute="key", data_key="elementInstanceKey", dump_only=True)
    root_key = Key(attribute="instance_key", data_key="rootProcessInstanceKey", dump_only=True)
    business_id = Fixed(None, data_key="businessId")
    updated_at = Fixed(None, data_key="lastUpdateTime")
    priority = Fixed(0)
    tenant = Fixed(TENANT, data_key="tenantId")


class JobFilter(Camunda):
    """What jobs to look for. A condition that we do not know is refused."""

    class Meta:
        unknown = "raise"

    key = Match(key=True, data_key="jobKey")
    kind = Match(data_key="type")
    worker = Match()
    state = Match(known=JOB_STATES)
    retries = Match()
    process_id = Match(data_key="processDefinitionId")
    definition_key = Match(key=True, data_key="processDefinitionKey")
    instance_key = Match(key=True, data_key="processInstanceKey")
    element_id = Match(data_key="elementId")
    tenant = Match(data_key="tenantId")


class JobSearch(Camunda):
    """A search for jobs."""

    filter = fields.Nested(JobFilter, load_default=dict)
    sort = fields.List(fields.Nested(SortItem), load_default=list, validate=validate.Length(max=1))
    page = fields.Nested(PageRequest, load_default=lambda: PageRequest().load({}))


class JobSearchResult(Camunda):
    """Jobs that were found."""

    items = fields.List(fields.Nested(JobResult))
    page = fields.Nested(PageResponse)
