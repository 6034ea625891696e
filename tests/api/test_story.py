"""A subsistence-allowance case over HTTP with bearer tokens alone, from receipt to the verified trace."""

import io
import json
from typing import Any

import pytest

from engine.service.demonstration_city import SampleCase, SampleStep, sample_cases
from tests import samples


def _case(code: str) -> SampleCase:
    return next(case for case in sample_cases() if case.code == code)


FILES = {
    "application": ("attachment", "申请书.pdf", samples.application),
    "authorisation": ("attachment", "核对授权书.pdf", samples.authorisation),
    "minutes": ("attachment", "会议记录.pdf", samples.minutes),
    "supplement": ("attachment", "补充材料.pdf", samples.application),
    "site_photo": ("photo", "现场.jpg", samples.site_photo),
}


def parts(step: SampleStep) -> dict[str, Any]:
    """A step as the fields and files of one multipart request."""
    fields: dict[str, Any] = {
        "action": step.action,
        "opinion": step.opinion,
        "variables": json.dumps(step.variables, ensure_ascii=False),
    }
    for code in step.materials:
        kind, name, make = FILES[code]
        fields[f"{kind}.{code}"] = (io.BytesIO(make()), name)
    return fields


def open_task(api: Any, username: str, instance: str, element: str) -> str:
    """The key of the open user task of an element of a case, as its clerk finds it."""
    wanted = {"filter": {"processInstanceKey": instance, "elementId": element, "state": "CREATED"}}
    found = api(username).post("/v2/user-tasks/search", wanted).get_json()["items"]
    assert len(found) == 1, (element, found)
    key: str = found[0]["userTaskKey"]
    return key


def started(api: Any) -> str:
    """A new case of lin's."""
    answer = api("lin").post("/v2/process-instances", {"processDefinitionId": "dibao"})
    assert answer.status_code == 200, answer.get_json()
    key: str = answer.get_json()["processInstanceKey"]
    return key


def play(api: Any, instance: str, steps: tuple[SampleStep, ...]) -> list[dict[str, Any]]:
    """Complete the steps one after the other; returns the answers."""
    answers = []
    for step in steps:
        key = open_task(api, step.username, instance, step.element)
        answer = api(step.username).form(f"/api/user-tasks/{key}/complete", parts(step))
        assert answer.status_code == 200, (step.element, answer.get_json())
        answers.append(answer.get_json())
    return answers


@pytest.mark.parametrize("code", ["plain", "over_income", "costly_vehicle", "correction"])
def test_a_sample_case_runs_to_its_end(api: Any, code: str) -> None:
    """Every sample case ends where it should, warns where it should, and its trace verifies."""
    case = _case(code)
    instance = started(api)
    answers = play(api, instance, case.steps)
    assert answers[-1]["ended"] is True
    warned = {warning["code"] for answer in answers for warning in answer["warnings"]}
    assert bool(warned) is bool(case.hits)
    trace = api("gao").get(f"/api/process-instances/{instance}/trace").get_json()
    done = [entry for entry in trace["entries"] if entry["kind"] == "user_task.completed.v2"]
    assert [entry["element_id"] for entry in done] == [step.element for step in case.steps]
    for entry, step in zip(done, case.steps, strict=True):
        assert entry["opinion"] == step.opinion
        assert entry["person_name"] and entry["unit_name"] and entry["at"].endswith("Z")  # noqa: PT018
        assert len(entry["attachments"]) + len(entry["photos"]) == len(step.materials)
        assert json.loads(entry["body"])
    report = api("gao").post(f"/api/process-instances/{instance}/verification").get_json()
    assert report["ok"] is True
    assert report["entries"] == len(trace["entries"])


def test_another_unit_s_case_is_not_there(api: Any) -> None:
    """A clerk of another street who guesses keys gets 404 for the case, its tasks, forms, drafts and files."""
    instance = started(api)
    key = open_task(api, "lin", instance, "Receipt")
    upload = {"kind": "attachment", "code": "application", "file": (io.BytesIO(samples.application()), "a.pdf")}
    file = api("lin").form(f"/api/user-tasks/{key}/draft/files", upload).get_json()["key"]
    stranger = api("feng")
    for path in (
        f"/v2/process-instances/{instance}",
        f"/v2/user-tasks/{key}",
        f"/v2/user-tasks/{key}/form",
        f"/api/user-tasks/{key}/draft",
        f"/api/files/{file}",
    ):
        assert stranger.get(path).status_code == 404, path
    for path in (f"/v2/user-tasks/{key}/completion", f"/api/user-tasks/{key}/complete"):
        assert stranger.post(path, {"variables": {}}).status_code == 404, path
    assert stranger.post(f"/v2/user-tasks/{key}/assignment", {"assignee": "feng"}).status_code == 404
    assert stranger("DELETE", f"/v2/user-tasks/{key}/assignee").status_code == 404
    assert stranger("DELETE", f"/api/user-tasks/{key}/draft/files/{file}").status_code == 404
    assert stranger("PUT", f"/api/user-tasks/{key}/draft", json={"data": {}}).status_code == 404
    found = stranger.post("/v2/user-tasks/search", {"filter": {"processInstanceKey": instance}}).get_json()
    assert found["items"] == []
    found = stranger.post("/v2/process-instances/search", {"filter": {"processInstanceKey": instance}}).get_json()
    assert found["items"] == []


