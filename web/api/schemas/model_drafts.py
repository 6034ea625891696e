"""Shapes of models that are being drawn."""

from marshmallow import fields, validate

from engine.service.deployment import MAX_FILE_BYTES
from engine.service.model_drafts import MAX_NAME, MAX_REASON
from web.api.schemas.base import Instant, Key, Own, Text
from web.rule_words import rule_title


class FindingResult(Own):
    """What the model gate says about a place in a file; `element` is empty for the file as a whole.

    title: the rule in the reader's language; message and cure are English.
    """

    rule = Text()
    title = fields.Function(lambda finding: rule_title(finding.rule), metadata={"type": "string"})
    severity = Text()
    element = Text(attribute="element_id")
    message = Text()
    cure = Text()


class ModelVersionResult(Own):
    """A numbered state of a draft."""

    number = fields.Integer()
    digest = Text()
    reason = Text()
    loophole = Text()
    author = Text()
    created_at = Instant()
    deployment = Key(attribute="deployment_key")


class ModelDraftResult(Own):
    """A draft with its file as text."""

    key = Key()
    kind = Text()
    name = Text()
    resource_name = Text()
    revision = fields.Integer()
    changed_by = Text()
    changed_at = Instant()
    body = Text()
    findings = fields.List(fields.Nested(FindingResult))
    versions = fields.List(fields.Nested(ModelVersionResult))


class ModelBody(Own):
    """A file as text."""

    body = fields.String(required=True, validate=validate.Length(max=MAX_FILE_BYTES))


class ModelSaving(ModelBody):
    """A file to keep, and the revision that its author saw."""

    revision = fields.Integer(required=True)
    name = fields.String(validate=validate.Length(min=1, max=MAX_NAME))


class ModelCopy(ModelBody):
    """A file to keep as a draft of its own."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=MAX_NAME))


class ModelSaved(Own):
    """The revision that was made; of a new draft its key too."""

    revision = fields.Integer()
    key = Key()


class Inspection(Own):
    """Findings, errors first within an element as the gate gives them."""

    findings = fields.List(fields.Nested(FindingResult))


class ModelVersioning(Own):
    """Why, and which loophole the change closes."""

    revision = fields.Integer(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=MAX_REASON))
    loophole = fields.String(load_default="", validate=validate.Length(max=MAX_REASON))
    deploy = fields.Boolean(load_default=False)


class DeployedResult(Own):
    """A definition that a deployment made, or found unchanged (`new` false)."""

    kind = Text()
    id = Text()
    name = Text()
    version = fields.Integer()
    new = fields.Boolean()


class ModelVersioned(Own):
    """The number that was given, and what was put into force."""

    number = fields.Integer()
    deployed = fields.List(fields.Nested(DeployedResult))
