"""A gateway runs all checks of an element and gives the level that its flows may use."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.findings import Action, CheckOutcome, Judgement, RiskLevel
from engine.model.ids import ElementId
from engine.supervision import gateway, policy
from engine.supervision.checks import CHECKS

PROMPT = frozenset({Action.PROMPT_CLERK})
SILENT = frozenset({Action.REPORT_DISCIPLINE})


def check(value: str, level: RiskLevel, actions: frozenset[Action] = PROMPT, **more: object) -> CheckDefinition:
    plain = CheckDefinition(
        id="c",
        code="THR-01",
        name="值",
        level=level,
        actions=actions,
        blocking=False,
        value=value,
        operator="<=",
        limit="10",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def judged(*checks: CheckDefinition, **variables: object) -> Judgement:
    element = ElementDefinition(id=ElementId("G"), type="exclusiveGateway", name="监督网关", checks=checks)
    return gateway.judge(element, variables, now=datetime(2026, 3, 2, tzinfo=UTC))


def test_no_checks_no_level() -> None:
    """An element without checks is judged NONE."""
    assert judged() == Judgement(element_id=ElementId("G"), level=RiskLevel.NONE, results=())


def test_the_level_is_the_highest_that_is_not_clear() -> None:
    """Clear results do not count, open questions do, results keep the drawn order."""
    judgement = judged(
        check("1", RiskLevel.CRITICAL), check("x", RiskLevel.LOW), check("missing", RiskLevel.MEDIUM), x=11
    )
    assert [r.outcome for r in judgement.results] == [CheckOutcome.CLEAR, CheckOutcome.HIT, CheckOutcome.CANNOT_SAY]
    assert judgement.level is RiskLevel.MEDIUM


@pytest.mark.parametrize("value", ["11", "missing"])
def test_a_silent_result_moves_nothing(value: str) -> None:
    """Report-only: recorded, but neither level nor block nor sight."""
    judgement = judged(check(value, RiskLevel.CRITICAL, SILENT, blocking=True))
    assert len(judgement.results) == 1
    assert judgement.level is RiskLevel.NONE
    assert policy.blocking(judgement.results) == policy.visible(judgement.results) == ()


def test_only_a_blocking_hit_blocks() -> None:
    """An open question warns but forbids nothing."""
    results = judged(
        check("11", RiskLevel.LOW, id="hit", blocking=True),
        check("11", RiskLevel.LOW, id="free"),
        check("missing", RiskLevel.LOW, id="open", blocking=True),
    ).results
    assert [r.check_id for r in policy.blocking(results)] == ["hit"]


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        ({"value": "1 +"}, "表达式无法计算"),
        ({"code": "XXX-99"}, "没有编号为 XXX-99 的检查"),
        ({"operator": None, "value": None}, "检查程序出错"),
        ({"value": "sum(for i in 1..100000000 return i)"}, "表达式无法计算"),
    ],
)
def test_a_check_that_fails_is_itself_a_finding(broken: dict[str, object], word: str) -> None:
    """CANNOT_SAY with the reason; the other checks are judged all the same."""
    first, second = judged(
        replace(check("1", RiskLevel.LOW), **broken),  # type: ignore[arg-type]
        check("11", RiskLevel.LOW),
    ).results
    assert first.outcome is CheckOutcome.CANNOT_SAY
    assert word in first.reason
    assert second.outcome is CheckOutcome.HIT


def test_every_check_is_registered_under_its_own_code() -> None:
    """One file, one check, with its source."""
    assert set(CHECKS) >= {"THR-01"}
    for code, one in CHECKS.items():
        assert code == one.code
        assert one.source
        assert one.phases
