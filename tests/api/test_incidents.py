"""Incidents over HTTP in Camunda's shapes: found, mended, resolved; and what is refused, with which status."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from engine.model.actors import Client, Scope
from engine.service import people
from engine.service.bootstrap import DEMONSTRATION_PASSWORD
from tests.integration.models import ask, form, job, line
from tests.unit.runtime.builder import boundary, bpmn, chain, end, of, start
from web import db

STUCK = line("stuck", job("send", "stuck-post"), ask("after", assignee="=whom"), ids=("send", "after"))
CATCHING = bpmn(
    start(), job("send", "caught-post"), boundary("lost", "send", of("error", "E1")), ask("search"), end(),
    chain("s", "send", "e"), chain("lost", "search", "e"), process_id="catching",
)  # fmt: skip


@pytest.fixture(scope="module")
def deployed(app: Flask, tokens: dict[str, str]) -> None:
    """A program and an operator."""
    with app.app_context(), db.unit_of_work() as uow:
        for username, role in (("robot", "service"), ("mender", "operator")):
            new = people.NewPerson(
                username=username,
                name="接口程序",
                unit_code="JH",
                password=DEMONSTRATION_PASSWORD,
                roles=((role, Scope.ALL),),
            )
            people.create(uow, new, None, Client(channel="cli"))


@pytest.fixture
def models(api: Any, deployed: None) -> None:
    """The models are deployed; the same bytes again are the same version."""
    resources = [
        (BytesIO(STUCK), "stuck.bpmn"), (BytesIO(CATCHING), "catching.bpmn"), (BytesIO(form("note")), "note.form"),
    ]  # fmt: skip
    assert api("du").form("/v2/deployments", {"resources": resources}).status_code == 200


def begin(api: Any, process: str, kind: str) -> tuple[str, str]:
    """A case and its job, activated: their keys."""
    case = api("lin").post("/v2/process-instances", {"processDefinitionId": process}).get_json()["processInstanceKey"]
    wanted = {"type": kind, "worker": "w1", "timeout": 60_000, "maxJobsToActivate": 5}
    given = api("robot").post("/v2/jobs/activation", wanted).get_json()["jobs"]
    return case, next(one["jobKey"] for one in given if one["processInstanceKey"] == case)


def active(program: Any, case: str, **more: object) -> list[dict[str, Any]]:
    answer = program.post("/v2/incidents/search", {"filter": {"processInstanceKey": case, "state": "ACTIVE", **more}})
    assert answer.status_code == 200, answer.get_json()
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


@pytest.mark.usefixtures("models")
def test_an_incident_is_found_mended_and_resolved(api: Any) -> None:
    """A worker's results that cannot be carried out, from the search to the end of the incident."""
    case, key = begin(api, "stuck", "stuck-post")
    robot, mender = api("robot"), api("mender")
    assert robot.post(f"/v2/jobs/{key}/completion", {"variables": {"receipt": 1}}).status_code == 204
    (found,) = active(api("sysadmin"), case, errorType="UNSPECIFIED")
    assert (found["elementId"], found["kind"], found["cause"], found["jobKey"]) == (
        "send", "assignment_failed", "job", key,
    )  # fmt: skip
    assert found["errorMessage"]
    assert active(mender, case, errorType="JOB_NO_RETRIES") == []
    assert mender.get(f"/v2/incidents/{found['incidentKey']}").get_json() == found
    resolution = f"/v2/incidents/{found['incidentKey']}/resolution"
    again = mender.post(resolution)
    assert (again.status_code, again.get_json()["code"]) == (422, "assignment.nobody")
    place = f"/v2/element-instances/{found['elementInstanceKey']}/variables"
    silent = mender("PUT", place, json={"variables": {"whom": "sun"}})
    assert (silent.status_code, silent.get_json()["errors"][0]["place"]) == (422, "reason")
    said = mender("PUT", place, json={"variables": {"whom": "sun"}, "local": False, "reason": "登记有误"})
    assert said.status_code == 204, said.get_json()
    assert mender.post(resolution, {"operationReference": 7}).status_code == 204
    late = mender.post(resolution)
    assert (late.status_code, late.get_json()["code"]) == (409, "incident.resolved")
    assert active(mender, case) == []
    assert mender.get(f"/v2/process-instances/{case}").get_json()["currentElements"] == ["after"]
    assert mender.get(f"/v2/incidents/{found['incidentKey']}").get_json()["state"] == "RESOLVED"


