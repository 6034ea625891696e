"""Shapes of the verbs of approval."""

from marshmallow import fields, validate

from web.api.schemas.base import Instant, Own, Text
from web.api.schemas.own import MAX_OPINION

_OPINION = validate.Length(max=MAX_OPINION)
_NAME = validate.Length(min=1, max=200)


class _Verb(Own):
    opinion = fields.String(load_default="", validate=_OPINION, metadata={"description": "kept in the trace"})


class _Held(_Verb):
    version = fields.Integer(load_default=None, allow_none=True, metadata={"description": "of the task, as seen"})


class SendBackRequest(_Held):
    """To which earlier user task, and whether straight back to this one afterwards."""

    target = fields.String(required=True, validate=_NAME, metadata={"description": "element id, or `initiator`"})
    direct = fields.Boolean(load_default=False)


class WithdrawRequest(_Verb):
    """Take one's own finished task back."""


class HandOverRequest(_Held):
    """To whom, by sign-in name."""

    person = fields.String(required=True, validate=_NAME)


class SignersRequest(_Held):
    """Who is asked, by sign-in names."""

    people = fields.List(fields.String(validate=_NAME), required=True, validate=validate.Length(min=1, max=50))


class SignRequest(_Held):
    """The opinion that one was asked for."""

    agree = fields.Boolean(required=True)


class RemoveSignRequest(_Verb):
    """Why the signer is not needed any more."""


class UrgeRequest(_Verb):
    """What to tell them."""


class UrgeResult(Own):
    """How many open tasks were urged."""

    urged = fields.Integer()


class CopiesRequest(_Verb):
    """Who is to follow the case, by sign-in names."""

    people = fields.List(fields.String(validate=_NAME), required=True, validate=validate.Length(min=1, max=100))


class CopiesResult(Own):
    """How many people follow the case that did not before."""

    copied = fields.Integer()


class CopyResult(Own):
    """Who follows a case. read_at: null as long as they have not opened it."""

    name = Text()
    username = Text()
    by_name = Text()
    sent_at = Instant()
    read_at = Instant()


class CopyList(Own):
    """Everybody who follows a case."""

    copies = fields.List(fields.Nested(CopyResult))
