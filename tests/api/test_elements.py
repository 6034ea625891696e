"""A process with a subprocess, a call activity, a loop and a job, driven by programs over HTTP to its end."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from engine.model.actors import Client, Scope
from engine.service import people
from engine.service.bootstrap import DEMONSTRATION_PASSWORD
from tests.integration.models import ask, ask_many, call, form, job, line
from tests.unit.runtime.builder import chain, end, many, mapped, script, start, sub
from web import db

INSIDE = (
    start("in_s"),
    ask_many("review", many(outputCollection="notes", outputElement="=note")),
    end("in_e"),
    chain("in_s", "review", "in_e"),
)
WHOLE = line(
    "whole",
    script("list", '["甲", "乙"]', "items"),
    sub("inside", *INSIDE),
    call("visit", "visiting"),
    job("send", "http-post", headers={"desk": "7"}, more=mapped("< receipt -> receipt")),
    ask("last"),
    ids=("list", "inside", "visit", "send", "last"),
)
VISITING = line("visiting", ask("look"), ids=("look",))


@pytest.fixture(scope="module")
def deployed(app: Flask, tokens: dict[str, str]) -> None:
    """The models, and a person with the role of a program."""
    with app.app_context(), db.unit_of_work() as uow:
        new = people.NewPerson(
            username="robot",
            name="接口程序",
            unit_code="JH",
            password=DEMONSTRATION_PASSWORD,
            roles=(("service", Scope.ALL),),
        )
        people.create(uow, new, None, Client(channel="cli"))


def files(**named: bytes) -> dict[str, Any]:
    return {"resources": [(BytesIO(body), ".".join(name.rsplit("_", 1))) for name, body in named.items()]}


def waiting(program: Any, case: str, element: str) -> list[dict[str, Any]]:
    """Open user tasks of an element, oldest first."""
    found = program.post(
        "/v2/user-tasks/search", {"filter": {"processInstanceKey": case, "state": "CREATED", "elementId": element}}
    )
    assert found.status_code == 200, found.get_json()
    return list(reversed(found.get_json()["items"]))


def complete(program: Any, key: str, **variables: object) -> None:
    answer = program.post(f"/v2/user-tasks/{key}/completion", {"variables": variables})
    assert answer.status_code == 204, answer.get_json()


@pytest.mark.usefixtures("deployed")
def test_a_process_of_every_kind_runs_over_the_api(api: Any) -> None:
    """Deploy, start, two reviews inside the subprocess, a user task of the called process, a job, the end."""
    answer = api("du").form("/v2/deployments", files(whole_bpmn=WHOLE, visiting_bpmn=VISITING, note_form=form("note")))
    assert answer.status_code == 200, answer.get_json()
    lin, robot, gao = api("lin"), api("robot"), api("gao")
    case = lin.post("/v2/process-instances", {"processDefinitionId": "whole"}).get_json()["processInstanceKey"]

    reviews = waiting(lin, case, "review")
    assert [(task["itemNumber"], task["processDefinitionId"]) for task in reviews] == [("1", "whole"), ("2", "whole")]
    for task in reversed(reviews):
        complete(lin, task["userTaskKey"], note=f"note {task['itemNumber']}")
    again = lin.post(f"/v2/user-tasks/{reviews[0]['userTaskKey']}/completion", {"variables": {"note": "x"}})
    assert (again.status_code, again.get_json()["code"]) == (409, "user_task.not_open")

    (look,) = waiting(lin, case, "look")
    assert (look["processDefinitionId"], look["processInstanceKey"], look["formId"]) == ("visiting", case, "note")
    assert lin.get(f"/v2/user-tasks/{look['userTaskKey']}/form").get_json()["formId"] == "note"
    complete(lin, look["userTaskKey"], note="seen")

    assert lin.get(f"/v2/process-instances/{case}").get_json()["currentElements"] == ["send"]
    wanted = {"type": "http-post", "worker": "w1", "timeout": 60_000, "maxJobsToActivate": 5}
    (given,) = robot.post("/v2/jobs/activation", wanted).get_json()["jobs"]
    assert (given["processInstanceKey"], given["elementId"], given["customHeaders"]) == (case, "send", {"desk": "7"})
    assert given["variables"]["notes"] == ["note 1", "note 2"]
    assert isinstance(given["deadline"], int)
    assert robot.post("/v2/jobs/activation", wanted).get_json()["jobs"] == []
    failed = robot.post(f"/v2/jobs/{given['jobKey']}/failure", {"retries": 1, "errorMessage": "line is busy"})
    assert failed.status_code == 204
    (given,) = robot.post("/v2/jobs/activation", {**wanted, "fetchVariable": ["notes"]}).get_json()["jobs"]
    assert (given["retries"], list(given["variables"])) == (1, ["notes"])
    done = robot.post(f"/v2/jobs/{given['jobKey']}/completion", {"variables": {"receipt": 1.5}}, key="job-done-1")
    assert done.status_code == 204
    repeated = robot.post(f"/v2/jobs/{given['jobKey']}/completion", {"variables": {"receipt": 1.5}}, key="job-done-1")
    assert repeated.status_code == 204
    late = robot.post(f"/v2/jobs/{given['jobKey']}/completion", {})
    assert (late.status_code, late.get_json()["code"]) == (409, "job.not_open")

    (last,) = waiting(lin, case, "last")
    complete(lin, last["userTaskKey"], note="end")
    assert lin.get(f"/v2/process-instances/{case}").get_json()["state"] == "COMPLETED"
    trace = gao.get(f"/api/process-instances/{case}/trace").get_json()["entries"]
    assert [entry["kind"] for entry in trace if entry["kind"] != "command.refused.v2"] == [
        "process_instance.started.v2",
        *["user_task.completed.v2"] * 3,
        "job.failed.v1",
        "job.completed.v2",
        "user_task.completed.v2",
    ]
    assert gao.get(f"/api/process-instances/{case}/verification").get_json()["ok"] is True


@pytest.mark.usefixtures("deployed")
def test_an_incident_is_found_by_the_operator(api: Any) -> None:
    """A job that failed for good stays FAILED with 0 retries; the operator's search shows why."""
    model = line("lonely", job("send", "lonely-post"), ids=("send",))
    assert api("du").form("/v2/deployments", files(lonely_bpmn=model)).status_code == 200
    robot = api("robot")
    case = api("lin").post("/v2/process-instances", {"processDefinitionId": "lonely"}).get_json()["processInstanceKey"]
    wanted = {"type": "lonely-post", "worker": "w", "timeout": 1000, "maxJobsToActivate": 1}
    (given,) = robot.post("/v2/jobs/activation", wanted).get_json()["jobs"]
    assert robot.post(f"/v2/jobs/{given['jobKey']}/failure", {"errorMessage": "no such address"}).status_code == 204
    found = api("sysadmin").post("/v2/jobs/search", {"filter": {"state": "FAILED", "processInstanceKey": case}})
    (shown,) = found.get_json()["items"]
    assert (shown["jobKey"], shown["retries"], shown["errorMessage"], shown["hasFailedWithRetriesLeft"]) == (
        given["jobKey"],
        0,
        "no such address",
        False,
    )
    assert api("lin").post("/v2/jobs/search", {}).status_code == 403
    assert api("lin").get(f"/v2/process-instances/{case}").get_json()["hasIncident"] is True
    listed = api("lin").post("/v2/process-instances/search", {"filter": {"processDefinitionId": "lonely"}})
    assert [row["hasIncident"] for row in listed.get_json()["items"]] == [True]


