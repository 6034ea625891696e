"""The description of the API, health, metrics and logs."""

import json
from typing import Any

from flask import Flask


def test_the_description_is_openapi_3_1(app: Flask) -> None:
    """Every route of the API is described, with its operations, and every reference resolves."""
    text = app.test_client().get("/api/openapi.json").get_data(as_text=True)
    described: Any = json.loads(text)
    assert described["openapi"].startswith("3.1")
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/v2/", "/api/")) and not rule.endpoint.startswith("documentation."):
            path = rule.rule.replace("<key:", "{").replace("<", "{").replace(">", "}")
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert method.lower() in described["paths"][path], (method, path)
    for part in text.split('"$ref": "')[1:]:
        place: Any = described
        for step in part.split('"')[0].removeprefix("#/").split("/"):
            place = place[step]


def test_keys_are_described_as_strings(app: Flask) -> None:
    """Clients in JavaScript would lose digits of a bigint."""
    described: Any = json.loads(app.test_client().get("/api/openapi.json").get_data(as_text=True))
    key = described["components"]["schemas"]["UserTaskResult"]["properties"]["userTaskKey"]
    assert key["type"] == "string"


def test_the_page_lists_every_operation(app: Flask) -> None:
    """/api/docs needs no script."""
    page = app.test_client().get("/api/docs").get_data(as_text=True)
    assert "/v2/user-tasks/{key}/completion" in page
    assert "<script" not in page


def test_ready_when_the_database_is_migrated(app: Flask) -> None:
    """/readyz is 200 on a migrated database."""
    assert app.test_client().get("/readyz").status_code == 200


def test_not_ready_without_a_database(settings: Any) -> None:
    """/readyz is 503 with Retry-After while /healthz stays 200; a page says so too."""
    from web.factory import create_app
    from web.settings import Settings

    values = {name: getattr(settings, name) for name in Settings.__slots__}
    nowhere = "postgresql://nobody:none@127.0.0.1:1/nothing"
    client = create_app(Settings(**{**values, "database_url": nowhere})).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (503, "database.unavailable")
    assert answer.headers["Retry-After"]
    with client.session_transaction() as session:
        session["person"], session["epoch"] = 1, 1
    page = client.get("/")
    assert page.status_code == 503
    assert page.mimetype == "text/html"


def test_metrics_count_requests_and_commands(app: Flask, api: Any) -> None:
    """Durations by endpoint and commands by code are there."""
    api("lin").post("/v2/process-instances", {"processDefinitionId": "none"})
    text = app.test_client().get("/metrics").get_data(as_text=True)
    assert 'mingjing_http_request_seconds_count{endpoint="api_process_instances.create"' in text
    assert 'mingjing_commands_total{code="process_definition.not_found"' in text


def test_a_request_is_logged_without_personal_data(api: Any, capsys: Any) -> None:
    """One line with ids, codes and times; no name, query, body or token."""
    program = api("lin")
    capsys.readouterr()
    program.post("/v2/process-instances?secret=query", {"processDefinitionId": "none", "variables": {"who": "王小明"}})
    logged = capsys.readouterr().out
    assert "api_process_instances.create" in logged
    assert "process_definition.not_found" in logged
    for private in ("王小明", "query", program.token, "林晓燕"):
        assert private not in logged


def test_health_checks_are_not_logged(app: Flask, capsys: Any) -> None:
    """Load balancers ask every second."""
    app.test_client().get("/healthz")
    assert capsys.readouterr().out == ""
