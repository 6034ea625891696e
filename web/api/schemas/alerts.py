"""Shapes of alerts, and of reports on the desk of a discipline body."""

from marshmallow import fields, validate

from engine.model.alerts import OPEN, AlertState, AlertStep, Took, Verdict
from engine.model.findings import Light, RiskLevel
from web.api.schemas.base import Anything, Instant, Key, Own, Text

MAX_LIMIT = 100
DEFAULT_LIMIT = 50
_TEXT = validate.Length(max=200)


def _one_of(words: type[AlertState] | type[AlertStep] | type[Took] | type[Verdict] | type[RiskLevel]) -> validate.OneOf:
    return validate.OneOf([word.value for word in words])


class AlertConditions(Own):
    """Which alerts; all conditions must hold. Days are those of the office, both ends included."""

    state = fields.String(
        validate=validate.OneOf([OPEN, *(state.value for state in AlertState)]),
        metadata={"description": "`open` is every state but `cleared`"},
    )
    level = fields.String(validate=_one_of(RiskLevel))
    code = fields.String(validate=_TEXT)
    name = fields.String(validate=_TEXT)
    unit = fields.String(validate=_TEXT, metadata={"description": "code of the unit of the case"})
    process_id = fields.String(validate=_TEXT)
    verdict = fields.Enum(Verdict, by_value=True)
    light = fields.Enum(
        Light, by_value=True, metadata={"description": "of open ones: red over the limit, yellow on its last day"}
    )
    raised_from = fields.Date()
    raised_until = fields.Date()
    cleared_from = fields.Date()
    cleared_until = fields.Date()
    took = fields.Enum(Took, by_value=True, metadata={"description": "days from raising to clearing, at most"})


class AlertSearch(Own):
    """A search for alerts. `after` takes the `next_cursor` of the page before."""

    filter = fields.Nested(AlertConditions, load_default=dict)
    limit = fields.Integer(load_default=DEFAULT_LIMIT, strict=True, validate=validate.Range(1, MAX_LIMIT))
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))


class AlertItem(Own):
    """An alert in a list."""

    key = Key()
    instance_key = Key()
    number = Text()
    process_name = Text()
    unit_name = Text()
    element_id = Text()
    element_name = Text()
    check_id = Text()
    code = Text()
    name = Text()
    level = Text()
    outcome = Text()
    state = Text()
    verdict = Text(allow_none=True)
    repeats = fields.Integer()
    climbed = fields.Integer()
    raised_at = Instant()
    due_at = Instant()
    overdue = fields.Boolean()


class AlertPage(Own):
    """Alerts that were found, newest first, and how many there are in all."""

    items = fields.List(fields.Nested(AlertItem))
    total = fields.Integer()
    next_cursor = Text(allow_none=True)


class HandlingItem(Own):
    """One step of an alert's life. `readable` is false once the key of the case is destroyed."""

    step = Text()
    verdict = Text(allow_none=True)
    person_name = Text()
    unit_name = Text()
    at = Instant()
    opinion = Text(attribute="text")
    readable = fields.Boolean()


class AlertResult(AlertItem):
    """One alert with its evidence and its life. `offered`: the steps that the reader may take now."""

    version = fields.Integer()
    reason = Text()
    given_reason = Text()
    clerk_name = Text()
    parameters = Anything()
    evidence = Anything()
    data_versions = Anything()
    history = fields.List(fields.Nested(HandlingItem))
    offered = fields.List(Text())
    readable = fields.Boolean()


class AlertStepRequest(Own):
    """A step. `verdict` is needed for `verify`, `opinion` for every step but `sign` and `clear`; `version` as seen."""

    step = fields.Enum(AlertStep, by_value=True, required=True)
    verdict = fields.Enum(Verdict, by_value=True, load_default=None, allow_none=True)
    opinion = fields.String(load_default="", validate=validate.Length(max=2000))
    version = fields.Integer(load_default=None, allow_none=True, strict=True)


class DeskQuery(Own):
    """Where to go on, and how many findings at most."""

    after = fields.String(load_default=None, validate=validate.Length(max=500))
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MAX_LIMIT))


class ReportResult(Own):
    """One finding that was sealed for a discipline body."""

    key = Text()
    at = Instant()
    body_name = Text()
    instance_key = Key()
    number = Text()
    process_name = Text()
    unit_name = Text()
    element_name = Text()
    acting_name = Text()
    code = Text()
    name = Text()
    outcome = Text()
    level = Text()
    reason = Text()
    parameters = Anything()
    evidence = Anything()
    data_versions = Anything()


class DeskResult(Own):
    """A page of the desk. A page may be short and yet not the last: go on while there is a `next_cursor`."""

    body_name = Text()
    items = fields.List(fields.Nested(ReportResult), attribute="reports")
    judged = fields.Integer()
    next_cursor = Text(allow_none=True)
