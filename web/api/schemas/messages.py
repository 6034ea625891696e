"""Shapes of messages and signals, as in the Camunda 8 REST API 8.8."""

from marshmallow import fields, validate

from engine.service.messages import MAX_TIME_TO_LIVE_MS
from web.api.schemas.base import Camunda, Fixed, Instant, Key, Own, Text, Variables
from web.api.schemas.search import Match, PageRequest, PageResponse, SortItem
from web.api.schemas.user_tasks import TENANT

MAX_NAME = 200
MAX_CORRELATION_KEY = 500

SUBSCRIPTION_STATES = frozenset(["CORRELATED", "CREATED", "DELETED", "MIGRATED"])
"""Camunda's words. Ours are all CREATED: one that is over is in the trace."""


class MessageCorrelation(Camunda):
    """A message for whoever waits for it now."""

    name = fields.String(required=True, validate=validate.Length(1, MAX_NAME))
    correlation_key = fields.String(
        data_key="correlationKey", load_default="", allow_none=True, validate=validate.Length(max=MAX_CORRELATION_KEY)
    )
    variables = Variables(load_default=dict, allow_none=True)


class MessagePublication(MessageCorrelation):
    """A message. `timeToLive` (ms): how long it waits for somebody; `messageId`: published once under its name."""

    time_to_live = fields.Integer(
        data_key="timeToLive",
        load_default=0,
        strict=True,
        allow_none=True,
        validate=validate.Range(0, MAX_TIME_TO_LIVE_MS),
    )
    message_id = fields.String(
        data_key="messageId", load_default="", allow_none=True, validate=validate.Length(max=MAX_NAME)
    )


class MessagePublicationResult(Camunda):
    """The key of a message."""

    tenant = Fixed(TENANT, data_key="tenantId")
    key = Key(data_key="messageKey")


class MessageCorrelationResult(MessagePublicationResult):
    """The key of a message, and the process instance that it has reached."""

    instance_key = Key(data_key="processInstanceKey")


class SignalBroadcast(Camunda):
    """A signal for everybody who waits for it."""

    name = fields.String(required=True, data_key="signalName", validate=validate.Length(1, MAX_NAME))
    variables = Variables(load_default=dict, allow_none=True)


class SignalBroadcastResult(Camunda):
    """The key of a signal."""

    tenant = Fixed(TENANT, data_key="tenantId")
    key = Key(data_key="signalKey")


class MessageSubscriptionResult(Camunda):
    """A wait of a process instance for a message. The correlation key is not told: only a keyed hash of it is kept."""

    key = Key(data_key="messageSubscriptionKey")
    process_id = Text(data_key="processDefinitionId")
    definition_key = Key(data_key="processDefinitionKey")
    instance_key = Key(data_key="processInstanceKey")
    root = Key(attribute="instance_key", data_key="rootProcessInstanceKey", dump_only=True)
    element_id = Text(data_key="elementId")
    element_instance_key = Key(attribute="key", data_key="elementInstanceKey", dump_only=True)
    state = Fixed("CREATED", data_key="messageSubscriptionState")
    kind_of = Fixed("PROCESS_EVENT", data_key="messageSubscriptionType")
    began_at = Instant(data_key="lastUpdatedDate")
    name = Text(data_key="messageName")
    correlation_key = Fixed("", data_key="correlationKey")
    process_name = Text(data_key="processDefinitionName")
    definition_version = fields.Integer(data_key="processDefinitionVersion")
    tool_properties = Fixed({}, data_key="toolProperties")
    tool_name = Fixed(None, data_key="toolName")
    connector = Fixed(None, data_key="inboundConnectorType")
    tenant = Fixed(TENANT, data_key="tenantId")


class MessageSubscriptionFilter(Camunda):
    """What waits to look for. A condition that we do not know is refused."""

    class Meta:
        unknown = "raise"

    key = Match(key=True, data_key="messageSubscriptionKey")
    process_id = Match(data_key="processDefinitionId")
    definition_key = Match(key=True, data_key="processDefinitionKey")
    instance_key = Match(key=True, data_key="processInstanceKey")
    element_id = Match(data_key="elementId")
    name = Match(data_key="messageName")
    state = Match(known=SUBSCRIPTION_STATES, data_key="messageSubscriptionState")
    tenant = Match(data_key="tenantId")


class MessageSubscriptionSearch(Camunda):
    """A search for waits."""

    filter = fields.Nested(MessageSubscriptionFilter, load_default=dict)
    sort = fields.List(fields.Nested(SortItem), load_default=list, validate=validate.Length(max=1))
    page = fields.Nested(PageRequest, load_default=lambda: PageRequest().load({}))


class MessageSubscriptionSearchResult(Camunda):
    """Waits that were found."""

    items = fields.List(fields.Nested(MessageSubscriptionResult))
    page = fields.Nested(PageResponse)


class WaitResult(Own):
    """A timer, or a wait for a message or signal. `remaining`: how often a timer still fires; null: without end."""

    key = Key()
    kind = Text()
    process_id = Text()
    process_name = Text()
    definition_key = Key()
    definition_version = fields.Integer()
    element_id = Text()
    element_instance = Text()
    element_name = Text()
    name = Text()
    due_at = Instant()
    remaining = fields.Integer()
    began_at = Instant()


class WaitsResult(Own):
    """What a case waits for: timers, the next one first, then messages and signals."""

    waits = fields.List(fields.Nested(WaitResult))
