"""Small makers of forms and shorthands for judging data."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from engine.forms import schema
from engine.forms.schema import FormSchema
from engine.model.definitions import FieldAccess
from engine.model.errors import Invalid, Refused

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def raw_form(*components: Mapping[str, object], **more: object) -> bytes:
    numbered = [{"id": f"c{n}", **component} for n, component in enumerate(components)]
    return json.dumps({"id": "form", "type": "default", "schemaVersion": 19, "components": numbered, **more}).encode()


def form_of(*components: Mapping[str, object]) -> FormSchema:
    return schema.parse(raw_form(*components), resource="f.form")


def clean(
    form: FormSchema,
    data: Mapping[str, object],
    existing: Mapping[str, object] | None = None,
    access: Mapping[str, FieldAccess] | None = None,
) -> dict[str, object]:
    return schema.validate(form, data, existing=existing or {}, access=access or {}, now=NOW)


def faults(
    form: FormSchema,
    data: Mapping[str, object],
    existing: Mapping[str, object] | None = None,
    access: Mapping[str, FieldAccess] | None = None,
) -> dict[str, str]:
    """place → code of every detail; empty when the data are right."""
    try:
        clean(form, data, existing, access)
    except (Invalid, Refused) as error:
        return {detail.place: detail.code for detail in error.details}
    return {}
