"""The web application over a real database with the demonstration city and the deployed content."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.service import bootstrap, people
from engine.service.bootstrap import DEMONSTRATION_PASSWORD
from engine.store.embedded import Dsns
from web import auth, db
from web.commands import REASON_HEADER, client
from web.factory import create_app
from web.settings import Settings, session_key

WORKER = "lin"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The VAR folder of this module's application."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def settings(module_database: Dsns, var: Path) -> Settings:
    """Settings over a database with the demonstration city."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINGJING_DEMO", "1")
        bootstrap.prepare(module_database.app, var, lambda _line: None)
    return Settings(
        var=var,
        database_url=module_database.app,
        secret_key=session_key(var / "keys"),
        demo=True,
        pool_size=2,
        testing=True,
    )


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    """The application, with a door for tests that signs a browser in without the page."""
    made = create_app(settings)
    made.register_blueprint(_doors())
    yield made
    with made.app_context():
        db.db.engine.dispose()


def _doors() -> Blueprint:
    doors = Blueprint("doors", __name__, url_prefix="/test-doors")

    @doors.post("/sign-in")
    @auth.public_without_cookie
    def sign_in() -> str:
        with db.unit_of_work() as uow:
            actor, epoch = people.sign_in(uow, request.form["username"], DEMONSTRATION_PASSWORD, client())
        auth.sign_in(actor, epoch)
        return "signed in"

    @doors.get("/token")
    @auth.public
    def csrf_token() -> str:
        from flask_wtf.csrf import generate_csrf

        token: str = generate_csrf()
        return token

    @doors.get("/fault")
    @auth.public
    def fault() -> str:
        raise RuntimeError("a secret value 310101199001011234")

    return doors


@dataclass
class ApiClient:
    """A person's program: sends the bearer token and JSON, and remembers nothing else."""

    client: FlaskClient
    token: str
    headers: dict[str, str] = field(default_factory=lambda: {REASON_HEADER: "test"})

    def __call__(self, method: str, path: str, headers: Mapping[str, str] | None = None, **body: Any) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.token}", **self.headers, **(headers or {})}
        return self.client.open(path, method=method, headers=sent, **body)

    def get(self, path: str) -> TestResponse:
        return self("GET", path)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> TestResponse:
        headers = {"Idempotency-Key": key} if key else {}
        return self("POST", path, headers, json={} if body is None else body)

    def form(self, path: str, fields: Mapping[str, Any], *, key: str | None = None) -> TestResponse:
        headers = {"Idempotency-Key": key} if key else {}
        return self("POST", path, headers, data=dict(fields), content_type="multipart/form-data")


@pytest.fixture(scope="module")
def tokens(app: Flask) -> dict[str, str]:
    """Bearer tokens by sign-in name, fetched once (argon2 is slow on purpose)."""
    return {}


@pytest.fixture
def api(app: Flask, tokens: dict[str, str]) -> Any:
    """`api(username)` is that person's program."""

    def of(username: str) -> ApiClient:
        browser = app.test_client(use_cookies=False)
        if username not in tokens:
            body = {"username": username, "password": DEMONSTRATION_PASSWORD}
            answer = browser.post("/api/tokens", json=body)
            assert answer.status_code == 201, answer.get_json()
            tokens[username] = answer.get_json()["token"]
        return ApiClient(browser, tokens[username])

    return of


@pytest.fixture
def browser(app: Flask) -> Any:
    """`browser(username)` is a signed-in browser with its CSRF token; `browser()` nobody's."""

    def of(username: str | None = None) -> tuple[FlaskClient, str]:
        window = app.test_client()
        if username is not None:
            assert window.post("/test-doors/sign-in", data={"username": username}).status_code == 200
        return window, window.get("/test-doors/token").get_data(as_text=True)

    return of


@pytest.fixture
def command_key() -> str:
    """A fresh idempotency key."""
    return f"test-command-{next(_numbers)}"
