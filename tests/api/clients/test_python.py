"""Camunda's own Python SDK, unchanged: deploy, start, work jobs, complete user tasks, decide, search."""

import asyncio
import importlib
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine.service import due_work
from tests.api.clients.conftest import Place
from tests.api.clients.models import job_then_events, job_then_user_task
from web import db

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports names that it deprecates itself
    # As people use it: plain strings for its many kinds of identifiers.
    camunda: Any = importlib.import_module("camunda_orchestration_sdk")
    models: Any = importlib.import_module("camunda_orchestration_sdk.models")


def configuration(place: Place, name: str) -> Any:
    """Basic, as Camunda's clients offer it: the sign-in name, and a token as the password."""
    return {
        "CAMUNDA_REST_ADDRESS": place.url,
        "CAMUNDA_AUTH_STRATEGY": "BASIC",
        "CAMUNDA_BASIC_AUTH_USERNAME": name,
        "CAMUNDA_BASIC_AUTH_PASSWORD": place.tokens[name],
    }


@pytest.fixture
def client(place: Place) -> Any:
    """A client of a person."""
    return lambda name: camunda.CamundaClient(configuration=configuration(place, name))


def deploy(client: Any, folder: Path, process_id: str, model: Callable[[str], str] = job_then_user_task) -> Any:
    file = folder / f"{process_id}.bpmn"
    file.write_text(model(process_id))
    return client("du").deploy_resources_from_files([str(file)]).processes[0]


def test_a_case_by_the_sdk(client: Any, tmp_path: Path) -> None:
    """From the model to the end of the case, with every answer parsed by the SDK."""
    robot, zhao = client("robot"), client("zhao")
    deployed = deploy(client, tmp_path, "sdk_story")
    key = deployed.process_definition_key
    assert robot.get_process_definition(key).name == "客户端"
    assert "sdk_story" in robot.get_process_definition_xml(key)
    variables = models.ProcessInstanceCreationInstructionBaseVariables.from_dict({"amount": 5})
    order = models.ProcessCreationById(process_definition_id="sdk_story", variables=variables)
    started = robot.create_process_instance(data=order).process_instance_key
    assert robot.get_process_instance(started).state.value == "ACTIVE"
    job = activate(robot, "work-sdk_story")
    assert job.variables.to_dict() == {"amount": 5}
    assert job.custom_headers.to_dict() == {"source": "民政"}
    robot.fail_job(job.job_key, data=models.JobFailRequest(retries=2, error_message="once more"))
    job = activate(robot, "work-sdk_story")
    assert job.retries == 2
    results = models.JobCompletionRequestVariables.from_dict({"checked": True})
    robot.complete_job(job.job_key, data=models.JobCompletionRequest(variables=results))
    only = models.UserTaskFilter(process_instance_key=started)
    (task,) = zhao.search_user_tasks(data=models.UserTaskSearchQuery(filter_=only)).items
    assert (task.name, task.candidate_groups) == ("查看", ["street_officer"])
    zhao.assign_user_task(task.user_task_key, data=models.UserTaskAssignmentRequest(assignee="zhao"))
    zhao.unassign_user_task(task.user_task_key)
    zhao.complete_user_task(task.user_task_key, data=models.UserTaskCompletionRequest())
    assert robot.get_process_instance(started).state.value == "COMPLETED"
    wanted = models.ProcessInstanceFilter(process_definition_id="sdk_story")
    found = robot.search_process_instances(data=models.ProcessInstanceSearchQuery(filter_=wanted))
    assert [item.process_instance_key for item in found.items] == [started]


