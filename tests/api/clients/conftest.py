"""The application behind a real port on loopback, for clients that nobody here wrote."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.serving import make_server

from engine.model.actors import Client, Scope
from engine.service import people
from engine.service.bootstrap import DEMONSTRATION_PASSWORD
from web import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """url: of the API, as clients want it. tokens: by sign-in name of designer, program, clerk, operator."""

    url: str
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def place(app: Flask) -> Iterator[Place]:
    """A listening server, and tokens to speak to it."""
    robot = people.NewPerson(
        username="robot",
        name="接口程序",
        unit_code="JH-QH-01",
        password=DEMONSTRATION_PASSWORD,
        roles=(("service", Scope.SUBTREE),),
        demonstration=True,
    )
    with app.app_context(), db.unit_of_work() as uow:
        people.create(uow, robot, None, Client(channel="cli"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    listening = threading.Thread(target=server.serve_forever, daemon=True)
    listening.start()
    program = app.test_client()
    tokens = {}
    for name in ("du", "robot", "zhao", "luo"):
        body = {"username": name, "password": DEMONSTRATION_PASSWORD}
        tokens[name] = program.post("/api/tokens", json=body).get_json()["token"]
    yield Place(url=f"http://127.0.0.1:{server.server_port}", tokens=tokens)
    server.shutdown()
    listening.join()
    server.server_close()
