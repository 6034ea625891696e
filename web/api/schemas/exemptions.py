"""Shapes of exemptions and suppressions."""

from marshmallow import fields, validate

from engine.model.exemptions import ExemptionKind, ExemptionScope
from engine.service.exemptions import MAX_TEXT
from web.api.schemas.base import Instant, Key, Own, Text

_SHORT = validate.Length(max=200)


class ExemptionItem(Own):
    """One of the list. open: it holds today. used: findings that had no consequence by it."""

    key = Key()
    kind = fields.Enum(ExemptionKind, by_value=True)
    code = Text()
    check_id = Text()
    scope = fields.Enum(ExemptionScope, by_value=True)
    number = Text()
    process_id = Text()
    unit_name = Text()
    reason = Text()
    until = fields.Date()
    person_name = Text()
    created_at = Instant()
    ended_at = Instant(allow_none=True)
    ended_by_name = Text()
    used = fields.Integer()
    open = fields.Boolean()


class ExemptionList(Own):
    """What holds first, then the newest; 200 at most."""

    exemptions = fields.List(fields.Nested(ExemptionItem))


class ExemptionGrant(Own):
    """One to grant. number: for the scope `case`; unit: a code, one's own without; processId: for `business`."""

    kind = fields.Enum(ExemptionKind, by_value=True, required=True)
    code = fields.String(required=True, validate=validate.Length(min=1, max=20))
    check_id = fields.String(load_default="", validate=_SHORT)
    scope = fields.Enum(ExemptionScope, by_value=True, required=True)
    number = fields.String(load_default="", validate=validate.Length(max=60))
    unit = fields.String(load_default="", validate=_SHORT)
    process_id = fields.String(load_default="", validate=_SHORT)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=MAX_TEXT))
    until = fields.Date(required=True, metadata={"description": "the last day, at most a year away"})