def test_suspended_resumed_and_cancelled_by_the_sdk(client: Any, tmp_path: Path) -> None:
    """An operator's program stops a case, lets it go on and ends it, with Camunda's own orders and with none at all."""
    deploy(client, tmp_path, "sdk_stopped")
    robot, luo = client("robot"), client("luo")
    order = models.ProcessCreationById(process_definition_id="sdk_stopped")
    key = robot.create_process_instance(data=order).process_instance_key
    luo.suspend_process_instance(key, data=models.SuspendProcessInstanceRequest(operation_reference=17))
    stopped = robot.get_process_instance(key)
    assert stopped.state.value == "SUSPENDED"
    assert stopped.suspended_date is not None
    wanted = models.JobActivationRequest(type_="work-sdk_stopped", timeout=60_000, max_jobs_to_activate=1)
    assert robot.activate_jobs(data=wanted).jobs == []
    with pytest.raises(camunda.errors.ConflictError):
        luo.suspend_process_instance(key, data=None)
    luo.resume_process_instance(key, data=None)
    assert robot.activate_jobs(data=wanted).jobs != []
    luo.cancel_process_instance(key, data=models.CancelProcessInstanceRequest())
    assert robot.get_process_instance(key).state.value == "TERMINATED"


def activate(robot: Any, kind: str) -> Any:
    order = models.JobActivationRequest(type_=kind, timeout=60_000, max_jobs_to_activate=1, worker="by hand")
    (job,) = robot.activate_jobs(data=order).jobs
    return job


def test_the_sdk_s_own_worker(client: Any, place: Place, tmp_path: Path) -> None:
    """A job worker of the SDK is handed the job and completes it; its result is a variable."""
    deploy(client, tmp_path, "sdk_worker")
    robot = client("robot")
    order = models.ProcessCreationById(process_definition_id="sdk_worker")
    started = robot.create_process_instance(data=order).process_instance_key

    async def work() -> None:
        worked = asyncio.Event()

        async def handle(_job: Any) -> dict[str, Any]:
            worked.set()
            return {"checked": True}

        async with camunda.CamundaAsyncClient(configuration=configuration(place, "robot")) as running:
            setting = camunda.WorkerConfig(job_type="work-sdk_worker", job_timeout_milliseconds=30_000)
            running.create_job_worker(config=setting, callback=handle)
            workers = asyncio.create_task(running.run_workers())
            await asyncio.wait_for(worked.wait(), 60)
            only = models.JobFilter(process_instance_key=started, state=models.JobStateExactMatch.COMPLETED)
            while not robot.search_jobs(data=models.JobSearchQuery(filter_=only)).items:
                await asyncio.sleep(0.05)
            workers.cancel()

    asyncio.run(asyncio.wait_for(work(), 120))


def test_who_what_and_how_much(client: Any) -> None:
    """Who one is, what the cluster is, what is deployed, what a decision and an expression say."""
    robot = client("robot")
    assert robot.get_topology().cluster_size == 1
    assert (robot.get_authentication().username, robot.get_authentication().roles) == ("robot", ["service"])
    named = models.DecisionDefinitionFilter(decision_definition_id="dibao_limits")
    query = models.DecisionDefinitionSearchQuery(filter_=named)
    (decision,) = robot.search_decision_definitions(data=query).items
    assert robot.get_decision_definition(decision.decision_definition_key).version == 1
    assert "dibao_limits" in robot.get_decision_definition_xml(decision.decision_definition_key)
    order = models.ExpressionEvaluationRequest(expression='="合计：" + string(sum([1, 2]))')
    assert robot.evaluate_expression(data=order).result == "合计：3"


def test_a_decision_by_the_sdk(client: Any) -> None:
    """The answer, the rules that matched, and a failure that is told instead of hidden."""
    robot = client("robot")
    given = models.DecisionEvaluationByIdVariables.from_dict({"household_type": "urban"})
    order = models.DecisionEvaluationByID(decision_definition_id="dibao_limits", variables=given)
    taken = robot.evaluate_decision(data=order)
    assert taken.failure_message is None
    assert taken.output != "null"
    assert taken.evaluated_decisions[0].matched_rules
    empty = models.DecisionEvaluationByID(decision_definition_id="dibao_limits")
    assert robot.evaluate_decision(data=empty).failed_decision_definition_id == "dibao_limits"


def test_a_form_by_the_sdk(client: Any) -> None:
    """The form of a user task, cut to what its reader may see, is form-js as its file was."""
    zhao = client("zhao")
    tasks = zhao.search_user_tasks(data=models.UserTaskSearchQuery()).items
    task = zhao.get_user_task(next(task.user_task_key for task in tasks if task.form_key is not None))
    form = zhao.get_user_task_form(task.user_task_key)
    assert form.form_key == task.form_key
    assert "components" in json.loads(form.schema)