@pytest.mark.usefixtures("models")
def test_errors_of_jobs(api: Any) -> None:
    """One that the model catches goes on there; one that it does not needs retries and a resolution."""
    robot = api("robot")
    case, key = begin(api, "catching", "caught-post")
    thrown = robot.post(f"/v2/jobs/{key}/error", {"errorCode": "E1", "errorMessage": "lost", "variables": {}})
    assert thrown.status_code == 204, thrown.get_json()
    assert api("lin").get(f"/v2/process-instances/{case}").get_json()["currentElements"] == ["search"]
    (row,) = robot.post("/v2/jobs/search", {"filter": {"jobKey": key}}).get_json()["items"]
    assert row["state"] == "ERROR_THROWN"

    case, key = begin(api, "catching", "caught-post")
    assert robot.post(f"/v2/jobs/{key}/error", {"errorCode": "E7"}).status_code == 204
    (found,) = active(robot, case)
    assert found["errorType"] == "UNHANDLED_ERROR_EVENT"
    resolution = f"/v2/incidents/{found['incidentKey']}/resolution"
    early = robot.post(resolution)
    assert (early.status_code, early.get_json()["code"]) == (409, "incident.no_retries")
    assert robot("PATCH", f"/v2/jobs/{key}", json={"changeset": {"retries": 2, "timeout": None}}).status_code == 204
    assert robot.post(resolution).status_code == 204
    wanted = {"type": "caught-post", "timeout": 60_000, "maxJobsToActivate": 5}
    assert [one["jobKey"] for one in robot.post("/v2/jobs/activation", wanted).get_json()["jobs"]] == [key]
    assert robot("PATCH", f"/v2/jobs/{key}", json={"changeset": {"timeout": 90_000}}).status_code == 204


@pytest.mark.usefixtures("models")
def test_routing_around(api: Any) -> None:
    """The element is completed in its place."""
    case, key = begin(api, "stuck", "stuck-post")
    api("robot").post(f"/v2/jobs/{key}/failure", {"retries": 0, "errorMessage": "gone"})
    (found,) = active(api("mender"), case)
    around = f"/api/incidents/{found['incidentKey']}/routing-around"
    done = api("mender").post(around, {"reason": "专人送达", "variables": {"whom": "sun"}}, key="around-once-1")
    assert done.status_code == 204, done.get_json()
    assert (
        api("mender")
        .post(around, {"reason": "专人送达", "variables": {"whom": "sun"}}, key="around-once-1")
        .status_code
        == 204
    )
    assert api("sun").get(f"/v2/process-instances/{case}").get_json()["currentElements"] == ["after"]


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PATCH", "/v2/jobs/1", {"changeset": {"retries": 1}}, 404, "job.not_found"),
        ("PATCH", "/v2/jobs/1", {"changeset": {}}, 422, "request.invalid"),
        ("PATCH", "/v2/jobs/1", {}, 422, "request.invalid"),
        ("POST", "/v2/jobs/1/error", {}, 422, "request.invalid"),
        ("POST", "/v2/jobs/1/error", {"errorCode": "E"}, 404, "job.not_found"),
        ("GET", "/v2/incidents/1", None, 404, "incident.not_found"),
        ("POST", "/v2/incidents/1/resolution", {}, 404, "incident.not_found"),
        ("POST", "/v2/incidents/search", {"filter": {"state": "OPEN"}}, 422, "request.invalid"),
    ],
)
def test_what_is_not_there_or_wrong(api: Any, method: str, path: str, body: object, status: int, code: str) -> None:
    """404 and 422 as problem+json."""
    answer = api("robot")(method, path, **({} if body is None else {"json": body}))
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"
