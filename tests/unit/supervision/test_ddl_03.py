"""DDL-03: nobody acts before the period of the other side has run."""

from datetime import UTC, datetime

import pytest

from engine.model.findings import CheckOutcome
from tests.unit.supervision.asking import ask, drawn

CHECK = drawn("DDL-03", {"from": "=served", "to": "=acted", "wait": "60"}, name="申请强制执行")


@pytest.mark.parametrize(
    ("acted", "outcome", "reason"),
    [
        ("2026-03-06", "hit", "申请强制执行：2026-03-06 处理，自 2026-01-05 起的 60 日要到 2026-03-07 00:00 才满"),
        ("2026-03-07", "clear", "申请强制执行：2026-03-07 处理，自 2026-01-05 起的 60 日已满（2026-03-07 00:00）"),
        (None, "cannot_say", "无法判断申请强制执行：缺少处理时间（acted）"),
    ],
)
def test_sixty_days(acted: object, outcome: str, reason: str) -> None:
    """The sixtieth day, 6 March 2026, belongs to the citizen to its end."""
    found = ask(CHECK, {"served": "2026-01-05", "acted": acted})
    assert (found.outcome, found.reason) == (outcome, reason)


def test_the_last_day_moves_over_a_weekend() -> None:
    """A period that ends on Saturday 7 March runs through Monday."""
    assert ask(CHECK, {"served": "2026-01-06", "acted": "2026-03-09"}).outcome is CheckOutcome.HIT
    assert ask(CHECK, {"served": "2026-01-06", "acted": "2026-03-10"}).outcome is CheckOutcome.CLEAR


def test_without_a_drawn_act_it_is_now() -> None:
    """As a gate before the act."""
    gate = drawn("DDL-03", {"from": "=served", "wait": "48", "unit": "hour"})
    served = datetime(2026, 3, 1, tzinfo=UTC)
    assert ask(gate, {"served": served}, now=datetime(2026, 3, 2, 23, 59, tzinfo=UTC)).outcome is CheckOutcome.HIT
    assert ask(gate, {"served": served}, now=datetime(2026, 3, 3, tzinfo=UTC)).outcome is CheckOutcome.CLEAR
