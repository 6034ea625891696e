"""Request bodies: read exactly, checked by a marshmallow schema, and refused with places and codes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar, cast

from flask import Request, request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from webargs import core
from webargs.flaskparser import FlaskParser

from engine.model.errors import Detail, Invalid
from web import json_text
from web.settings import MAX_JSON_BYTES

View = TypeVar("View", bound=Callable[..., Any])

_CODES = {
    "Missing data for required field.": "required",
    "Field may not be null.": "required",
    "Unknown field.": "unknown",
}


class ExactParser(FlaskParser):
    """webargs' parser with our JSON rules and our errors."""

    def _raw_load_json(self, req: Request) -> Any:
        found = json_body(req)
        return core.missing if found is None else found

    def handle_error(self, error: ValidationError, *_where: Any, **_options: Any) -> NoReturn:
        raise invalid(*(detail for part in _messages(error).values() for detail in details_of(part))) from error


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A blueprint of the API. The methods only give flask-smorest's decorators their types."""

    ARGUMENTS_PARSER = ExactParser()

    def on(self, method: str, path: str) -> Callable[[View], View]:
        """Answer `method` at `path`."""
        return cast(Callable[[View], View], self.route(path, methods=[method]))

    def takes(self, schema: type[Schema], *, form: bool = False, required: bool = True) -> Callable[[View], View]:
        """Give the view what the body holds: JSON, or the text fields of multipart/form-data."""
        if form:
            return cast(
                Callable[[View], View],
                self.arguments(schema, location="form", content_type="multipart/form-data"),
            )
        return cast(Callable[[View], View], self.arguments(schema(), required=required))

    def gives(self, status: int, schema: type[Schema] | None = None) -> Callable[[View], View]:
        """Answer with what the view returns, in the shape of `schema`."""
        return cast(Callable[[View], View], self.response(status, schema))

    def says(self, **description: Any) -> Callable[[View], View]:
        """More for OpenAPI."""
        return cast(Callable[[View], View], self.doc(**description))


def json_body(req: Request | None = None) -> Any:
    """The JSON body; None when there is no body. Raises Invalid when it is not JSON, or larger than 2 MiB."""
    req = req or request
    if (req.content_length or 0) > MAX_JSON_BYTES:
        raise _too_large()
    req.max_content_length = MAX_JSON_BYTES
    raw = req.get_data(cache=True)
    if not raw.strip():
        return None
    if not req.is_json:
        raise Invalid("request.not_json", "the body must be sent as application/json")
    return parsed(raw, "body")


def parsed(text: str | bytes, place: str) -> Any:
    """JSON text as values without floats. Raises Invalid naming `place`."""
    if len(text) > MAX_JSON_BYTES:
        raise _too_large()
    try:
        return json_text.loads(text)
    except json_text.JsonTextError as error:
        detail = Detail(place=place, code="json", message=str(error))
        raise Invalid("request.malformed_json", "the body is not the JSON we accept", details=[detail]) from error


def object_of(text: str, place: str) -> dict[str, Any]:
    """A JSON object in a form field; empty text gives an empty object."""
    found = parsed(text, place) if text.strip() else {}
    if not isinstance(found, dict):
        raise invalid(Detail(place=place, code="type", message="a JSON object is needed"))
    return found


def loaded(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` checked by a schema. Raises Invalid."""
    try:
        return dict(schema.load(values))
    except ValidationError as error:
        raise invalid(*details_of(_messages(error))) from error


def _messages(error: ValidationError) -> Mapping[str, Any]:
    found: Mapping[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow forgot it
    return found


def invalid(*details: Detail) -> Invalid:
    """The error for a request that can be read but has wrong fields."""
    return Invalid("request.invalid", "some fields of the request are wrong; see errors", details=details)


def details_of(messages: Any, place: str = "") -> Iterator[Detail]:
    """marshmallow's nested messages as a flat list of places (``filter.state``, ``sort[0].field``)."""
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            yield from details_of(below, _joined(place, name))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, Mapping):
            yield from details_of(message, place)
        else:
            code = _CODES.get(str(message), "invalid")
            yield Detail(place=place or "body", code=code, message=str(message), params={"reason": str(message)})


def _joined(place: str, name: object) -> str:
    if isinstance(name, int):
        return f"{place}[{name}]"
    if name == "_schema":
        return place
    return f"{place}.{name}" if place else str(name)


def _too_large() -> Invalid:
    return Invalid("request.json_too_large", "JSON may have at most 2 MiB; send files as multipart/form-data")
