"""Every error answer has one shape, a stable code, and tells nothing internal."""

from typing import Any

import pytest

SHAPE = {"type", "title", "status", "detail", "code", "instance", "command_id", "errors"}


def _checked(answer, status: int, code: str) -> dict[str, object]:  # type: ignore[no-untyped-def]
    body: dict[str, object] = answer.get_json(force=True)
    assert answer.mimetype == "application/problem+json"
    assert set(body) == SHAPE
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["type"] == f"urn:mingjing:problem:{code}"
    assert body["command_id"] == answer.headers["X-Command-Id"]
    return body


def test_an_unknown_address(api) -> None:  # type: ignore[no-untyped-def]
    """404 in the one shape."""
    _checked(api("lin").get("/v2/nothing"), 404, "http.404")


def test_a_method_that_is_not_offered(api) -> None:  # type: ignore[no-untyped-def]
    """405 names the methods that are."""
    answer = api("lin")("DELETE", "/v2/topology")
    _checked(answer, 405, "http.405")
    assert "GET" in answer.headers["Allow"]


def test_text_that_is_not_json(api) -> None:  # type: ignore[no-untyped-def]
    """400 with the place in the text."""
    answer = api("lin")("POST", "/v2/process-instances", data="{", content_type="application/json")
    body = _checked(answer, 400, "request.malformed_json")
    assert body["errors"]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": NaN}',
        '{"a": 1, "a": 2}',
        '{"a": 1e999999999}',
        '{"a": "\\u0000"}',
        '{"a": "\\ud800"}',
        "[" * 5000,
        b"\xff",
        '{"a": ' + "9" * 5000 + "}",
    ],
)
def test_json_that_two_readers_could_read_differently(api, text: str | bytes) -> None:  # type: ignore[no-untyped-def]
    """Doubled names, NaN, endless numbers and nesting, NUL and half characters are refused, not stored."""
    answer = api("lin")("POST", "/v2/process-instances", data=text, content_type="application/json")
    _checked(answer, 400, "request.malformed_json")


def test_a_body_of_another_type(api) -> None:  # type: ignore[no-untyped-def]
    """415 for a body that is not JSON."""
    answer = api("lin")("POST", "/v2/process-instances", data="a=1", content_type="text/plain")
    _checked(answer, 415, "request.not_json")


def test_json_that_is_too_large(api) -> None:  # type: ignore[no-untyped-def]
    """413 for more than two mebibytes of JSON."""
    text = '{"a": "' + "x" * (2 * 1024 * 1024) + '"}'
    answer = api("lin")("POST", "/v2/process-instances", data=text, content_type="application/json")
    _checked(answer, 413, "request.json_too_large")


def test_fields_that_are_wrong_are_named(api) -> None:  # type: ignore[no-untyped-def]
    """422 with a place and a code for each."""
    answer = api("lin")("PUT", "/api/user-tasks/1/draft", json={"data": 5, "surprise": 1})
    body = _checked(answer, 422, "request.invalid")
    errors: Any = body["errors"]
    assert {(e["place"], e["code"]) for e in errors} == {("data", "invalid"), ("surprise", "unknown")}


def test_unknown_fields_are_ignored_in_v2(api) -> None:  # type: ignore[no-untyped-def]
    """Camunda's clients send more than we know."""
    answer = api("lin").post("/v2/user-tasks/search", {"somethingNew": True, "page": {"limit": 1, "more": 2}})
    assert answer.status_code == 200


def test_a_filter_that_we_do_not_know_is_refused(api) -> None:  # type: ignore[no-untyped-def]
    """An ignored condition would find too much."""
    answer = api("lin").post("/v2/user-tasks/search", {"filter": {"followUpDate": "2026-01-01"}})
    body = _checked(answer, 422, "request.invalid")
    assert body["errors"][0]["place"] == "filter.followUpDate"  # type: ignore[index]


def test_a_malformed_idempotency_key(api) -> None:  # type: ignore[no-untyped-def]
    """The header is named as the place."""
    answer = api("lin").post("/v2/process-instances", {"processDefinitionId": "dibao"}, key="short")
    body = _checked(answer, 422, "command.id")
    assert body["errors"][0]["place"] == "Idempotency-Key"  # type: ignore[index]


def test_a_key_beyond_bigint_is_an_unknown_address(api) -> None:  # type: ignore[no-untyped-def]
    """No number in an address overflows the database."""
    _checked(api("lin").get("/v2/user-tasks/9223372036854775808"), 404, "http.404")


def test_a_missing_right_names_the_permission(api) -> None:  # type: ignore[no-untyped-def]
    """403 in the one shape."""
    body = _checked(api("lin")("POST", "/v2/deployments", data={}), 403, "access.not_allowed")
    assert "deployment.create" in str(body["detail"])


def test_our_own_faults_leak_nothing(app) -> None:  # type: ignore[no-untyped-def]
    """500 says only under which id the fault was noted."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/test-doors/fault")
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    assert "310101199001011234" not in text
    assert "RuntimeError" not in text
    assert answer.headers["X-Command-Id"] in text


def test_faults_are_logged_without_values(app, capsys) -> None:  # type: ignore[no-untyped-def]
    """The log names the type of the fault and places in the code, never the message."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.test_client().get("/test-doors/fault")
    logged = capsys.readouterr().out
    assert "RuntimeError" in logged
    assert "310101199001011234" not in logged


def test_a_page_gets_a_page(app) -> None:  # type: ignore[no-untyped-def]
    """A browser is answered in HTML, with the code and the id to quote."""
    answer = app.test_client().get("/nothing-here")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "http.404" in answer.get_data(as_text=True)


def test_the_detail_is_in_the_reader_s_language(app) -> None:  # type: ignore[no-untyped-def]
    """Accept-Language decides for API clients."""
    english = app.test_client().get("/v2/topology", headers={"Accept-Language": "en"}).get_json(force=True)
    assert english["title"] == "Sign in first"


def test_a_nul_in_the_query_is_refused(app) -> None:  # type: ignore[no-untyped-def]
    """PostgreSQL could not store it; nobody means it."""
    assert app.test_client().get("/api/docs?a=%00").status_code == 422
