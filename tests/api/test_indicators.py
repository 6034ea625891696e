"""/api/indicators: read by code and day, proposed, published by another."""

from typing import Any


def test_a_version_from_proposal_to_value(api: Any, command_key: str) -> None:
    """A district's keeper proposes, the city publishes, whoever asks for that day gets it."""
    quan, lu, lin = api("quan"), api("lu"), api("lin")
    body = {
        "code": "dibao.standard.rural",
        "name": "农村低保标准",
        "kind": "admission_criterion",
        "value_type": "number",
        "value": "650.50",
        "unit": "元/人·月",
        "law": "柳川区民政局通知",
        "district": "JH-LC",
        "valid_from": "2099-01-01",
        "reason": "物价上涨",
    }
    made = quan.post("/api/indicators", body, key=command_key)
    assert made.status_code == 201, made.get_json()
    again = quan.post("/api/indicators", body, key=command_key)
    assert again.get_json()["key"] == made.get_json()["key"]
    place = f"/api/indicator-versions/{made.get_json()['key']}/decision"
    own = quan.post(place, {"publish": True, "reason": "自己审"})
    assert (own.status_code, own.get_json()["code"]) == (403, "indicator.same_person")
    done = lu.post(place, {"publish": True, "reason": "同意"})
    assert (done.status_code, done.get_json()["state"]) == (200, "published")
    asked = "/api/indicators/dibao.standard.rural?district=JH-LC&day="
    assert [lin.get(asked + day).get_json()["value"] for day in ("2098-12-31", "2099-01-01")] == ["620", "650.50"]
    assert lin.get("/api/indicators/dibao.standard.rural?day=soon").status_code == 422
    assert lin.get("/api/indicators/no.such").status_code == 404
    rows = {row["code"]: row for row in lin.get("/api/indicators").get_json()["indicators"]}
    assert rows["dibao.standard.urban"]["today"]["district_limits"] == {"low": "780", "high": "900"}
    versions = lin.get("/api/indicators/dibao.standard.rural/versions").get_json()["versions"]
    assert [(one["state"], one["indicator"]["district"]) for one in versions][:2] == [
        ("published", "JH-LC"),
        ("published", "JH-LC"),
    ]


def test_a_wrong_value_is_refused_with_its_code(api: Any) -> None:
    """A value outside of what the city allows, and one of another kind."""
    common = {
        "code": "dibao.standard.rural",
        "name": "农村低保标准",
        "kind": "admission_criterion",
        "value_type": "number",
        "unit": "元/人·月",
        "law": "通知",
        "district": "JH-LC",
        "valid_from": "2099-06-01",
        "reason": "调整",
    }
    for value, code in (("9000", "indicator.outside_city_limits"), ("很多", "indicator.value")):
        answer = api("quan").post("/api/indicators", {**common, "value": value})
        assert (answer.status_code, answer.get_json()["code"]) == (422, code)


def test_the_pages_propose_and_decide(browser: Any) -> None:
    """What is wrong stays in the form with the reason; what is right waits for somebody else, who sees a button."""
    lu, token = browser("lu")
    typed = {
        "csrf_token": token,
        "code": "dibao.visitors",
        "name": "入户调查人数下限",
        "kind": "technical_standard",
        "value_type": "number",
        "value": "三",
        "unit": "人",
        "law": "市民政局通知",
        "valid_from": "2099-01-01",
        "reason": "加强入户调查",
    }
    wrong = lu.post("/indicators/new", data=typed)
    assert wrong.status_code == 422
    assert "加强入户调查" in wrong.get_data(as_text=True)
    made = lu.post("/indicators/new", data={**typed, "value": "3"})
    assert (made.status_code, made.headers["Location"]) == (303, "/indicators/dibao.visitors")
    button = 'name="publish" value="yes"'
    assert button not in lu.get("/indicators/dibao.visitors").get_data(as_text=True)
    cui, token = browser("cui")
    page = cui.get("/indicators/dibao.visitors").get_data(as_text=True)
    assert button in page
    version = page.split('name="version" value="')[1].split('"')[0]
    decided = {"csrf_token": token, "version": version, "publish": "yes", "reason": "同意"}
    assert cui.post("/indicators/dibao.visitors/decision", data=decided).status_code == 303
    assert cui.post("/indicators/dibao.visitors/decision", data=decided).status_code == 409
    assert button not in cui.get("/indicators/dibao.visitors").get_data(as_text=True)
    prefilled = cui.get("/indicators/new?code=dibao.visitors").get_data(as_text=True)
    assert 'value="入户调查人数下限"' in prefilled


def test_a_trial_by_page_tells_its_answer(browser: Any) -> None:
    """An inspector tries a check on a sample case; a number that is no case is told on the same page."""
    gao, token = browser("gao")
    form = {"csrf_token": token, "place": "dibao#Gateway_Supervision#income", "number": "DB-2026-000001"}
    answer = gao.post("/checks/THR-01/trial", data=form)
    assert answer.status_code == 200
    assert 'data-trial="clear"' in answer.get_data(as_text=True)
    assert gao.post("/checks/THR-01/trial", data={**form, "number": "DB-1"}).status_code == 404
    assert "dibao#Receipt#" not in gao.get("/checks/XDB-02").get_data(as_text=True)
    ji, _ = browser("ji")
    assert "dibao#Receipt#kin_of_cadre" in ji.get("/checks/XDB-02").get_data(as_text=True)
