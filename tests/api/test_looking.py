"""Looking is an act: a reason first, every look traced, refused ones too; the replay shows what the reader may see."""

import hashlib
import json
import re
from typing import Any

from flask.testing import FlaskClient

from engine.model.trace_entries import EntryKind
from engine.store import entries
from web import db
from web.commands import REASON_HEADER


def newest(app: Any, kind: EntryKind) -> dict[str, Any]:
    """The payload of the newest entry of a kind in the system stream."""
    with app.app_context(), db.reading() as uow:
        found = entries.newest(uow, 0, before_seq=None, limit=1, kinds=[kind.value])
    payload: dict[str, Any] = json.loads(found[0].body)["payload"]
    return payload


def a_case(api: Any, username: str = "gao") -> str:
    """The key of the oldest sample case in somebody's reach."""
    items = api(username).post("/v2/process-instances/search", {}).get_json()["items"]
    return min((str(item["processInstanceKey"]) for item in items), key=int)


def replayed(window: FlaskClient, case: str) -> dict[str, Any]:
    data: dict[str, Any] = window.get(f"/replay/{case}/data").get_json()
    return data


def test_an_inspector_says_why_before_they_look(app, api, browser) -> None:  # type: ignore[no-untyped-def]
    """Case, trace, replay and files ask for the reason once for a case; it stands in the trace of each look."""
    case = a_case(api)
    window, token = browser("gao")
    for path in (f"/cases/{case}", f"/replay/{case}", f"/replay/{case}/data", f"/replay/{case}/entries/1"):
        answer = window.get(path)
        assert answer.status_code == 403, path
        assert f"/cases/{case}/reason" in answer.get_data(as_text=True)
    program = api("gao")
    assert program("GET", f"/api/process-instances/{case}/trace", {REASON_HEADER: ""}).get_json()["code"] == (
        "case.reason_needed"
    )
    short = {"csrf_token": token, "reason": "x", "next": f"/cases/{case}"}
    assert window.post(f"/cases/{case}/reason", data=short).status_code == 422
    said = {**short, "choice": "预警核查", "reason": "第 12 号"}
    answer = window.post(f"/cases/{case}/reason", data=said)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{case}")
    assert window.get(f"/cases/{case}").status_code == 200
    assert newest(app, EntryKind.CASE_READ) == {
        "instance": case, "number": newest(app, EntryKind.CASE_READ)["number"], "view": "case",
        "reason": "预警核查 第 12 号",
    }  # fmt: skip
    assert window.get(f"/replay/{case}").status_code == 200
    assert newest(app, EntryKind.CASE_READ)["view"] == "replay"
    other = api("gao").post("/v2/process-instances/search", {}).get_json()["items"][0]["processInstanceKey"]
    assert window.get(f"/cases/{other}").status_code == 403


def test_the_replay_holds_what_moved_and_what_the_reader_may_see(api, browser) -> None:  # type: ignore[no-untyped-def]
    """All entries with recorded flows and whole seals for the inspector; for a clerk what their post may see."""
    case = a_case(api)
    window, _ = browser("gao")
    window.environ_base["HTTP_MINGJING_REASON"] = "test"
    data = replayed(window, case)
    assert [entry["seq"] for entry in data["entries"]] == list(range(1, len(data["entries"]) + 1))
    assert data["brokenAt"] is None
    flows = [moved for entry in data["entries"] for moved in entry["moved"] if moved[0] == "f"]
    assert flows
    assert all(f'id="{flow[1]}"' in data["models"][0]["xml"] for flow in flows)
    assert "report_discipline" not in data["models"][0]["xml"]
    opinions = [entry["opinion"] for entry in data["entries"] if "opinion" in entry]
    late = len(data["entries"])
    values = window.get(f"/replay/{case}/values?t={late}").get_data(as_text=True)
    differences = window.get(f"/replay/{case}/values?t={late}&against=2").get_data(as_text=True)
    assert 0 < differences.count("<tr>") < values.count("<tr>")

    lin, _ = browser("lin")
    assert lin.get(f"/replay/{case}").status_code == 200
    seen = replayed(lin, case)
    assert len(seen["entries"]) == late
    assert 0 < len([entry for entry in seen["entries"] if "opinion" in entry]) < len(opinions)
    entry = lin.get(f"/replay/{case}/entries/{late}").get_data(as_text=True)
    assert "withheld" in entry
    assert "withheld" not in window.get(f"/replay/{case}/entries/{late}").get_data(as_text=True)
    assert lin.get(f"/replay/{case}/values?t={late}").get_data(as_text=True).count("<tr>") < values.count("<tr>")
    assert lin.get(f"/replay/{case}/entries/9999").status_code == 404


