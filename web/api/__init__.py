"""The JSON API: `/v2` in the shapes of the Camunda 8 REST API, `/api` our own. OpenAPI 3.1 at /api/openapi.json."""

from collections.abc import Callable

from flask import Flask
from flask_smorest import Api

from engine import __version__
from web.api import (
    alerts,
    approval,
    authentication,
    completion,
    decisions,
    definitions,
    deployments,
    discipline,
    documentation,
    drafts,
    exemptions,
    expressions,
    files,
    incidents,
    indicators,
    jobs,
    messages,
    model_drafts,
    process_instances,
    tokens,
    topology,
    traces,
    user_tasks,
)
from web.api.schemas.base import OPENAPI_FIELDS, ProblemShape
from web.converters import KeyConverter

_BLUEPRINTS = (
    topology.blueprint,
    authentication.blueprint,
    deployments.blueprint,
    definitions.blueprint,
    process_instances.blueprint,
    user_tasks.blueprint,
    jobs.blueprint,
    decisions.blueprint,
    expressions.blueprint,
    messages.blueprint,
    incidents.blueprint,
    incidents.own,
    tokens.blueprint,
    drafts.blueprint,
    model_drafts.blueprint,
    completion.blueprint,
    approval.blueprint,
    traces.blueprint,
    alerts.blueprint,
    exemptions.blueprint,
    discipline.blueprint,
    files.blueprint,
    indicators.blueprint,
)


class QuietApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest without its error handler: every error is answered by `web.problems`."""

    ERROR_SCHEMA = ProblemShape
    DEFAULT_ERROR_RESPONSE_CONTENT_TYPE = "application/problem+json"

    def _register_error_handlers(self) -> None:
        return


def register(app: Flask) -> None:
    """Put the API and its description into the application."""
    app.config.update(API_TITLE="Mingjing 明镜", API_VERSION=__version__, OPENAPI_VERSION="3.1.0")
    app.config["API_SPEC_OPTIONS"] = {
        "info": {"description": "`/v2` follows the shapes of the Camunda 8 REST API 8.8; `/api` is Mingjing's own."},
        "components": {"securitySchemes": {name: {"type": "http", "scheme": name} for name in ("bearer", "basic")}},
        "security": [{"bearer": []}, {"basic": []}],
    }
    api = QuietApi(app)
    api.register_converter(KeyConverter, lambda _converter: {"type": "string", "pattern": "^[1-9][0-9]{0,18}$"})
    for field, shape in OPENAPI_FIELDS:
        api.ma_plugin.converter.add_attribute_function(_attribute_function(field, shape))
    for blueprint in _BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.register_blueprint(documentation.make(api))


def _attribute_function(field_class: type, shape: dict[str, object]) -> Callable[..., dict[str, object]]:
    def of_field(_converter: object, field: object, **_options: object) -> dict[str, object]:
        return dict(shape) if isinstance(field, field_class) else {}

    return of_field
