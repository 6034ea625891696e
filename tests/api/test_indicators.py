"""/api/indicators: read by code and day, proposed, published by another."""

from typing import Any


def test_a_version_from_proposal_to_value(api: Any, command_key: str) -> None:
    """A district's keeper proposes, the city publishes, whoever asks for that day gets it."""
    fang, lu, lin = api("fang"), api("lu"), api("lin")
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
    made = fang.post("/api/indicators", body, key=command_key)
    assert made.status_code == 201, made.get_json()
    again = fang.post("/api/indicators", body, key=command_key)
    assert again.get_json()["key"] == made.get_json()["key"]
    place = f"/api/indicator-versions/{made.get_json()['key']}/decision"
    own = fang.post(place, {"publish": True, "reason": "自己审"})
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
        answer = api("fang").post("/api/indicators", {**common, "value": value})
        assert (answer.status_code, answer.get_json()["code"]) == (422, code)
