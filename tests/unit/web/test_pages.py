"""Every page renders, in both languages, with everything on it and with nothing; and never as somebody's markup."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, g, render_template, session

from engine.model.approval import ApprovalOptions, Countersign, Disagreement, Verb, Vote
from engine.model.case_queries import CaseQuery
from engine.model.errors import Detail, Invalid
from engine.model.ids import DefinitionKey, DeploymentKey, Digest, ElementId, PersonKey, UserTaskKey
from engine.model.operations import Figure
from engine.model.personal import NoticeRule
from engine.model.views import InstanceState, Page
from engine.model.worklists import Only
from engine.service.approval_table import ApprovalRow
from engine.service.verb_pages import VerbPage
from engine.store.approval import ColleagueRecord, SigningRecord
from engine.store.definitions import DefinitionRow
from engine.store.people import PersonRow
from tests.unit.web import calendar_samples, exemption_samples, operation_samples, proof_samples, sweep_samples
from tests.unit.web import library_samples as library
from tests.unit.web import page_samples as samples
from tests.unit.web import personal_samples as personal
from tests.unit.web import supervision_samples as watched
from web import auth, converters, languages, pages, problems
from web.pages.attempts import Attempt

TEMPLATES = Path(pages.__file__).parent.parent / "templates"
SIGNER = SigningRecord(
    key=UserTaskKey(502),
    parent_key=UserTaskKey(501),
    manner="before",
    asked_by=PersonKey(2001),
    person_key=PersonKey(2002),
    person_name="钱受理",
    username="qian",
    state="CREATED",
    outcome_code=None,
)
VERBS = VerbPage(
    task=samples.task(),
    options=ApprovalOptions(verbs=dict.fromkeys(Verb, "")),
    verbs=tuple(Verb),
    targets=(("Receipt", "收件"),),
    colleagues=(ColleagueRecord(username="qian", name="钱受理", unit_name="柳荫街道", busy=3),),
    signers=(SIGNER,),
    asked=True,
    direct=True,
)
PEOPLE = (
    PersonRow(
        key=samples.actor("clerk").person_key,
        username="zhao",
        name="赵敏",
        unit_name="柳荫街道",
        positions=("街道受理人",),
        roles=("clerk", "security_admin"),
        disabled=True,
        demonstration=True,
    ),
)
TASK = samples.task()
ENDED = samples.case(InstanceState.COMPLETED)
NOTHING: Page[object] = Page(rows=())
FIRST_LOOK = Attempt.of_draft(samples.task_view())
APPROVALS = (
    ApprovalRow(
        process_id="dibao",
        element_id=ElementId("Review"),
        name="乡镇（街道）审核",
        options=ApprovalOptions(
            verbs={Verb.SEND_BACK: "退给经办", Verb.TRANSFER: ""},
            vote=Vote(mode=Countersign.RATIO, disagreement=Disagreement.VETO, share=Decimal("0.6"), everybody=True),
        ),
        targets=((ElementId("Acceptance"), "受理"),),
    ),
)
DEFINITION = DefinitionRow(
    key=DefinitionKey(7),
    id="dibao",
    version=2,
    name="低保审核确认",
    digest=Digest("0" * 64),
    resource_name="processes/dibao/dibao.bpmn",
    deployment_key=DeploymentKey(3),
)
PROBLEM = problems.Problem(
    status=404, family="not_found", code="case.not_found", detail="x", errors=({"place": "a", "message": "b"},)
)

LISTED: dict[str, object] = {
    "figure": Figure.INCIDENT,
    "figures": tuple(Figure),
    "process": "dibao",
    "search": "",
}

SEARCH: dict[str, object] = {
    "query": CaseQuery(subject="<b>", since=date(2026, 1, 5), longer=3),
    "arguments": {"subject": "<b>"},
    "search": "",
    "more": False,
    "reason": "x",
    "problem": None,
}

SHOWN: tuple[tuple[str, str, Mapping[str, object]], ...] = (
    ("pages/sign_in.html", "", {"people": PEOPLE, "password": "p", "problem": "x"}),
    ("pages/sign_in.html", "", {"people": ()}),
    *(
        ("pages/workbench.html", "clerk", personal.centre(tab, page, only))
        for tab, only, row in (
            ("todo", None, TASK),
            ("todo", Only.WARNED, TASK),
            ("unclaimed", None, TASK),
            ("done", None, TASK),
            ("started", None, samples.case()),
            ("copied", None, replace(samples.case(), unread=True)),
        )
        for page in (NOTHING, Page(rows=(row,), next_cursor="x"))
    ),
    ("fragments/preview.html", "clerk", {"view": samples.task_view()}),
    ("fragments/preview.html", "inspector", {"view": samples.task_view(workable=False)}),
    ("pages/notices.html", "clerk", {"page": NOTHING}),
    ("pages/notices.html", "clerk", {"page": Page(rows=personal.NOTICES, next_cursor="x")}),
    ("pages/settings.html", "clerk", personal.SETTINGS),
    ("pages/settings.html", "designer", personal.SETTINGS | {"phrases": (), "rule": NoticeRule(email=False, webhook="https://x")}),
    ("pages/shortcuts.html", "clerk", {}),
    ("pages/printout.html", "", {"code": "", "answer": None}),
    ("pages/printout.html", "", {"code": "A", "answer": None}),
    ("pages/printout.html", "", {"code": "A", "answer": personal.PRINTED}),
    ("pages/printout.html", "", {"code": "A", "answer": replace(personal.PRINTED, matches=False)}),
    ("pages/start.html", "clerk", {"processes": ()}),
    ("pages/start.html", "clerk", {"processes": (samples.STARTABLE,)}),
    ("pages/user_task.html", "clerk", {"view": samples.task_view(), "attempt": FIRST_LOOK}),
    ("pages/user_task.html", "clerk", {"view": samples.task_view(outcomes=1, form=False), "attempt": FIRST_LOOK}),
    ("pages/user_task.html", "inspector", {"view": samples.task_view(workable=False), "attempt": FIRST_LOOK}),
    ("fragments/materials.html", "clerk", {"view": samples.task_view()}),
    ("fragments/materials.html", "clerk", {"view": samples.task_view(), "alone": True}),
    ("pages/cases.html", "inspector", SEARCH | {"page": NOTHING, "search": "x", "problem": PROBLEM, "more": True}),
    ("pages/cases.html", "inspector", SEARCH | {"page": Page(rows=(ENDED,), next_cursor="x")}),
    ("pages/case.html", "inspector", {"view": samples.case_view()}),
    ("pages/case.html", "inspector", {"view": samples.case_view(), "verification": samples.verification(ok=False)}),
    ("pages/case.html", "clerk", {"view": samples.case_view()}),
    ("pages/reason.html", "inspector", {"problem": replace(PROBLEM, code="case.reason_needed", about="9001")}),
    ("pages/replay.html", "inspector", {"case": ENDED, "props": {"dataUrl": "/replay/1/data"}}),
    ("pages/replay.html", "discipline", {"case": ENDED, "props": {}}),
    ("fragments/replay_entry.html", "inspector", {"entry": samples.case_view().timeline[0]}),
    ("fragments/replay_values.html", "inspector", {"moment": samples.MOMENT}),
    ("fragments/replay_values.html", "clerk", {"moment": replace(samples.MOMENT, scopes=(), against=None)}),
    ("fragments/verification.html", "inspector", {"verification": samples.verification(ok=True)}),
    ("pages/problem.html", "", {"problem": PROBLEM}),
    ("fragments/problem.html", "clerk", {"problem": PROBLEM, "command_id": "c"}),
    ("pages/system_trace.html", "audit_admin", {"page": NOTHING}),
    ("pages/system_trace.html", "audit_admin", {"page": Page(rows=samples.SYSTEM, next_cursor="x"), "looks": True}),
    ("pages/people.html", "security_admin", {"people": ()}),
    ("pages/people.html", "security_admin", {"people": PEOPLE}),
    ("pages/operations.html", "operator", {"processes": (), "figures": tuple(Figure), "failed": (), "unsent": ()}),
    (
        "pages/operations.html",
        "operator",
        {"processes": (operation_samples.COUNTS,), "figures": tuple(Figure), "failed": (operation_samples.FAILED,),
         "unsent": (operation_samples.UNSENT,)},
    ),
    ("pages/operated_cases.html", "operator", LISTED | {"page": NOTHING, "figure": Figure.WAITING, "process": ""}),
    ("pages/operated_cases.html", "operator", LISTED | {"page": Page(rows=(ENDED,), next_cursor="x")}),
    *(
        ("pages/operated_case.html", role, {"view": view, "shown": view.diagram})
        for role in ("operator", "system_admin")
        for view in (
            operation_samples.view(),
            operation_samples.view(values=True),
            operation_samples.view(InstanceState.SUSPENDED),
            operation_samples.view(InstanceState.TERMINATED, bare=True),
        )
    ),
    ("pages/alerts.html", "supervisor", watched.alert_list(NOTHING)),
    ("pages/alerts.html", "inspector", watched.alert_list(Page(rows=(watched.ALERT.row,), next_cursor="x"))),
    *library.SHOWN,
    *proof_samples.SHOWN,
    *calendar_samples.SHOWN,
    *exemption_samples.SHOWN,
    *sweep_samples.SHOWN,
    ("pages/alert.html", "supervisor", {"view": watched.ALERT, "problem": None, "typed": {}}),
    ("pages/alert.html", "inspector", {"view": watched.CLEARED_ALERT, "problem": PROBLEM, "typed": {}}),
    ("pages/discipline.html", "discipline", {"desk": watched.DESK, "exempted": (exemption_samples.OPEN,)}),
    ("pages/discipline.html", "discipline", {"desk": replace(watched.DESK, reports=(), next_cursor="x")}),
    ("pages/discipline.html", "discipline", {"desk": replace(watched.DESK, reports=())}),
    ("pages/supervision.html", "supervisor", {"board": watched.board(2), "periods": (3, 12), "exempted": 2}),
    ("pages/supervision.html", "inspector", {"board": watched.board(0), "periods": (3, 12), "exempted": 0}),
    ("pages/discipline_report.html", "discipline", {"report": watched.DESK.reports[0]}),
    ("pages/definitions.html", "designer", {"definitions": ()}),
    ("pages/definitions.html", "designer", {"definitions": (DEFINITION,)}),
    ("pages/verbs.html", "clerk", {"page": VERBS, "problem": "不能退回"}),
    ("pages/verbs.html", "clerk", {"page": replace(VERBS, verbs=(), asked=False, signers=()), "problem": ""}),
    (
        "pages/definition.html",
        "system_admin",
        {"definition": DEFINITION, "diagram": samples.case_view().diagram, "approvals": APPROVALS},
    ),
)  # fmt: skip


class Reader(HTMLParser):
    """Notes what a strict content security policy would stop, and labels that are missing."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for every tag."""
        found = dict(attrs)
        if tag == "style" or "style" in found or any(name.startswith("on") for name in found):
            self.stopped.append(f"{tag} {found}")
        if tag == "script" and "src" not in found and found.get("type") != "application/json":
            self.stopped.append(f"inline script {found}")
        if "id" in found:
            self.ids.append(found["id"] or "")


