"""What the page of exemptions is given."""

from dataclasses import replace
from datetime import date

from engine.model.exemptions import ExemptionKind, ExemptionRow, ExemptionScope
from engine.service.exemptions import Choices
from tests.unit.web.library_samples import CHECK
from tests.unit.web.page_samples import AT, UNIT
from web.pages import exemptions
from web.problems import Problem

OPEN = ExemptionRow(
    key=7200,
    kind=ExemptionKind.EXEMPTION,
    code="XDB-03",
    check_id="cars",
    scope=ExemptionScope.CASE,
    number="DB-2026-000001",
    process_id="",
    unit_name="<b>申请书",
    reason="<script>alert(7)</script>",
    until=date(2026, 12, 31),
    person_name="<b>申请书",
    created_at=AT,
    ended_at=None,
    ended_by_name="",
    used=3,
    open=True,
    may_end=True,
)
ENDED = replace(OPEN, key=7201, scope=ExemptionScope.UNIT, open=False, may_end=False, ended_at=AT, ended_by_name="严谨")
OVER = replace(OPEN, key=7202, scope=ExemptionScope.BUSINESS, process_id="dibao", open=False, may_end=False)
WORDS = {
    "kinds": exemptions._KINDS,
    "scopes": exemptions._SCOPES,
    "kind_label": exemptions.kind_label,
    "scope_label": exemptions.scope_label,
    "typed": {},
    "problem": None,
    "code": "",
}
PROBLEM = Problem(
    status=422,
    family="invalid",
    code="exemption.incomplete",
    detail="x",
    errors=({"place": "until", "message": "<b>x"},),
)
SHOWN = (
    ("pages/exemptions.html", "discipline", WORDS | {"rows": (), "choices": None}),
    (
        "pages/exemptions.html",
        "supervisor",
        WORDS
        | {
            "rows": (OPEN, ENDED, OVER),
            "choices": Choices(uses=CHECK.uses, units=(UNIT,)),
            "code": "XDB-03",
            "typed": {"reason": "<script>alert(8)</script>"},
            "problem": PROBLEM,
        },
    ),
)
