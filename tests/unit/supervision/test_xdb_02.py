"""XDB-02: publicly paid people, village cadres and their filed kin."""

import pytest

from engine.model.findings import CheckOutcome, RiskLevel
from tests.unit.supervision.asking import ask, drawn

SOURCES = {
    "public_payee": [
        {"id_no": "P1", "unit": "市民政局", "post": "科员"},
        {"id_no": "C1", "unit": "某村", "post": "村干部"},
    ],
    "kin": [{"id_no": "C1", "relative_id_no": "K1", "relation": "子女"}],
}
CHECK = drawn("XDB-02", {"persons": "=ids", "declared": "=declared"}, name="身份比对")


@pytest.mark.parametrize(
    ("ids", "declared", "outcome", "level", "reason"),
    [
        ("P1", False, "hit", RiskLevel.HIGH, "身份比对：家庭成员中有 1 人在财政供养人员库中（市民政局科员）"),
        (["X", "C1"], True, "hit", RiskLevel.HIGH, "身份比对：家庭成员中有 1 人在财政供养人员库中（某村村干部）"),
        ("K1", True, "hit", RiskLevel.MEDIUM, "身份比对：与 1 名备案干部有亲属关系（子女），已申报"),
        ("K1", False, "hit", RiskLevel.HIGH, "身份比对：与 1 名备案干部有亲属关系（子女），未申报"),
        (["X", "Y"], None, "clear", RiskLevel.MEDIUM, "身份比对：比对未发现财政供养人员及备案亲属"),
        ("K1", None, "cannot_say", RiskLevel.MEDIUM, "无法判断身份比对：缺少已申报（declared）"),
        (None, False, "cannot_say", RiskLevel.MEDIUM, "无法判断身份比对：缺少人员（ids）"),
        ([], False, "cannot_say", RiskLevel.MEDIUM, "无法判断身份比对：缺少人员（ids）"),
        (["X", None], False, "cannot_say", RiskLevel.MEDIUM, "无法判断身份比对：缺少人员（ids）"),
        ([1], False, "cannot_say", RiskLevel.MEDIUM, "无法判断身份比对：人员须为身份证号"),
    ],
)
def test_matches(ids: object, declared: object, outcome: str, level: RiskLevel, reason: str) -> None:
    """Being paid oneself, or kin kept quiet, is worse than declared kin; a member without a number is open."""
    found = ask(CHECK, {"ids": ids, "declared": declared}, sources=SOURCES)
    assert (found.outcome, found.level, found.reason) == (outcome, level, reason)


@pytest.mark.parametrize("missing", ["public_payee", "kin"])
def test_a_list_that_was_not_asked_is_named(missing: str) -> None:
    """Either of them."""
    sources = {name: rows for name, rows in SOURCES.items() if name != missing}
    found = ask(CHECK, {"ids": "X", "declared": False}, sources=sources)
    assert (found.outcome, missing in found.reason) == (CheckOutcome.CANNOT_SAY, True)


def test_kin_may_be_left_out() -> None:
    """Then the list of kin is not asked for."""
    definition = drawn("XDB-02", {"persons": "=ids", "with_kin": "false"})
    found = ask(definition, {"ids": "K1"}, sources={"public_payee": SOURCES["public_payee"]})
    assert found.outcome is CheckOutcome.CLEAR


def test_versions_and_rows_are_kept() -> None:
    """Evidence names the rows, the result the snapshots."""
    found = ask(CHECK, {"ids": "K1", "declared": False}, sources=SOURCES)
    assert found.evidence["kin"] == [{"id_no": "C1", "relative_id_no": "K1", "relation": "子女"}]
    assert found.data_versions == {"public_payee": "快照 7", "kin": "快照 7"}