@pytest.fixture(scope="module")
def app() -> Flask:
    """The pages without API and database."""
    made = Flask("web", root_path=str(TEMPLATES.parent))
    made.config.update(SECRET_KEY="test", MINGJING_DEMO=True, TESTING=True)
    converters.init_app(made)
    languages.init_app(made)
    auth.init_app(made)
    pages.register(made)
    return made


@pytest.fixture(params=languages.SUPPORTED)
def reader(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """A request by a reader of one language; the test sets `g.actor`."""
    with app.test_request_context("/"):
        session["locale"] = request.param
        yield request.param


@pytest.mark.parametrize(
    ("template", "role", "shown"), SHOWN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_page_renders(reader: str, template: str, role: str, shown: Mapping[str, object]) -> None:
    """It comes out in the reader's language, without anything that the content security policy stops."""
    g.actor = samples.actor(role) if role else None
    text = render_template(template, **shown)
    found = Reader()
    found.feed(text)
    assert found.stopped == []
    assert [name for name in set(found.ids) if found.ids.count(name) > 1] == []
    assert "<script>alert" not in text
    assert "<b>申请书" not in text
    assert not re.search(r"%\(\w+\)s|problem\.\w+\.|detail\.\w+", text)
    if template.startswith("pages/"):
        assert ("演示数据" in text or "Demonstration data" in text) or not shown.get("people", True)
        assert f'lang="{"en" if reader == "en" else "zh-CN"}"' in text


def test_every_template_is_rendered_here() -> None:
    """Pages and fragments that stand alone; the others are parts of these."""
    parts = {
        "fragments/approval_table.html",
        "fragments/case_files.html",
        "fragments/case_table.html",
        "fragments/check_uses.html",
        "fragments/live_warnings.html",
        "fragments/operated.html",
        "fragments/task_table.html",
        "fragments/timeline.html",
        "fragments/verbs.html",
    }
    there = {
        str(path.relative_to(TEMPLATES))
        for folder in ("pages", "fragments")
        for path in (TEMPLATES / folder).glob("*.html")
    }
    assert there - parts == {template for template, _, _ in SHOWN}


def test_a_failed_attempt_keeps_what_was_typed(app: Flask) -> None:
    """Data, outcome and opinion are on the page again, and each error has its place and name."""
    details = [
        Detail(place="members[0].name", code="required", message="x"),
        Detail(
            place="files.site",
            code="material_missing",
            message="x",
            params={"minimum": "1", "have": "0", "name": "现场照片"},
        ),
        Detail(place="opinion", code="required", message="x"),
    ]
    error = Invalid("user_task.invalid", "x", details=details)
    typed = {"data": '{"applicant_name": "改过"}', "action": "reject", "opinion": "不符合条件"}
    with app.test_request_context("/user-tasks/501", method="POST", data=typed):
        g.actor = samples.actor("clerk")
        view = samples.task_view()
        attempt = Attempt.refused(view, error)
        text = render_template("pages/user_task.html", view=view, attempt=attempt, errors=attempt.errors)
    assert (attempt.data["applicant_name"], attempt.outcome, attempt.opinion) == ("改过", "reject", "不符合条件")
    assert [fault.name for fault in attempt.details] == ["第 1 行成员姓名", "现场照片", "办理意见"]
    assert set(attempt.errors) == {"members[0].name", "site", "opinion"}
    assert "不符合条件" in text


def test_the_words_of_a_form_author_are_shown(app: Flask) -> None:
    """`patternErrorMessage` says it better than our general sentence."""
    detail = Detail(place="applicant_name", code="pattern", message="x", params={"message": "请填写18位号码"})
    with app.test_request_context("/user-tasks/501", method="POST", data={"data": "no json"}):
        g.actor = samples.actor("clerk")
        attempt = Attempt.refused(samples.task_view(), Invalid("user_task.invalid", "x", details=[detail]))
    assert attempt.errors == {"applicant_name": ["请填写18位号码"]}
    assert attempt.data["applicant_name"] == "沈建国"


def test_checks_that_passed_are_on_the_case_page(app: Flask) -> None:
    """An inspector sees that a check was asked and what it compared, not only what it found."""
    with app.test_request_context("/cases/9001"):
        g.actor = samples.actor("inspector")
        text = render_template("pages/case.html", view=samples.case_view())
    assert "1 项检查通过" in text
    assert samples.PASSED.reason in text


def test_what_each_task_allows_is_one_table(app: Flask) -> None:
    """Verbs as the model names them, how votes count, and where a case may be sent back to."""
    with app.test_request_context("/definitions/1"):
        g.actor = samples.actor("designer")
        diagram = samples.case_view().diagram
        text = render_template("pages/definition.html", definition=DEFINITION, diagram=diagram, approvals=APPROVALS)
    for words in ("退给经办", "转办", "按人数比例", "60%", "一票否决", "须全员表态", "受理"):
        assert words in text