def begin(robot: Any, process_id: str, **variables: Any) -> Any:
    given = models.ProcessInstanceCreationInstructionBaseVariables.from_dict(variables)
    order = models.ProcessCreationById(process_definition_id=process_id, variables=given)
    return robot.create_process_instance(data=order).process_instance_key


def test_messages_and_signals_by_the_sdk(app: Flask, client: Any, tmp_path: Path) -> None:
    """Two cases wait: a published message reaches one, a correlated one the other, a signal both."""
    deploy(client, tmp_path, "sdk_events", job_then_events)
    robot = client("robot")
    cases = [begin(robot, "sdk_events", reference=number) for number in ("A-1", "A-2")]
    for _ in cases:
        robot.complete_job(activate(robot, "work-sdk_events").job_key, data=models.JobCompletionRequest())
    only = models.MessageSubscriptionFilter(message_name="answer-sdk_events")
    query = models.MessageSubscriptionSearchQuery(filter_=only)
    waiting = robot.search_message_subscriptions(data=query).items
    assert {item.process_instance_key for item in waiting} == set(cases)
    message = models.MessagePublicationRequest(name="answer-sdk_events", correlation_key="A-1", time_to_live=1000)
    assert robot.publish_message(data=message).message_key
    direct = models.MessageCorrelationRequest(name="answer-sdk_events", correlation_key="A-2")
    assert robot.correlate_message(data=direct).process_instance_key == cases[1]
    with pytest.raises(camunda.errors.NotFoundError):
        robot.correlate_message(data=direct)
    robot.broadcast_signal(data=models.SignalBroadcastRequest(signal_name="holiday-sdk_events"))
    with app.app_context():
        due_work.do_all(db.unit_of_work)
    assert [robot.get_process_instance(key).state.value for key in cases] == ["COMPLETED", "COMPLETED"]


def test_an_incident_mended_by_the_sdk(client: Any, tmp_path: Path) -> None:
    """Exhausted retries are an incident; variables are changed, retries given back, the incident is resolved."""
    deploy(client, tmp_path, "sdk_incident", job_then_events)
    robot, luo = client("robot"), client("luo")
    case = begin(robot, "sdk_incident", reference="wrong")
    job = activate(robot, "work-sdk_incident")
    robot.fail_job(job.job_key, data=models.JobFailRequest(retries=0, error_message="no such reference"))
    only = models.IncidentFilter(process_instance_key=case)
    (incident,) = robot.search_incidents(data=models.IncidentSearchQuery(filter_=only)).items
    assert (incident.error_type.value, incident.job_key) == ("JOB_NO_RETRIES", job.job_key)
    assert robot.get_incident(incident.incident_key).error_message == "no such reference"
    values = models.SetVariableRequestVariables.from_dict({"reference": "right"})
    change = models.SetVariableRequest(variables=values, operation_reference=4711)
    luo.create_element_instance_variables(case, data=change)
    retries = models.JobUpdateRequest(changeset=models.JobChangeset(retries=1))
    robot.update_job(job.job_key, data=retries)
    luo.resolve_incident(incident.incident_key, data=models.IncidentResolutionRequest())
    assert activate(robot, "work-sdk_incident").variables.to_dict() == {"reference": "right"}
    assert robot.get_incident(incident.incident_key).state.value == "RESOLVED"
    error = models.JobErrorRequest(error_code="no_such_person", error_message="nobody of that name")
    robot.throw_job_error(job.job_key, data=error)
    assert robot.get_process_instance(case).state.value == "COMPLETED"


def test_problems_reach_the_sdk(client: Any, place: Place) -> None:
    """An unknown thing is its NotFoundError; a wrong name beside a good token is nobody."""
    with pytest.raises(camunda.errors.NotFoundError):
        client("robot").get_process_instance("999999999")
    stolen = configuration(place, "robot") | {"CAMUNDA_BASIC_AUTH_USERNAME": "du"}
    with pytest.raises(camunda.errors.UnauthorizedError):
        camunda.CamundaClient(configuration=stolen).get_topology()
