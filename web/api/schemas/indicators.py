"""Shapes of the indicator library. Numbers are text, so that no fraction is ever rounded."""

from typing import Any

from marshmallow import fields, validate

from engine.model.indicators import IndicatorKind, ValueType
from engine.service.indicators import MAX_CODE, MAX_TEXT
from engine.supervision import indicator_values
from web.api.schemas.base import Anything, Instant, Key, Own, Text

_VALUE = "number: as text; range: {low, high}; choices: list of texts; bands: list of {tier, low, high}"


class _Value(fields.Field[Any]):
    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> object:  # noqa: ARG002
        return None if value is None else indicator_values.plain(value)


class IndicatorResult(Own):
    """A version of an indicator for one scope. district: code of a unit, empty for the city."""

    code = Text()
    name = Text()
    kind = Text()
    value_type = Text()
    value = _Value(metadata={"description": _VALUE})
    unit = Text()
    law = Text()
    business_type = Text()
    district = Text()
    district_limits = _Value()
    valid_from = fields.Date()
    valid_to = fields.Date()
    version = fields.Integer(metadata={"description": "Its number in its scope; 0 until it is published"})


class DecisionResult(Own):
    """Who published or turned down a version."""

    state = Text()
    person_name = Text()
    at = Instant()
    reason = Text()


class IndicatorVersionResult(Own):
    """A version as it was proposed, with what became of it."""

    key = Key()
    state = Text()
    indicator = fields.Nested(IndicatorResult)
    reason = Text()
    proposer_name = Text()
    proposed_at = Instant()
    decision = fields.Nested(DecisionResult, allow_none=True)


class IndicatorListRow(Own):
    """An indicator with the city's value of today, null when none holds."""

    code = Text()
    name = Text()
    kind = Text()
    today = fields.Nested(IndicatorResult, allow_none=True)
    open_proposals = fields.Integer()


class IndicatorList(Own):
    """All indicators, by code."""

    indicators = fields.List(fields.Nested(IndicatorListRow))


class IndicatorVersions(Own):
    """All versions of an indicator, newest first."""

    versions = fields.List(fields.Nested(IndicatorVersionResult))


class IndicatorProposal(Own):
    """A version to propose. Nothing holds by it until somebody else publishes it."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=MAX_CODE))
    name = fields.String(required=True, validate=validate.Length(min=1, max=MAX_TEXT))
    kind = fields.Enum(IndicatorKind, by_value=True, required=True)
    value_type = fields.Enum(ValueType, by_value=True, required=True)
    value = Anything(required=True, metadata={"description": _VALUE})
    unit = fields.String(load_default="", validate=validate.Length(max=50))
    law = fields.String(required=True, validate=validate.Length(min=1, max=MAX_TEXT))
    business_type = fields.String(load_default="", validate=validate.Length(max=200))
    district = fields.String(load_default="", validate=validate.Length(max=100))
    district_limits = Anything(load_default=None, allow_none=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(load_default=None, allow_none=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=MAX_TEXT))


class IndicatorDecision(Own):
    """Publish a proposed version, or turn it down."""

    publish = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=MAX_TEXT))