def test_refused_looks_are_listed_for_the_audit_administrator(app, api, browser) -> None:  # type: ignore[no-untyped-def]
    """A case out of reach is not there for another's clerk; the attempt is, among the looks."""
    case = a_case(api)
    stranger, _ = browser("yan")
    window, _ = browser("auditor")
    reach = stranger.get(f"/replay/{case}").status_code
    missing = stranger.get("/cases/999999999999").status_code
    assert (reach, missing) == (200, 404)
    assert newest(app, EntryKind.CASE_READ_REFUSED)["instance"] == "999999999999"
    looks = window.get("/system-trace?only=looks").get_data(as_text=True)
    assert "查看办件被拒绝" in looks
    assert "已登录" not in looks
    assert window.get("/system-trace").status_code == 200


NUMBER = re.compile(r"DB-\d{4}-\d{6}")


def found(window: FlaskClient, **criteria: str) -> set[str]:
    """Numbers of the cases that a search shows."""
    answer = window.get("/cases", query_string={"reason": "投诉核查", **criteria})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    table = answer.get_data(as_text=True).partition('<table class="list">')[2].partition("</table>")[0]
    return set(NUMBER.findall(table))


def test_cases_are_found_by_everything_that_an_inspector_knows(app, browser) -> None:  # type: ignore[no-untyped-def]
    """Applicant, opinion, file name (encrypted at rest), people, unit above, node, outcome, level, state, period."""
    window, _ = browser("gao")
    everything = found(window)
    assert len(everything) == 6
    third = {"DB-2026-000003"}
    assert found(window, text="000003") == third
    assert found(window, opinion="家庭机动车 价值超过", subject="杜志") == third
    assert found(window, opinion="情况部分") == set()
    assert found(window, subject="志杜") == set()
    assert third <= found(window, file="申请书", node="集体研究") < everything
    assert third <= found(window, person="何伟", outcome="不予确认", level="critical", state="COMPLETED") < everything
    assert found(window, unit="清河区", process="低保") == everything
    assert found(window, unit="没有这个单位") == set()
    day = window.get("/cases").get_data(as_text=True)
    started = re.search(r'<time datetime="(\d{4}-\d{2}-\d{2})', day)
    assert started is not None
    assert found(window, since="2020-01-01", until="2099-01-01", shorter="1") == everything
    assert found(window, until="2020-01-01") == found(window, longer="9") == set()
    seen = newest(app, EntryKind.CASES_SEARCHED)
    assert (seen["reason"], seen["count"]) == ("投诉核查", 0)


def test_looking_for_a_name_asks_why_and_its_trace_does_not_keep_the_name(app, browser) -> None:  # type: ignore[no-untyped-def]
    """Without a reason nothing is shown; with one the trace holds a keyed hash. One character is too short."""
    window, _ = browser("gao")
    refused = window.get("/cases?subject=杜志")
    assert refused.status_code == 422
    assert "DB-2026-000003" not in refused.get_data(as_text=True)
    assert window.get("/cases?reason=x1&opinion=情").status_code == 422
    assert window.get("/cases?since=soon").status_code == 422
    assert "DB-2026-000003" in found(window, subject="杜志", level="critical")
    subject, level = newest(app, EntryKind.CASES_SEARCHED)["criteria"]
    assert (subject["field"], set(subject), level) == (
        "subject", {"field", "digest"}, {"field": "level", "value": "critical"},
    )  # fmt: skip


def test_an_export_is_traced_and_holds_no_formula(app, browser) -> None:  # type: ignore[no-untyped-def]
    """CSV and XLSX of what was found, with the hash of the file in the trace; without a reason there is none."""
    window, token = browser("gao")
    path = "/cases/export?level=critical"
    assert window.post(path, data={"csrf_token": token, "format": "csv"}).status_code == 422
    for form, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        answer = window.post(path, data={"csrf_token": token, "format": form, "reason": "季度抽查"})
        assert answer.data.startswith(begins)
        seen = newest(app, EntryKind.CASES_EXPORTED)
        assert seen["sha256"] == hashlib.sha256(answer.data).hexdigest()
        assert (seen["format"], seen["reason"], seen["count"] > 0) == (form, "季度抽查", True)
    assert "DB-2026-000003" in window.post(
        path, data={"csrf_token": token, "format": "csv", "reason": "季度抽查"}
    ).data.decode("utf-8-sig")
