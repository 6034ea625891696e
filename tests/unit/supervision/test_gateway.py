"""A gateway runs all checks of an element and gives the level that its flows may use."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.model.definitions import CheckDefinition, ElementDefinition, ExemptionRule
from engine.model.findings import Action, CheckOutcome, CheckPhase, Exemption, Judgement, RiskLevel
from engine.model.ids import ElementId
from engine.supervision import gateway, policy
from engine.supervision.checks import CHECKS
from engine.supervision.facts import Given
from engine.supervision.sentences import render
from tests.unit.supervision.asking import drawn

SILENT = frozenset({Action.REPORT_DISCIPLINE})
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def check(value: str, level: RiskLevel, actions: frozenset[Action] | None = None, **more: object) -> CheckDefinition:
    parameters = {"value": f"={value}", "operator": "<=", "limit": "=10"}
    more = {"name": "值", "parameters": parameters, **({"actions": actions} if actions else {}), **more}
    return replace(drawn("THR-01", {}, level=level), **more)  # type: ignore[arg-type]


def judged(*checks: CheckDefinition, given: Given | None = None, **variables: object) -> Judgement:
    element = ElementDefinition(id=ElementId("G"), type="exclusiveGateway", name="监督网关", checks=checks)
    return gateway.judge(element, variables, now=NOW, given=given)


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
        ({"parameters": {"value": "=1 +", "limit": "=1"}}, "表达式无法计算"),
        ({"code": "XXX-99"}, "没有编号为 XXX-99 的检查"),
        ({"parameters": None}, "检查程序出错"),
        ({"parameters": {"value": "=sum(for i in 1..100000000 return i)", "limit": "=1"}}, "表达式无法计算"),
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


def test_a_phase_is_judged_alone() -> None:
    """`ElementDefinition.at` narrows to the checks of a phase; each result says its phase."""
    entry, submit = check("11", RiskLevel.LOW, id="a"), check("11", RiskLevel.LOW, id="b", phase=CheckPhase.SUBMIT)
    element = ElementDefinition(id=ElementId("T"), type="userTask", name="", checks=(entry, submit))
    results = gateway.judge(element.at(CheckPhase.SUBMIT), {}, now=NOW).results
    assert [(result.check_id, result.phase) for result in results] == [("b", CheckPhase.SUBMIT)]


@pytest.mark.parametrize(
    ("when", "until", "exempt"),
    [
        ("kind = 1", None, True),
        ("kind = 2", None, False),
        ("missing", None, False),
        ("1 +", None, False),
        ("kind = 1", date(2026, 3, 2), True),
        ("kind = 1", date(2026, 3, 1), False),
    ],
)
def test_an_exempt_finding_stays_a_finding_without_consequence(when: str, until: date | None, exempt: bool) -> None:
    """Only a rule that is true and has not ended; null exempts nobody. The finding itself is recorded."""
    rule = ExemptionRule(id="e", when=when, basis="市政府令第1号", until=until)
    judgement = judged(check("11", RiskLevel.HIGH, blocking=True, exemptions=(rule,)), kind=1)
    (result,) = judgement.results
    assert result.outcome is CheckOutcome.HIT
    assert (result.exemption is not None) is exempt
    assert judgement.level is (RiskLevel.NONE if exempt else RiskLevel.HIGH)
    assert bool(policy.blocking(judgement.results)) is not exempt


def test_a_recorded_exemption_holds_for_its_check_until_its_end() -> None:
    """By the check's id or by its code."""
    record = Exemption(id="7", basis="批复", author="赵敏", until=date(2026, 3, 2))
    for key, found in (("c", record), ("THR-01", record), ("d", None)):
        given = Given(exemptions={key: record})
        assert judged(check("11", RiskLevel.LOW), given=given).results[0].exemption == found
    assert judged(check("9", RiskLevel.LOW), given=Given(exemptions={"c": record})).results[0].exemption is None
    silent = replace(check("11", RiskLevel.LOW), actions=frozenset({Action.REPORT_DISCIPLINE}))
    assert judged(silent, given=Given(exemptions={"c": record})).results[0].exemption is None


@pytest.mark.parametrize(
    ("allow", "handed", "reason", "blocks"),
    [
        ("", "急", "", True),
        ("why", "", "", True),
        ("said", "", "情况特殊", False),
        ("why", " 急 ", "急", False),
        ("1 +", "", "", True),
        ("blank", "", "", True),
    ],
)
def test_a_reason_lets_a_step_pass_where_the_check_allows_it(
    allow: str, handed: str, reason: str, blocks: bool
) -> None:
    """From a field of the case or with the command; blank is none; the finding keeps its level."""
    definition = check("11", RiskLevel.HIGH, blocking=True, allow_with_reason=allow)
    judgement = judged(definition, given=Given(reasons={"c": handed}), said="情况特殊", blank="  ")
    assert judgement.results[0].given_reason == reason
    assert bool(policy.blocking(judgement.results)) is blocks
    assert judgement.level is RiskLevel.HIGH


def test_a_reason_is_said_in_both_languages() -> None:
    """From the code and the parameters that the result keeps."""
    (result,) = judged(check("11", RiskLevel.LOW)).results
    assert result.reason == "值 11，超过限额 10"
    english = render(CHECKS["THR-01"].sentences, result.reason_code, result.reason_params, "en")
    assert english == "值 11 is over the limit 10"