@pytest.mark.usefixtures("deployed")
def test_starting_in_the_middle_is_refused(api: Any) -> None:
    """Camunda's startInstructions are not ignored without a word."""
    body = {"processDefinitionId": "dibao", "startInstructions": [{"elementId": "Review"}]}
    answer = api("lin").post("/v2/process-instances", body)
    assert (answer.status_code, answer.get_json()["errors"][0]["place"]) == (422, "startInstructions")
    assert "Starting in the middle of a process is not offered." in answer.get_json()["errors"][0]["message"]


@pytest.mark.parametrize(("version", "status"), [(-1, 200), (None, 200), (7, 422), ("x", 422)])
def test_a_version_number_is_not_ignored(api, version: object, status: int) -> None:  # type: ignore[no-untyped-def]
    """Camunda's processDefinitionVersion: the newest is started, another one is refused with what to give instead."""
    body = {"processDefinitionId": "dibao", "processDefinitionVersion": version}
    answer = api("lin")("POST", "/v2/process-instances", json=body)
    assert answer.status_code == status
    if version == 7:
        assert "processDefinitionKey" in answer.get_json()["errors"][0]["message"]


@pytest.mark.usefixtures("deployed")
def test_pages_show_loops_and_called_processes(api: Any, browser: Any) -> None:
    """The workbench tells equal tasks apart, the case page links the called process, the task page names it."""
    api("du").form("/v2/deployments", files(whole_bpmn=WHOLE, visiting_bpmn=VISITING, note_form=form("note")))
    lin = api("lin")
    case = lin.post("/v2/process-instances", {"processDefinitionId": "whole"}).get_json()["processInstanceKey"]
    window, _ = browser("lin")
    bench = window.get("/").get_data(as_text=True)
    assert "第 1 项 · 甲" in bench
    assert "第 2 项 · 乙" in bench
    for task in waiting(lin, case, "review"):
        complete(lin, task["userTaskKey"], note="x")
    (look,) = waiting(lin, case, "look")
    page = window.get(f"/user-tasks/{look['userTaskKey']}").get_data(as_text=True)
    assert f"/diagrams/{look['processDefinitionKey']}.bpmn" in page
    shown = window.get(f"/cases/{case}").get_data(as_text=True)
    link = f"/cases/{case}?process={look['processDefinitionKey']}"
    assert link in shown
    assert f"/diagrams/{look['processDefinitionKey']}.bpmn" not in shown
    assert f"/diagrams/{look['processDefinitionKey']}.bpmn" in window.get(link).get_data(as_text=True)
