"""Shapes of our own API."""

from marshmallow import fields, validate

from web.api.schemas.base import Anything, Fixed, Instant, Key, Own, Text, Variables

MAX_OPINION = 10_000
"""Longer is refused here; the service has the limit that counts."""


class TokenRequest(Own):
    """Sign-in name and password."""

    username = fields.String(required=True, validate=validate.Length(min=1, max=200))
    password = fields.String(required=True, validate=validate.Length(min=1, max=1000), load_only=True)


class TokenResult(Own):
    """A bearer token. It is shown only now."""

    token = Text()
    token_type = Fixed("Bearer")
    expires_at = Text()


class FileResult(Own):
    """An attachment or site photo."""

    key = Key()
    kind = Text()
    code = Text()
    name = Text()
    media_type = Text()
    size_bytes = fields.Integer()
    sha256 = Text()
    uploaded_by = Text()
    uploaded_at = Instant()


class DraftRequest(Own):
    """Unfinished work to keep."""

    data = Variables(load_default=dict)
    outcome = fields.String(load_default="", validate=validate.Length(max=100))
    opinion = fields.String(load_default="", validate=validate.Length(max=MAX_OPINION))
    base = fields.AwareDateTime(
        allow_none=True,
        metadata={"description": "`saved_at` of the draft that this one replaces, null for none: another one is a 409"},
    )


class DraftResult(Own):
    """Unfinished work and prepared files."""

    data = Anything()
    outcome = Text()
    opinion = Text()
    saved_at = Instant()
    files = fields.List(fields.Nested(FileResult))


class FileUpload(Own):
    """What a file is for."""

    kind = fields.String(required=True, validate=validate.OneOf(["attachment", "photo"]))
    code = fields.String(load_default="", validate=validate.Length(max=100))
    position = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "Of a photo: where the device is, as latitude,longitude,accuracy in metres."},
    )


class Completion(Own):
    """Completing all at once. `version` is that of the user task as it was seen."""

    action = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))
    opinion = fields.String(load_default="", validate=validate.Length(max=MAX_OPINION))
    variables = Variables(load_default=None, allow_none=True)
    reasons = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=validate.Length(max=MAX_OPINION)),
        load_default=dict,
        metadata={
            "description": "By check id: why one goes on although the check stopped the step and allows a reason"
        },
    )
    version = fields.Integer(load_default=None, allow_none=True)


class WarningResult(Own):
    """A warning of a supervision gateway."""

    element_id = Text()
    element_name = Text()
    code = Text()
    name = Text()
    outcome = Text()
    level = Text()
    reason = Text()
    parameters = Anything()
    evidence = Anything()
    given_reason = Text()
    data_versions = Anything()
    exempt = Text()


class CompletionResult(Own):
    """What a completion led to."""

    instance_key = Key()
    number = Text()
    ended = fields.Boolean()
    next = fields.List(fields.String())
    warnings = fields.List(fields.Nested(WarningResult))


class FieldChangeResult(Own):
    """One form field, old and new."""

    path = Text()
    label = Text()
    old = Anything()
    new = Anything()
    readable = fields.Boolean()


class TraceEntryResult(Own):
    """One trace entry. `body` is the canonical text exactly as hashed; personal values in it are ciphertext."""

    seq = fields.Integer()
    at = Instant()
    kind = Text()
    person_name = Text()
    unit_name = Text()
    position_name = Text()
    element_id = Text()
    element_name = Text()
    outcome_code = Text()
    outcome_name = Text()
    negative = fields.Boolean()
    opinion = Text()
    changes = fields.List(fields.Nested(FieldChangeResult))
    attachments = fields.List(fields.Nested(FileResult))
    photos = fields.List(fields.Nested(FileResult))
    warnings = fields.List(fields.Nested(WarningResult))
    flows = fields.List(fields.String())
    refusal = Text()
    item_number = Text(attribute="item")
    process_name = Text()
    job_type = Text()
    message = Text()
    event_name = Text()
    due_at = Instant()
    starts = fields.Boolean()
    client = Text()
    hash = Text()
    previous_hash = Text()
    algorithm = Text()
    body = Text()


class TraceResult(Own):
    """The trace of a process instance, oldest entry first."""

    instance_key = Key()
    number = Text()
    entries = fields.List(fields.Nested(TraceEntryResult))


class VerificationResult(Own):
    """Was anything altered? `first_bad_seq` and `reason` only when it was."""

    ok = fields.Boolean()
    entries = fields.Integer()
    files = fields.Integer()
    checked_at = Instant()
    head_hash = Text()
    first_bad_seq = fields.Integer(allow_none=True)
    reason = Text()