def test_an_inspector_does_not_act(api: Any) -> None:
    """An inspector sees every case and completes nothing."""
    instance = started(api)
    key = open_task(api, "gao", instance, "Receipt")
    assert api("gao").get(f"/v2/process-instances/{instance}").status_code == 200
    assert api("gao").post(f"/v2/user-tasks/{key}/completion").status_code == 403


def test_the_same_command_starts_one_case(api: Any, command_key: str) -> None:
    """Repeating a start with its Idempotency-Key gives the first case again."""
    body = {"processDefinitionId": "dibao"}
    first = api("lin").post("/v2/process-instances", body, key=command_key).get_json()
    again = api("lin").post("/v2/process-instances", body, key=command_key).get_json()
    assert first == again


def test_a_command_id_is_not_used_for_another_request(api: Any, command_key: str) -> None:
    """The same key with another body is a conflict."""
    api("lin").post("/v2/process-instances", {"processDefinitionId": "dibao"}, key=command_key)
    other = {"processDefinitionId": "dibao", "variables": {"a": 1}}
    answer = api("lin").post("/v2/process-instances", other, key=command_key)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "command.id_reused")


def test_completing_with_files_twice_is_one_completion(api: Any, command_key: str) -> None:
    """A client that did not get the answer repeats the whole request: same result, nothing doubled."""
    step = _case("plain").steps[0]
    instance = started(api)
    key = open_task(api, "lin", instance, "Receipt")
    path = f"/api/user-tasks/{key}/complete"
    first = api("lin").form(path, parts(step), key=command_key)
    again = api("lin").form(path, parts(step), key=command_key)
    assert first.status_code == again.status_code == 200, again.get_json()
    assert first.get_json()["next"] == again.get_json()["next"]
    trace = api("gao").get(f"/api/process-instances/{instance}/trace").get_json()
    done = [entry for entry in trace["entries"] if entry["kind"] == "user_task.completed.v2"]
    assert len(done) == 1
    assert len(done[0]["attachments"]) == len(step.materials)


def test_a_refused_completion_keeps_files_and_doubles_none(api: Any) -> None:
    """Files of a refused attempt stay in the draft; sending them again adds nothing."""
    step = _case("plain").steps[0]
    key = open_task(api, "lin", started(api), "Receipt")
    path = f"/api/user-tasks/{key}/complete"
    wrong = {**parts(step), "variables": json.dumps({**step.variables, "phone": "123"})}
    answer = api("lin").form(path, wrong)
    assert answer.status_code == 422
    assert "phone" in {error["place"] for error in answer.get_json()["errors"]}
    assert api("lin").form(path, parts(step)).status_code == 200


def test_a_second_click_is_told_so(api: Any) -> None:
    """Completing a completed user task is 409."""
    step = _case("plain").steps[0]
    instance = started(api)
    key = open_task(api, "lin", instance, "Receipt")
    assert api("lin").form(f"/api/user-tasks/{key}/complete", parts(step)).status_code == 200
    answer = api("lin").form(f"/api/user-tasks/{key}/complete", parts(step))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "user_task.not_open")
    trace = api("gao").get(f"/api/process-instances/{instance}/trace").get_json()
    kinds = [entry["kind"] for entry in trace["entries"]]
    assert kinds.count("command.refused.v2") == 1


def test_a_draft_and_its_files_travel_with_a_bare_completion(api: Any) -> None:
    """The Camunda-shaped completion takes variables and opinion from the draft."""
    step = _case("plain").steps[0]
    instance = started(api)
    key = open_task(api, "lin", instance, "Receipt")
    lin = api("lin")
    draft = {"data": dict(step.variables), "outcome": "register", "opinion": "已收。"}
    assert lin("PUT", f"/api/user-tasks/{key}/draft", json=draft).status_code == 200
    for code in step.materials:
        kind, name, make = FILES[code]
        upload = {"kind": kind, "code": code, "file": (io.BytesIO(make()), name)}
        assert lin.form(f"/api/user-tasks/{key}/draft/files", upload).status_code == 201
    shown = lin.get(f"/api/user-tasks/{key}/draft").get_json()
    assert shown["opinion"] == "已收。"
    assert {file["code"] for file in shown["files"]} == set(step.materials)
    assert lin.post(f"/v2/user-tasks/{key}/completion", {"action": "register"}).status_code == 204
    trace = api("gao").get(f"/api/process-instances/{instance}/trace").get_json()
    done = [entry for entry in trace["entries"] if entry["kind"] == "user_task.completed.v2"]
    assert done[0]["opinion"] == "已收。"


