"""Fields and bases that all shapes share."""

from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields

from web.converters import MAX_KEY
from web.json_text import instant


class Own(Schema):
    """Our own API: a field that we do not know is a mistake to tell of."""

    class Meta:
        unknown = RAISE


class Camunda(Schema):
    """The Camunda-shaped API: its clients send more than we know, and that is ignored."""

    class Meta:
        unknown = EXCLUDE


class Key(fields.Field[int]):
    """A key: an integer inside, a string of digits outside. A JSON integer is accepted too."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002
        return None if value is None else str(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ARG002
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) <= MAX_KEY:
            raise ValidationError("A key is a positive whole number in a string.")
        return int(text)


class Instant(fields.Field[datetime]):
    """An aware instant, written in UTC with Z. Only ever written."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002
        return None if value is None else instant(value)


class Text(fields.String):
    """Text, or the value of a StrEnum."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002
        return None if value is None else str(value)


class Variables(fields.Field[Any]):
    """A JSON object of any content. Numbers with a fraction have come in as Decimal."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ARG002
        if not isinstance(value, dict):
            raise ValidationError("A JSON object is needed.")
        return value


class Fixed(fields.Constant):  # type: ignore[type-arg]  # generic for type checkers only
    """Always the same value: what Camunda has and we do not."""


class Anything(fields.Raw):
    """Any JSON value, written as it is."""


def documented(field_class: type[fields.Field[Any]], **schema: Any) -> tuple[type[fields.Field[Any]], dict[str, Any]]:
    """A field class with its JSON schema, for OpenAPI."""
    return field_class, schema


OPENAPI_FIELDS = (
    documented(Key, type="string", pattern=r"^[1-9][0-9]{0,18}$", example="2251799813685249"),
    documented(Instant, type="string", format="date-time"),
    documented(Variables, type="object", additionalProperties=True),
)


class ProblemItem(Own):
    """One place where input is wrong."""

    place = Text()
    code = Text()
    message = Text()


class ProblemShape(Own):
    """RFC 9457 problem details, with our stable code."""

    type = Text()
    title = Text()
    status = fields.Integer()
    detail = Text()
    code = Text()
    instance = Text()
    command_id = Text()
    errors = fields.List(fields.Nested(ProblemItem))
