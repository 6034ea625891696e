"""DDL-02: at least twenty days for bidders."""

import pytest

from engine.model.findings import CheckOutcome, CheckResult
from tests.unit.supervision.asking import ask, drawn


def asked(begin: object, end: object, method: object = "公开招标", **more: str) -> CheckResult:
    parameters = {"from": "=a", "to": "=b", "type": "=method", "types": "公开招标", **more}
    return ask(drawn("DDL-02", parameters, name="投标期限"), {"a": begin, "b": end, "method": method})


@pytest.mark.parametrize(
    ("end", "outcome", "reason"),
    [
        ("2026-03-22", "clear", "投标期限：2026-03-02 至 2026-03-22 有 20 日，不少于 20 日"),
        ("2026-03-21", "hit", "投标期限：2026-03-02 至 2026-03-21 只有 19 日，少于 20 日"),
        ("2026-03-02", "hit", "投标期限：2026-03-02 至 2026-03-02 只有 0 日，少于 20 日"),
        ("2026-03-01", "cannot_say", "无法判断投标期限：截止日早于开始日"),
        (None, "cannot_say", "无法判断投标期限：缺少截止日（b）"),
    ],
)
def test_days(end: object, outcome: str, reason: str) -> None:
    """The first day does not count."""
    found = asked("2026-03-02", end)
    assert (found.outcome, found.reason) == (outcome, reason)


def test_working_days_know_the_holidays() -> None:
    """Five working days over the Spring Festival of 2026, where Saturday 14 February is worked."""
    assert asked("2026-02-13", "2026-02-26", unit="workday", min="5").reason_code == "short"
    assert asked("2026-02-13", "2026-02-27", unit="workday", min="5").reason_code == "enough"


def test_other_procedures_have_other_terms() -> None:
    """Named in types only."""
    assert asked("2026-03-02", "2026-03-03", "竞争性谈判").outcome is CheckOutcome.CLEAR
