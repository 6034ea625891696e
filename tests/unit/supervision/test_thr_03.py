"""THR-03: how many there must be, of a number or of a list's different entries."""

import pytest

from engine.model.findings import CheckOutcome
from tests.unit.supervision.asking import ask, drawn

CHECK = drawn(
    "THR-03",
    {"count": "=bidders", "min": "3", "unit": "家", "type": "=method", "types": "公开招标, 邀请招标"},
    name="投标人",
)


@pytest.mark.parametrize(
    ("bidders", "outcome", "reason"),
    [
        (3, "clear", "投标人 3 家，不少于规定的 3 家"),
        (2, "hit", "投标人 2 家，少于规定的 3 家"),
        (["甲", "乙", "丙"], "clear", "投标人 3 家，不少于规定的 3 家"),
        (["甲", "甲", None, "乙"], "hit", "投标人 2 家，少于规定的 3 家"),
        ([], "hit", "投标人 0 家，少于规定的 3 家"),
        (None, "cannot_say", "无法判断投标人：缺少数量（bidders）"),
        ("三", "cannot_say", "无法判断投标人：数量（bidders）不是数字"),
    ],
)
def test_counts(bidders: object, outcome: str, reason: str) -> None:
    """An empty list is none at all; a list that is not there is not zero."""
    found = ask(CHECK, {"bidders": bidders, "method": "公开招标"})
    assert (found.outcome, found.reason) == (outcome, reason)


def test_other_kinds_of_procedure_are_clear() -> None:
    """But a case without a kind is an open question."""
    assert ask(CHECK, {"bidders": 1, "method": "单一来源"}).reason == "投标人：本案不适用"
    assert ask(CHECK, {"bidders": 1}).outcome is CheckOutcome.CANNOT_SAY


def test_two_are_enough_without_a_minimum() -> None:
    """The default of the catalogue."""
    assert ask(drawn("THR-03", {"count": "=n"}), {"n": 2}).outcome is CheckOutcome.CLEAR
    assert ask(drawn("THR-03", {"count": "=n"}), {"n": 1}).outcome is CheckOutcome.HIT