def test_a_program_under_the_name_of_a_photo_is_refused(api: Any) -> None:
    """The type is read from the content; the answer names the reason."""
    key = open_task(api, "lin", started(api), "Receipt")
    upload = {"kind": "photo", "code": "", "file": (io.BytesIO(samples.disguised_program()), "现场.jpg")}
    answer = api("lin").form(f"/api/user-tasks/{key}/draft/files", upload)
    assert answer.status_code == 422
    assert answer.get_json()["code"].startswith("file.type")


def test_undeclared_fields_are_refused_by_name(api: Any) -> None:
    """A field that the form does not have is never merged."""
    step = _case("plain").steps[0]
    key = open_task(api, "lin", started(api), "Receipt")
    wrong = {**parts(step), "variables": json.dumps({**step.variables, "limits": {"income": 1}})}
    answer = api("lin").form(f"/api/user-tasks/{key}/complete", wrong)
    assert answer.status_code == 422
    assert "limits" in {error["place"] for error in answer.get_json()["errors"]}


def test_taking_and_giving_back(api: Any) -> None:
    """Assignment in Camunda's shape; who has not the task may not complete it."""
    instance = started(api)
    key = open_task(api, "lin", instance, "Receipt")
    assert api("lin").post(f"/v2/user-tasks/{key}/assignment", {"assignee": "lin"}).status_code == 204
    assert api("lin").get(f"/v2/user-tasks/{key}").get_json()["assignee"] == "lin"
    kept = api("lin").post(f"/v2/user-tasks/{key}/assignment", {"assignee": "lin", "allowOverride": False})
    assert kept.status_code == 409
    assert api("lin")("DELETE", f"/v2/user-tasks/{key}/assignee").status_code == 204
    assert api("lin").get(f"/v2/user-tasks/{key}").get_json()["assignee"] is None


def test_a_file_is_handed_out_as_it_came(api: Any) -> None:
    """The same bytes, sandboxed, with the name it was given."""
    key = open_task(api, "lin", started(api), "Receipt")
    upload = {"kind": "attachment", "code": "application", "file": (io.BytesIO(samples.application()), "申请书.pdf")}
    file = api("lin").form(f"/api/user-tasks/{key}/draft/files", upload).get_json()
    answer = api("lin").get(f"/api/files/{file['key']}")
    assert answer.get_data() == samples.application()
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "filename*=UTF-8''%E7%94%B3" in answer.headers["Content-Disposition"]
    assert api("lin")("DELETE", f"/api/user-tasks/{key}/draft/files/{file['key']}").status_code == 204
    assert api("lin").get(f"/api/files/{file['key']}").status_code == 404


def test_verbs_of_approval_over_http(api: Any) -> None:
    """Each once per Idempotency-Key, refused with a code of its own; the trace tells them all."""
    instance = started(api)
    key = open_task(api, "lin", instance, "Receipt")
    lin, wang = api("lin"), api("wang")
    assert lin.post(f"/api/user-tasks/{key}/cc", {"people": ["zhou"]}).get_json() == {"copied": 1}
    assert lin.get(f"/api/process-instances/{instance}/copies").get_json()["copies"][0]["username"] == "zhou"
    assert api("zhou").post(f"/api/process-instances/{instance}/copies/read", {}).status_code == 204
    assert lin.post(f"/api/user-tasks/{key}/urge", {}).get_json() == {"urged": 1}
    again = lin.post(f"/api/user-tasks/{key}/urge", {})
    assert (again.status_code, again.get_json()["code"]) == (409, "urge.too_soon")
    back = lin.post(f"/api/user-tasks/{key}/send-back", {"target": "Acceptance", "opinion": "x"})
    assert (back.status_code, back.get_json()["code"]) == (422, "verb.not_offered")
    own = lin.post(f"/api/user-tasks/{key}/transfer", {"person": "lin", "opinion": "x"})
    assert own.get_json()["code"] == "person.oneself"
    assert lin.post(f"/api/user-tasks/{key}/add-sign", {"people": ["wang"]}).status_code == 204
    mine = {"filter": {"processInstanceKey": instance, "assignee": "wang"}}
    theirs = wang.post("/v2/user-tasks/search", mine).get_json()["items"][0]["userTaskKey"]
    assert wang.post(f"/api/user-tasks/{theirs}/sign", {"agree": True, "opinion": "可以"}).status_code == 204
    assert lin.post(f"/api/user-tasks/{key}/transfer", {"person": "wang", "opinion": "外出"}).status_code == 204
    kinds = [e["kind"] for e in api("gao").get(f"/api/process-instances/{instance}/trace").get_json()["entries"]]
    assert [kind for kind in kinds if not kind.startswith("command.")][1:] == [
        "process_instance.copied.v1",
        "process_instance.urged.v1",
        "user_task.signers_added.v1",
        "user_task.signed.v1",
        "user_task.transferred.v1",
    ]
    assert api("gao").post(f"/api/process-instances/{instance}/verification").get_json()["ok"] is True
