"""Messages and signals over HTTP, in Camunda's shapes; what a case waits for can be looked at."""

from typing import Any

import pytest
from flask import Flask

from engine.model.actors import Client, Scope
from engine.service import due_work, people
from engine.service.bootstrap import DEMONSTRATION_PASSWORD
from tests.api.test_elements import files, waiting
from tests.integration.models import ask, form, line
from tests.unit.runtime.builder import boundary, bpmn, catch, chain, end, of, script, start, timer
from web import db

BILL = line(
    "bill", script("k", '"B-1"', "key"), catch("m", of("message", "paid")), ask("after"), ids=("k", "m", "after")
)
ALARM = bpmn(
    start(), ask("work"), boundary("limit", "work", timer("P5D")), boundary("bell", "work", of("signal", "flood")),
    end("e", "f", "g"), chain("s", "work", "e"), chain("limit", "f"), chain("bell", "g"), process_id="alarm",
)  # fmt: skip


@pytest.fixture(scope="module")
def deployed(app: Flask) -> None:
    """A person with the role of a program."""
    with app.app_context(), db.unit_of_work() as uow:
        new = people.NewPerson(
            username="robot",
            name="接口程序",
            unit_code="JH",
            password=DEMONSTRATION_PASSWORD,
            roles=(("service", Scope.ALL),),
        )
        people.create(uow, new, None, Client(channel="cli"))


def started(api: Any, process_id: str, model: bytes) -> str:
    """A case of a model that is deployed for it."""
    resources = files(**{f"{process_id}_bpmn": model, "note_form": form("note")})
    assert api("du").form("/v2/deployments", resources).status_code == 200
    answer = api("lin").post("/v2/process-instances", {"processDefinitionId": process_id})
    return str(answer.get_json()["processInstanceKey"])


@pytest.mark.usefixtures("deployed")
def test_a_message_is_published_and_found(api: Any) -> None:
    """The search shows the wait, publishing moves the case, the same command again gives the same key."""
    case, robot = started(api, "bill", BILL), api("robot")
    wanted = {"filter": {"processInstanceKey": case, "messageName": "paid"}}
    (found,) = robot.post("/v2/message-subscriptions/search", wanted).get_json()["items"]
    assert (found["processInstanceKey"], found["elementId"], found["messageName"]) == (case, "m", "paid")
    assert (found["messageSubscriptionState"], found["correlationKey"]) == ("CREATED", "")
    body = {"name": "paid", "correlationKey": "B-1", "timeToLive": 60_000, "messageId": "1", "variables": {"sum": 1.5}}
    answer = robot.post("/v2/messages/publication", body, key="publish-1")
    assert answer.status_code == 200, answer.get_json()
    assert set(answer.get_json()) == {"tenantId", "messageKey"}
    assert robot.post("/v2/messages/publication", body, key="publish-1").get_json() == answer.get_json()
    twice = robot.post("/v2/messages/publication", body)
    assert (twice.status_code, twice.get_json()["code"]) == (409, "message.already_published")
    assert robot.post("/v2/message-subscriptions/search", wanted).get_json()["items"] == []
    assert len(waiting(api("lin"), case, "after")) == 1


@pytest.mark.usefixtures("deployed")
def test_a_message_is_correlated_or_nobody_waits(api: Any) -> None:
    """The answer names the case; without one it is 404; wrong bodies are told where."""
    case, robot = started(api, "bill", BILL), api("robot")
    nobody = robot.post("/v2/messages/correlation", {"name": "paid", "correlationKey": "B-2"})
    assert (nobody.status_code, nobody.get_json()["code"]) == (404, "message.not_correlated")
    answer = robot.post("/v2/messages/correlation", {"name": "paid", "correlationKey": "B-1", "variables": {"sum": 2}})
    assert answer.get_json()["processInstanceKey"] == case
    wrong = robot.post("/v2/messages/publication", {"correlationKey": "x", "timeToLive": -1})
    assert wrong.status_code == 422
    assert {one["place"] for one in wrong.get_json()["errors"]} == {"name", "timeToLive"}


@pytest.mark.usefixtures("deployed")
def test_a_signal_reaches_a_case_and_its_waits_are_shown(app: Flask, api: Any) -> None:
    """Timer and signal are listed for who may see the case; the signal ends it, and then it waits for nothing."""
    case, robot = started(api, "alarm", ALARM), api("robot")
    shown = api("lin").get(f"/api/process-instances/{case}/waits").get_json()["waits"]
    assert [(one["kind"], one["element_id"], one["name"], one["remaining"]) for one in shown] == [
        ("timer", "limit", "", 1), ("signal", "bell", "flood", None),
    ]  # fmt: skip
    assert shown[0]["due_at"].endswith("Z")
    assert api("feng").get(f"/api/process-instances/{case}/waits").status_code == 404
    answer = robot.post("/v2/signals/broadcast", {"signalName": "flood", "variables": {"level": 4}})
    assert set(answer.get_json()) == {"tenantId", "signalKey"}
    with app.app_context():
        due_work.do_all(db.unit_of_work)
    assert api("lin").get(f"/v2/process-instances/{case}").get_json()["state"] == "COMPLETED"
    assert api("lin").get(f"/api/process-instances/{case}/waits").get_json()["waits"] == []
