"""What supervisors and keepers do by page and program: the working calendar, exemptions."""

from datetime import UTC, datetime, timedelta
from typing import Any


def test_a_notice_is_entered_for_a_year_that_nobody_knew(api: Any) -> None:
    """The year says that it is unknown until the notice; a bad day changes nothing."""
    luo, lin = api("luo"), api("lin")
    assert "data-unknown-year" in lin.get("/calendar?year=2031").text
    typed = {"source": "国办发明电〔2030〕9号", "known": "yes", "off": "2031-01-01 2031-01-23~2031-01-24"}
    typed["worked"] = "soon"
    refused = luo("POST", "/calendar/2031", data=typed)
    assert (refused.status_code, "soon" in refused.text) == (422, True)
    assert "data-unknown-year" in refused.text
    assert luo("POST", "/calendar/2031", data={**typed, "worked": "2031-01-25"}).status_code == 303
    text = lin.get("/calendar?year=2031").text
    assert "data-unknown-year" not in text
    assert text.count("国办发明电〔2030〕9号") >= 4
    assert all(f'datetime="2031-01-{day}"' in text for day in ("01", "25"))
    assert 'data-day="worked" data-edited' in text


def test_an_exemption_is_granted_seen_by_the_discipline_body_and_ended(api: Any, command_key: str) -> None:
    """By program and by page; the same command again grants nothing more; without a reason what was typed stays."""
    yan, ji = api("yan"), api("ji")
    until = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
    body = {"kind": "suppression", "code": "XDB-03", "scope": "unit", "reason": "批复〔2026〕5号", "until": until}
    made = yan.post("/api/exemptions", body, key=command_key)
    assert (made.status_code, made.get_json()["open"]) == (201, True)
    key = made.get_json()["key"]
    assert yan.post("/api/exemptions", body, key=command_key).get_json()["key"] == key
    (seen,) = ji.get("/api/exemptions?open=true&code=XDB-03").get_json()["exemptions"]
    assert (seen["key"], seen["person_name"], seen["unit_name"]) == (key, "严谨", "柳荫街道")
    assert "data-open-exemptions" in ji.get("/discipline").text
    assert f'data-exemption="{key}"' in ji.get("/exemptions").text
    assert 'name="until"' not in ji.get("/exemptions").text
    typed = {"kind": "exemption", "check": "XDB-03", "scope": "unit", "reason": "", "until": until}
    refused = yan("POST", "/exemptions", data=typed)
    assert (refused.status_code, until in refused.text) == (422, True)
    assert yan("POST", f"/exemptions/{key}/end").status_code == 303
    assert ji.get("/api/exemptions?open=true").get_json()["exemptions"] == []
    assert yan.post(f"/api/exemptions/{key}/end").get_json()["code"] == "exemption.ended"
