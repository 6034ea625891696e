"""The task centre: what its numbers and filters say, what a person keeps for themselves, and what they are told."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from engine.model.personal import NoticeKind
from engine.service import notices, people, printouts
from engine.store.embedded import Dsns
from engine.store.people import account_by_username
from web import db

Window = tuple[FlaskClient, str]
Browser = Callable[..., Window]


def rows(answer: TestResponse) -> list[str]:
    """The case numbers that a list shows."""
    return re.findall(r"data-open>([A-Z]+-\d{4}-\d{6})<", answer.text)


def number(answer: TestResponse, name: str) -> int:
    found = re.search(rf"{name}<b class=\"num\">(\d+)</b>", answer.text)
    assert found is not None, name
    return int(found.group(1))


def send(window: Window, path: str, **fields: str) -> TestResponse:
    client, token = window
    return client.post(path, data={"csrf_token": token, **fields})


def unread(window: Window) -> int:
    return int(window[0].get("/notices/count").get_json()["unread"])


@pytest.fixture
def case(api: Any) -> str:
    """The number of a case that lin has just started."""
    answer = api("lin").post("/v2/process-instances", {"processDefinitionId": "dibao"})
    return str(
        api("lin").get(f"/v2/process-instances/{answer.get_json()['processInstanceKey']}").get_json()["caseNumber"]
    )


def test_a_number_opens_as_many_rows(browser: Browser, case: str) -> None:
    """The cards and their lists are counted by the same conditions."""
    lin, _ = browser("lin")
    home = lin.get("/?tab=todo")
    assert case in rows(home)
    for name, query in (
        ("待办", "tab=todo"),
        ("临期", "tab=todo&only=near"),
        ("超期", "tab=todo&only=overdue"),
        ("预警", "tab=todo&only=warned"),
    ):
        assert number(home, name) == len(rows(lin.get(f"/?{query}")))


def test_search_finds_what_rests_encrypted(browser: Browser, case: str) -> None:
    """By part of a number and by the words of process and node together; nothing else is shown."""
    lin, _ = browser("lin")
    assert rows(lin.get(f"/?tab=todo&text={case[-4:]}")).count(case) == 1
    assert case in rows(lin.get("/?tab=todo&text=低保 收件"))
    nothing = lin.get("/?tab=todo&text=no-such-word")
    assert rows(nothing) == []
    assert "no-such-word" in nothing.text


def test_a_filter_is_kept_under_a_name_for_its_owner(browser: Browser) -> None:
    """As a link; what makes no filter is left out of it, and nobody else sees or forgets it."""
    lin, zhao = browser("lin"), browser("zhao")
    assert send(lin, "/filters", name="我的", query="tab=todo&only=warned&cursor=x&evil=1").status_code == 303
    page = lin[0].get("/?tab=todo").text
    link = re.search(r'href="/\?([^"]*)"><svg[^>]*><use[^>]*></use></svg>我的', page)
    assert link is not None
    assert link.group(1) == "tab=todo&amp;only=warned"
    key = re.search(r"/filters/(\d+)/removal", page)
    assert key is not None
    assert "我的</a>" not in zhao[0].get("/?tab=todo").text
    send(zhao, f"/filters/{key.group(1)}/removal")
    assert "我的</a>" in lin[0].get("/?tab=todo").text
    send(lin, f"/filters/{key.group(1)}/removal")
    assert "我的</a>" not in lin[0].get("/?tab=todo").text


def test_a_new_task_is_news_until_it_is_opened(browser: Browser, api: Any, case: str) -> None:
    """Counted by the bell and listed; opening it, or marking all, makes it news no more."""
    lin = browser("lin")
    before = unread(lin)
    assert before > 0
    assert case in lin[0].get("/notices").text
    found = api("lin").post("/v2/user-tasks/search", {"filter": {"state": "CREATED"}}).get_json()["items"][0]
    lin[0].get(f"/user-tasks/{found['userTaskKey']}")
    assert unread(lin) == before - 1
    send(lin, "/notices/all")
    assert unread(lin) == 0


def test_what_others_did_is_told_and_marked_as_read(app: Flask, browser: Browser, api: Any, case: str) -> None:
    """Who urges is not told of it; opening the notice leads to the task and takes it off the bell."""
    lin = browser("lin")
    send(lin, "/notices/all")
    found = api("lin").post("/v2/user-tasks/search", {"filter": {"state": "CREATED"}}).get_json()["items"][0]
    with app.app_context(), db.unit_of_work() as uow:
        accounts = [account_by_username(uow, name) for name in ("lin", "zhao")]
        keys = [account.key for account in accounts if account]
        notices.tell(
            uow,
            [*keys, *keys],
            NoticeKind.URGED,
            by=people.actor(uow, keys[1]),
            instance_key=int(found["processInstanceKey"]),
            user_task_key=int(found["userTaskKey"]),
        )
    assert unread(lin) == 1
    page = lin[0].get("/notices").text
    assert "催办" in page
    assert "来自赵明" in page
    key = re.search(r'action="/notices/(\d+)"', page)
    assert key is not None
    answer = send(lin, f"/notices/{key.group(1)}", task=found["userTaskKey"])
    assert answer.headers["Location"] == f"/user-tasks/{found['userTaskKey']}"
    assert unread(lin) == 0


def test_settings_are_a_persons_own(browser: Browser) -> None:
    """Language with the account; no way of being told that the unit does not offer; phrases, each once."""
    sun = browser("sun")
    send(sun, "/settings", locale="en", email="sun@example.gov.cn", by_email="on")
    page = browser("sun")[0].get("/settings").text
    assert "Tell me by mail" in page
    assert 'value="sun@example.gov.cn"' in page
    send(sun, "/settings", locale="en", email="sun@example.gov.cn", by_webhook="on")
    assert "Your unit does not send notices that way" in sun[0].get("/settings").text
    send(sun, "/settings", locale="zh_Hans_CN", email="no address")
    assert "邮箱格式" in browser("sun")[0].get("/settings").text or "mail address" in sun[0].get("/settings").text
    for phrase in ("情况属实。", "情况属实。", "  "):
        send(sun, "/settings/phrases", text=phrase)
    page = sun[0].get("/settings").text
    assert page.count('value="情况属实。"') == 1
    key = re.search(r"/settings/phrases/(\d+)", page)
    assert key is not None
    send(browser("lin"), f"/settings/phrases/{key.group(1)}", text="别人的")
    send(sun, f"/settings/phrases/{key.group(1)}", text="经核查，情况属实。")
    assert 'value="经核查，情况属实。"' in sun[0].get("/settings").text
    send(sun, f"/settings/phrases/{key.group(1)}", remove="1")
    assert "情况属实" not in sun[0].get("/settings").text


def test_the_preview_is_for_those_who_may_read_the_case(browser: Browser, api: Any, case: str) -> None:
    """It shows the case beside the list, and nothing of what is not there."""
    found = api("lin").post("/v2/user-tasks/search", {"filter": {"state": "CREATED"}}).get_json()["items"][0]
    address = f"/user-tasks/{found['userTaskKey']}/preview"
    assert case in browser("lin")[0].get(address).text
    assert browser("lin")[0].get("/user-tasks/1/preview").status_code == 404


def test_a_print_out_can_be_checked_by_anybody(
    app: Flask, browser: Browser, api: Any, case: str, module_database: Dsns
) -> None:
    """The code leads to number and seal, not to content; an entry that is altered afterwards is told."""
    lin = browser("lin")
    found = api("lin").post("/v2/process-instances/search", {"filter": {"caseNumber": case}}).get_json()["items"][0]
    answer = send(lin, f"/cases/{found['processInstanceKey']}/print")
    assert answer.mimetype == "application/pdf"
    with app.app_context(), db.unit_of_work() as uow:
        code = uow.rows(
            text("select code from printout where instance_key = :k"), {"k": int(found["processInstanceKey"])}
        )[0][0]
    stranger, _ = browser()
    page = stranger.get(f"/verify?code={printouts.spaced(code).lower()}")
    assert case in page.text
    assert "与打印时一致" in page.text
    assert hashlib.sha256(answer.data).hexdigest() in page.text
    assert stranger.get("/verify?code=AAAA-AAAA-AAAA-AAAA").status_code == 404
    with psycopg.connect(module_database.owner) as owner:
        owner.execute("update printout set head_hash = '\\x00' where code = %s", [code])
    assert "不一致" in stranger.get(f"/verify?code={code}").text
