"""What the pages of the libraries of indicators and checks are given."""

from dataclasses import replace
from datetime import date

from werkzeug.datastructures import MultiDict

from engine.model.alerts import CheckRate
from engine.model.indicators import (
    Band,
    CheckUse,
    Indicator,
    IndicatorDecision,
    IndicatorKind,
    IndicatorRow,
    IndicatorState,
    IndicatorVersion,
    IndicatorView,
    Interval,
    ValueType,
)
from engine.model.views import ForeseenWarning
from engine.service.check_library import CheckRow, CheckView, Trial, place_of
from engine.supervision.checks import CHECKS
from tests.unit.supervision.asking import ask, drawn
from tests.unit.web.page_samples import AT, UNIT, WARNING
from web.problems import Problem

CITY = Indicator(
    code="dibao.standard.urban",
    name="<b>城镇低保标准",
    kind=IndicatorKind.ADMISSION_CRITERION,
    value_type=ValueType.NUMBER,
    value=830,
    unit="元/人·月",
    law="<script>alert(7)</script>",
    valid_from=date(2026, 1, 1),
    version=2,
    district_limits=Interval(low=780, high=900),
)
BANDED = replace(
    CITY,
    kind=IndicatorKind.DISCRETION_BAND,
    value_type=ValueType.BANDS,
    value=(Band(tier="<b>申请书", interval=Interval(low=1, low_closed=False)),),
    district="JH-LC",
    district_limits=None,
    business_type="penalty",
    valid_to=date(2026, 12, 31),
)
DECISION = IndicatorDecision(
    state=IndicatorState.PUBLISHED, person_key=2, person_name="崔准", at=AT, reason="<script>alert(8)</script>"
)
VERSION = IndicatorVersion(
    key=9301,
    indicator=BANDED,
    reason="<b>申请书",
    proposed_by=1,
    proposer_name="陆衡",
    proposed_at=AT,
    district_name="柳川区民政局",
)
VERSIONS = (
    VERSION,
    replace(VERSION, key=9302, indicator=CITY, decision=DECISION),
    replace(VERSION, key=9303, decision=replace(DECISION, state=IndicatorState.REJECTED)),
)
ROW = IndicatorRow(
    code=CITY.code, name=CITY.name, kind=CITY.kind, today=CITY, districts=(("柳川区", BANDED),), open_proposals=1
)
NEVER = replace(ROW, today=None, districts=(), open_proposals=0)
USE = CheckUse(
    process_id="dibao",
    process_name="<b>申请书",
    definition_key=7,
    element_id="Receipt",
    element_name="收件登记",
    check_id="cars",
    code="THR-01",
    name="<script>alert(9)</script>",
    phase="submit",
    level="high",
    actions=("alert_unit", "prompt_clerk"),
    blocking=True,
    parameters={"value": "=<b>申请书", "indicator": CITY.code},
    silent=True,
)
RATE = CheckRate(code="THR-01", name="收入", raised=3, open=1, true=1, false=1, cannot_tell=0)
CHECK = CheckView(check=CHECKS["THR-01"], uses=(USE,), rates=(RATE,), triable=(USE,))
BARE = CheckView(check=CHECKS["DDL-01"], uses=(), rates=(), triable=())
ANSWERS = tuple(
    ask(drawn("THR-01", {"value": "=income", "limit": "=975"}), {"income": income}) for income in (1320, 900, None)
)
WRONG = Problem(
    status=422,
    family="refused",
    code="check.other_process",
    detail="<script>alert(6)</script>",
    errors=({"place": "<b>申请书", "message": "m"},),
)
FORESEEN = (
    ForeseenWarning(warning=WARNING, stops=True, may_go_on=True),
    ForeseenWarning(warning=WARNING, stops=True),
    ForeseenWarning(warning=replace(WARNING, outcome="cannot_say", parameters={"law": "<b>申请书"})),
)


def check_page(view: CheckView, number: int | None = None) -> dict[str, object]:
    """What the page of a check is given. number: of the answer of a trial."""
    trial = None if number is None else Trial(number="DB-2026-000001", place=place_of(USE), result=ANSWERS[number])
    chosen = MultiDict({"place": place_of(USE), "number": "<b>申请书"})
    problem = WRONG if number is None else None
    return {
        "view": view, "trial": trial, "reason": "<b>申请书", "problem": problem, "chosen": chosen, "place_of": place_of,
        "exempted": None if number is None else number,
    }  # fmt: skip


def new_version(typed: dict[str, str], problem: Problem | None) -> dict[str, object]:
    """What the form of a version is given."""
    return {
        "typed": typed, "problem": problem, "districts": (UNIT,), "city": not typed, "businesses": {"dibao": ""},
        "kinds": tuple(IndicatorKind), "value_types": tuple(ValueType),
    }  # fmt: skip


SHOWN: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("pages/indicators.html", "policy", {"rows": (ROW, NEVER), "kind": None, "kinds": tuple(IndicatorKind)}),
    ("pages/indicators.html", "clerk", {"rows": (), "kind": CITY.kind, "kinds": tuple(IndicatorKind)}),
    (
        "pages/indicator.html",
        "policy",
        {
            "view": IndicatorView(row=ROW, versions=VERSIONS, uses=(USE,), decidable=frozenset({9301})),
            "problem": WRONG,
        },
    ),
    ("pages/indicator.html", "clerk", {"view": IndicatorView(row=NEVER, versions=VERSIONS, uses=()), "problem": None}),
    ("pages/indicator_new.html", "policy", new_version({}, None)),
    ("pages/indicator_new.html", "policy", new_version({"code": "a", "district": UNIT.code, "kind": "x"}, WRONG)),
    ("pages/checks.html", "designer", {"rows": tuple(CheckRow(check=one, places=1) for one in CHECKS.values())}),
    ("pages/check.html", "designer", check_page(BARE)),
    ("pages/check.html", "inspector", check_page(CHECK)),
    *(("pages/check.html", "supervisor", check_page(CHECK, number)) for number in range(len(ANSWERS))),
    ("fragments/foreseen.html", "clerk", {"foreseen": FORESEEN}),
    ("fragments/foreseen.html", "clerk", {"foreseen": ()}),
)
