"""/api/openapi.json, and /api/docs: a plain page that lists every operation, without any script."""

from typing import Any

from flask import Blueprint, Response, render_template
from flask_smorest import Api

from web import json_text
from web.auth import public


def make(api: Api) -> Blueprint:
    """A blueprint over the description that `api` has gathered."""
    blueprint = Blueprint("documentation", __name__, url_prefix="/api", template_folder="templates")

    @blueprint.get("/openapi.json")
    @public
    def openapi() -> Response:
        """The description of the API in OpenAPI 3.1."""
        return Response(json_text.dumps(api.spec.to_dict()), mimetype="application/json")

    @blueprint.get("/docs")
    @public
    def docs() -> str:
        """The same for people."""
        described = api.spec.to_dict()
        return render_template("api/docs.html", groups=_groups(described), info=described["info"])

    return blueprint


def _groups(described: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in described.get("tags", [])}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            entry = {
                "method": method.upper(),
                "path": path,
                "summary": operation.get("summary", ""),
                "description": operation.get("description", ""),
                "statuses": sorted(status for status in operation.get("responses", {}) if status != "default"),
            }
            groups.setdefault((operation.get("tags") or [""])[0], []).append(entry)
    return groups
