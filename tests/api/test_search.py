"""Searches in Camunda's shape: filters, pages, order."""

from typing import Any

import pytest
from flask import Flask

from engine.model.actors import Client, Scope
from engine.service import people
from engine.service.bootstrap import DEMONSTRATION_PASSWORD
from web import db

CLERK = "solitary"


@pytest.fixture(scope="module")
def cases(app: Flask) -> list[str]:
    """Five cases of a clerk in a unit without any others, oldest first."""
    new = people.NewPerson(
        username=CLERK,
        name="独自",
        unit_code="JH-LC-02-02",
        password=DEMONSTRATION_PASSWORD,
        positions=(("community_worker", "社区经办人"),),
        roles=(("clerk", Scope.UNIT),),
        demonstration=True,
    )
    with app.app_context(), db.unit_of_work() as uow:
        people.create(uow, new, None, Client(channel="cli"))
    program = app.test_client(use_cookies=False)
    body = {"username": CLERK, "password": DEMONSTRATION_PASSWORD}
    headers = {"Authorization": f"Bearer {program.post('/api/tokens', json=body).get_json()['token']}"}
    start = {"processDefinitionId": "dibao"}
    return [
        program.post("/v2/process-instances", json=start, headers=headers).get_json()["processInstanceKey"]
        for _ in range(5)
    ]


def _found(api: Any, path: str, body: dict[str, Any]) -> Any:
    answer = api(CLERK).post(path, body)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_pages_follow_each_other_without_gap_or_overlap(api: Any, cases: list[str]) -> None:
    """Walking with endCursor meets every case once, newest first."""
    seen: list[str] = []
    page: dict[str, Any] = {"limit": 2}
    while True:
        found = _found(api, "/v2/process-instances/search", {"page": page})
        seen += [item["processInstanceKey"] for item in found["items"]]
        if not found["page"]["hasMoreTotalItems"]:
            break
        page = {"limit": 2, "after": found["page"]["endCursor"]}
    assert seen == cases[::-1]


def test_rows_can_be_skipped(api: Any, cases: list[str]) -> None:
    """`from` skips rows of the list."""
    found = _found(api, "/v2/process-instances/search", {"page": {"from": 3, "limit": 10}})
    assert [item["processInstanceKey"] for item in found["items"]] == cases[1::-1]
    assert found["page"]["totalItems"] == 5


def test_a_filter_that_fits_one_row(api: Any, cases: list[str]) -> None:
    """A condition is met by the right row only; a page is filled from as far back as needed."""
    for key in cases:
        found = _found(api, "/v2/process-instances/search", {"filter": {"processInstanceKey": key}})
        assert [item["processInstanceKey"] for item in found["items"]] == [key]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ({"elementId": "Receipt"}, 5),
        ({"elementId": {"$in": ["Receipt", "Acceptance"]}}, 5),
        ({"elementId": {"$neq": "Receipt"}}, 0),
        ({"elementId": {"$like": "Rec*t"}}, 5),
        ({"elementId": {"$like": "rec*"}}, 0),
        ({"assignee": {"$exists": False}}, 5),
        ({"assignee": "lin"}, 0),
        ({"candidateGroup": "community_worker"}, 5),
        ({"candidateGroup": {"$in": ["street_leader"]}}, 0),
        ({"state": "COMPLETED"}, 0),
        ({"processDefinitionId": "dibao", "state": {"$eq": "CREATED"}}, 5),
        ({"tenantId": "<default>"}, 5),
    ],
)
@pytest.mark.usefixtures("cases")
def test_conditions_on_user_tasks(api: Any, condition: dict[str, Any], count: int) -> None:
    """Camunda's operators mean what they say."""
    assert len(_found(api, "/v2/user-tasks/search", {"filter": condition})["items"]) == count


@pytest.mark.usefixtures("cases")
def test_definitions(api: Any) -> None:
    """The deployed process is found, shown, and handed out as the file that was deployed."""
    body = {"filter": {"processDefinitionId": "dibao", "isLatestVersion": True}}
    found = _found(api, "/v2/process-definitions/search", body)
    assert len(found["items"]) == 1
    key = found["items"][0]["processDefinitionKey"]
    assert api("lin").get(f"/v2/process-definitions/{key}").get_json()["version"] == 1
    xml = api("lin").get(f"/v2/process-definitions/{key}/xml")
    assert xml.mimetype == "text/xml"
    assert b"dibao" in xml.get_data()


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"sort": [{"field": "name"}]}, "sort"),
        ({"page": {"limit": 100_000}}, "page.limit"),
        ({"page": {"limit": "many"}}, "page.limit"),
        ({"filter": {"elementId": {"$regex": ".*"}}}, "filter.elementId"),
        ({"filter": {"elementId": None}}, "filter.elementId"),
        ({"filter": []}, "filter"),
    ],
)
def test_what_we_cannot_do_is_said(api: Any, body: dict[str, Any], place: str) -> None:
    """An order, page or operator that is not offered is refused with its place."""
    answer = api("lin").post("/v2/user-tasks/search", body)
    assert answer.status_code == 422
    assert place in {error["place"] for error in answer.get_json()["errors"]}


def test_a_cursor_of_our_own_only(api: Any) -> None:
    """A made-up cursor is refused."""
    answer = api("lin").post("/v2/user-tasks/search", {"page": {"after": "made-up"}})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "list.cursor")
