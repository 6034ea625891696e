"""Alerts, the dashboard over them and the desk, by program and by page."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.service.bootstrap import DEMONSTRATION_PASSWORD

FIGURE = re.compile(r'<a class="(?:figure num|card-link)" data-count="(\d+)"[^>]* href="([^"]+)"')
TOTAL = re.compile(r"<b class=\"num\" data-total>(\d+)</b>")


@pytest.fixture(scope="module")
def supervisor(app: Flask) -> FlaskClient:
    """The browser of the district's supervisor."""
    browser = app.test_client()
    answer = browser.post("/test-doors/sign-in", data={"username": "ren", "password": DEMONSTRATION_PASSWORD})
    assert answer.status_code == 200
    return browser


def found(program: Any, **conditions: object) -> dict[str, Any]:
    answer = program.post("/api/alerts/search", {"filter": conditions})
    assert answer.status_code == 200, answer.get_json()
    body: dict[str, Any] = answer.get_json()
    assert body["total"] == len(body["items"]) or body["next_cursor"]
    return body


def test_alerts_are_searched_by_what_figures_count(api: Any) -> None:
    """By state, level, unit, business, verdict, light and day; one page after the other."""
    ren = api("ren")
    everything = found(ren)
    assert everything["total"] > 2
    penalties = found(ren, process_id="penalty", state="open")["items"]
    assert [(one["code"], one["unit_name"], one["state"]) for one in penalties] == [
        ("THR-02", "清河区民政局", "raised")
    ]
    assert found(ren, unit="JH-QH", process_id="dibao")["total"] == 0
    assert found(ren, raised_until="2020-01-01")["total"] == 0
    assert found(ren, verdict="true")["total"] == 0
    first = ren.post("/api/alerts/search", {"limit": 1}).get_json()
    second = ren.post("/api/alerts/search", {"limit": 100, "after": first["next_cursor"]}).get_json()
    assert [one["key"] for one in first["items"] + second["items"]] == [one["key"] for one in everything["items"]]
    assert api("yan").post("/api/alerts/search").get_json()["total"] < everything["total"]


def handled(program: Any, path: str, *steps: tuple[str, dict[str, str]]) -> None:
    for step, more in steps:
        answer = program.post(f"{path}/steps", {"step": step, "opinion": "已核实。", **more})
        assert answer.status_code == 200, answer.get_json()


REST: tuple[tuple[str, dict[str, str]], ...] = (("verify", {"verdict": "true"}), ("rectify", {}), ("feed_back", {}))


@pytest.fixture
def cleared(api: Any) -> None:
    """The alert of the penalty has been through its life."""
    (alert,) = found(api("ren"), process_id="penalty", code="THR-02")["items"]
    if alert["state"] != "cleared":
        path = f"/api/alerts/{alert['key']}"
        handled(api("ren"), path, ("sign", {}), *REST)
        handled(api("xiang"), path, ("review", {}), ("clear", {}))


def test_an_alert_is_taken_on_by_program_once(api: Any) -> None:
    """Read with its evidence; a step by its key is done once; problems say what is wrong; the reviewer is another."""
    ren, xiang = api("ren"), api("xiang")
    key = found(ren, process_id="dibao", code="THR-01", name="家庭车辆价值")["items"][0]["key"]
    path = f"/api/alerts/{key}"
    seen = ren.get(path).get_json()
    assert (seen["offered"], seen["evidence"]["value"] > 100_000, seen["clerk_name"]) == (["sign"], True, "陈洁")
    for _ in range(2):
        signed = ren.post(f"{path}/steps", {"step": "sign", "version": seen["version"]}, key="sign-the-alert")
        assert (signed.status_code, signed.get_json()["state"]) == (200, "signed")
    stale = ren.post(f"{path}/steps", {"step": "verify", "version": seen["version"], "opinion": "x", "verdict": "true"})
    assert (stale.status_code, stale.get_json()["code"]) == (409, "alert.changed")
    bare = ren.post(f"{path}/steps", {"step": "verify"}).get_json()
    assert (bare["code"], sorted(one["place"] for one in bare["errors"])) == (
        "alert.incomplete", ["opinion", "verdict"],
    )  # fmt: skip
    assert ren.post(f"{path}/steps", {"step": "forget"}).get_json()["code"] == "request.invalid"
    handled(ren, path, *REST)
    own = ren.post(f"{path}/steps", {"step": "review", "opinion": "同意。"})
    assert (own.status_code, own.get_json()["code"]) == (403, "alert.same_person")
    assert xiang.post(f"{path}/steps", {"step": "review", "opinion": "同意。"}).status_code == 200
    cleared = xiang.post(f"{path}/steps", {"step": "clear"}).get_json()
    assert (cleared["state"], cleared["verdict"], len(cleared["history"])) == ("cleared", "true", 6)
    assert api("yan").get("/api/alerts/1").get_json()["code"] == "alert.not_found"
    assert api("gao").post(f"{path}/steps", {"step": "sign"}).get_json()["code"] == "access.not_allowed"


@pytest.mark.usefixtures("cleared")
def test_every_figure_of_the_dashboard_opens_a_list_of_that_many(api: Any, supervisor: FlaskClient) -> None:
    """The page's links lead to lists that say the same number; some are not zero, of every kind."""
    page = supervisor.get("/supervision?months=3").get_data(as_text=True)
    figures = {(int(count), html.unescape(link)) for count, link in FIGURE.findall(page)}
    assert len(figures) > 25
    counted = [link for count, link in figures if count]
    for kind in ("level=", "light=", "unit=", "process_id=", "raised_from=", "cleared_from=", "took=", "verdict="):
        assert any(kind in link for link in counted), kind
    for count, link in sorted(figures):
        listed = TOTAL.search(supervisor.get(link).get_data(as_text=True))
        assert listed is not None
        assert int(listed[1]) == count, link
    total = found(api("ren"), state="open")["total"]
    assert f'data-count="{total}" href="/alerts?state=open"' in page


def test_no_silent_finding_is_counted_anywhere(api: Any, supervisor: FlaskClient) -> None:
    """The desk has judged; the dashboard and the lists of the unit know nothing of it."""
    desk = api("ji").get("/api/discipline/reports?limit=1").get_json()
    assert desk["judged"] >= 1
    page = supervisor.get("/supervision").get_data(as_text=True) + supervisor.get("/alerts?state=all").get_data(True)
    assert "XDB-02" not in page
    assert api("ji").get("/api/discipline/reports/none").get_json()["code"] == "discipline.not_found"
    assert api("ji").get("/api/discipline/reports?after=x").get_json()["code"] == "list.cursor"
    assert api("ji").get("/api/discipline/reports?limit=0").get_json()["code"] == "request.invalid"


def test_a_limit_is_shown_as_its_last_day(supervisor: FlaskClient) -> None:
    """Not as the midnight after it."""
    page = supervisor.get("/alerts?state=all").get_data(as_text=True)
    cells = re.findall(r'<td data-title="期限"><time datetime="([^"]+)">([^<]+)</time>', page)
    cells = cells or re.findall(r'<td data-title="[^"]*"><time datetime="([^"]+T16:00:00[^"]*)">([^<]+)</time>', page)
    assert cells
    assert all(shown == instant[:10] for instant, shown in cells)
