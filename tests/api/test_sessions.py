"""Sessions, CSRF, bearer tokens, cookies and headers."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest

from engine.model.actors import Client
from engine.service import people
from web import db
from web.auth import local_path
from web.factory import create_app
from web.settings import Settings


def test_a_session_cookie_is_guarded(browser) -> None:  # type: ignore[no-untyped-def]
    """The cookie is HttpOnly and SameSite=Lax and ends after eight idle hours."""
    window, _ = browser()
    answer = window.post("/test-doors/sign-in", data={"username": "lin"})
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["mingjing"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["expires"]
    assert window.application.permanent_session_lifetime == timedelta(hours=8)


def test_signing_in_renews_the_session(browser) -> None:  # type: ignore[no-untyped-def]
    """Nothing that was in the session before signing in is there afterwards (fixation)."""
    window, _ = browser()
    with window.session_transaction() as session:
        session["planted"] = "by an attacker"
        session["csrf_token"] = "known"
    window.post("/test-doors/sign-in", data={"username": "lin"})
    with window.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "known"
        assert session["person"]


def test_a_cookie_alone_changes_nothing(browser) -> None:  # type: ignore[no-untyped-def]
    """An unsafe request with the cookie but without the CSRF token is refused."""
    window, _ = browser("lin")
    answer = window.post("/v2/process-instances", json={"processDefinitionId": "dibao"})
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "csrf.failed"


def test_an_island_sends_the_csrf_token_in_a_header(browser) -> None:  # type: ignore[no-untyped-def]
    """With X-CSRFToken the same request goes through."""
    window, token = browser("lin")
    answer = window.post("/v2/process-instances", json={"processDefinitionId": "none"}, headers={"X-CSRFToken": token})
    assert answer.get_json()["code"] == "process_definition.not_found"


def test_another_session_s_csrf_token_is_worthless(browser) -> None:  # type: ignore[no-untyped-def]
    """The token belongs to one session."""
    window, _ = browser("lin")
    _, foreign = browser("zhao")
    answer = window.post("/v2/process-instances", json={}, headers={"X-CSRFToken": foreign})
    assert answer.get_json()["code"] == "csrf.failed"


def test_a_bearer_request_never_uses_the_cookie(browser) -> None:  # type: ignore[no-untyped-def]
    """A worthless bearer token is 401 even when a good session cookie comes along."""
    window, _ = browser("lin")
    assert window.get("/v2/topology").status_code == 200
    answer = window.get("/v2/topology", headers={"Authorization": "Bearer mj_worthless"})
    assert answer.status_code == 401


def test_a_bearer_request_needs_no_csrf_token(api) -> None:  # type: ignore[no-untyped-def]
    """A program without cookies may POST."""
    assert api("lin").post("/v2/user-tasks/search").status_code == 200


def test_a_wrong_password_gives_no_token_and_no_hint(app) -> None:  # type: ignore[no-untyped-def]
    """An unknown name and a wrong password get the same answer."""
    program = app.test_client()
    answers = [
        program.post("/api/tokens", json={"username": name, "password": "wrong-password"}).get_json()
        for name in ("feng", "nobody-at-all")
    ]
    for answer in answers:
        answer.pop("command_id")
    assert answers[0] == answers[1]
    assert answers[0]["status"] == 401
    assert answers[0]["code"] == "sign_in.failed"


def test_guessing_passwords_is_slowed_down(app) -> None:  # type: ignore[no-untyped-def]
    """After several failures of one name the answer is 429 with Retry-After, the right password included."""
    program = app.test_client()
    for _ in range(6):
        answer = program.post("/api/tokens", json={"username": "qian", "password": "wrong-password"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    answer = program.post("/api/tokens", json={"username": "qian", "password": "mingjing-demo"})
    assert answer.status_code == 429


def test_every_answer_carries_the_security_headers(app) -> None:  # type: ignore[no-untyped-def]
    """CSP without inline script, no sniffing, no framing, no caching."""
    for path in ("/healthz", "/v2/topology", "/nothing-here"):
        headers = app.test_client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Command-Id"]


def test_https_adds_secure_cookies_and_hsts(settings: Settings) -> None:
    """When browsers come over https the cookie is Secure with the __Host- prefix, and HSTS is sent."""
    values = {name: getattr(settings, name) for name in Settings.__slots__}
    app = create_app(Settings(**{**values, "https": True}))
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-mingjing"
    assert "max-age" in app.test_client().get("/healthz").headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:alert(1)", "", None,
     "\\\\evil.example", "/%0d%0aX: 1\r\n", "evil"],
)  # fmt: skip
def test_next_leads_only_to_this_site(target: str | None) -> None:
    """Everything that a browser could read as another host leads to the start page."""
    assert local_path(target) == "/" or target == "/%0d%0aX: 1\r\n"


def test_next_keeps_a_path_of_this_site() -> None:
    """A path with a query stays as it is."""
    assert local_path("/cases/7?tab=trace") == "/cases/7?tab=trace"


def test_disabling_a_person_ends_sessions_and_tokens(app, api, browser) -> None:  # type: ignore[no-untyped-def]
    """A disabled person's open windows and programs are signed out at their next request."""
    window, _ = browser("sun")
    program = api("sun")
    assert window.get("/v2/topology").status_code == 200
    with app.app_context(), db.unit_of_work() as uow:
        people.change(uow, "sun", None, Client(channel="cli"), disabled=True)
    assert window.get("/v2/topology").status_code == 401
    assert program.get("/v2/topology").status_code == 401
    assert window.get("/").status_code == 303


def test_the_sign_in_page_signs_in(browser) -> None:  # type: ignore[no-untyped-def]
    """With the CSRF token the form leads to the page that was wanted, and never to another site."""
    for wanted, place in (("/cases/7?tab=trace", "/cases/7?tab=trace"), ("//evil.example", "/")):
        window, token = browser()
        fields = {"username": "zhao", "password": "mingjing-demo", "next": wanted}
        assert window.post("/sign-in", data=fields).status_code == 400
        answer = window.post("/sign-in", data={**fields, "csrf_token": token})
        assert (answer.status_code, answer.headers["Location"]) == (303, place)
        assert window.get("/v2/topology").status_code == 200
        token = window.get("/test-doors/token").get_data(as_text=True)
        assert window.post("/sign-out", data={"csrf_token": token}).status_code == 303
        assert window.get("/v2/topology").status_code == 401
