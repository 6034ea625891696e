"""XDB-03: how many vehicles a household has, and what they are worth."""

from decimal import Decimal

import pytest

from engine.model.findings import CheckOutcome
from tests.unit.supervision.asking import ask, drawn

SOURCES = {
    "vehicle": [
        {"owner_id_no": "A", "plate": "镜A00001", "value": "60000"},
        {"owner_id_no": "A", "plate": "镜A00002", "value": "50000"},
        {"owner_id_no": "B", "plate": "镜A00003", "value": "100000"},
        {"owner_id_no": "C", "plate": "镜A00004", "value": "?"},
    ]
}


@pytest.mark.parametrize(
    ("parameters", "persons", "outcome", "reason"),
    [
        ({"most": "1"}, ["A"], "hit", "车辆：登记在家庭成员名下的机动车有 2 辆，超过 1 辆"),
        ({"most": "1"}, "B", "clear", "车辆：登记在家庭成员名下的机动车有 1 辆，未超过限额"),
        ({"most": "1"}, ["C", "Z"], "clear", "车辆：登记在家庭成员名下的机动车有 1 辆，未超过限额"),
        ({"limit": "100000"}, ["B"], "clear", "车辆：登记在家庭成员名下的机动车有 1 辆，未超过限额"),
        ({"limit": "100000"}, ["A"], "hit", "车辆：登记在家庭成员名下的机动车价值合计 110000 元，超过限额 100000 元"),
        ({"limit": "1"}, ["Z"], "clear", "车辆：登记在家庭成员名下的机动车有 0 辆，未超过限额"),
        ({"limit": "1"}, ["C"], "cannot_say", "无法判断车辆：vehicle 中有车辆没有价值"),
        ({"most": "1"}, [], "cannot_say", "无法判断车辆：缺少人员（persons）"),
        ({"most": "1"}, [None], "cannot_say", "无法判断车辆：缺少人员（persons）"),
        ({"most": "=nothing"}, ["A"], "cannot_say", "无法判断车辆：缺少数量上限（nothing）"),
    ],
)
def test_number_and_value(parameters: dict[str, str], persons: object, outcome: str, reason: str) -> None:
    """Equal to the limit is within it; a missing value or limit is no pass."""
    check = drawn("XDB-03", {"persons": "=persons", **parameters}, name="车辆")
    found = ask(check, {"persons": persons}, sources=SOURCES)
    assert (found.outcome, found.reason) == (outcome, reason)


def test_the_evidence_names_the_vehicles() -> None:
    """With the version of the source."""
    check = drawn("XDB-03", {"persons": "=persons", "limit": "100000"}, name="车辆")
    found = ask(check, {"persons": ["A"]}, sources=SOURCES)
    assert found.evidence["total"] == Decimal(110000)
    assert [one["plate"] for one in found.evidence["vehicles"]] == ["镜A00001", "镜A00002"]  # type: ignore[attr-defined]
    assert found.data_versions == {"vehicle": "快照 7"}


def test_a_source_that_was_not_asked_is_no_pass() -> None:
    """Without the register nobody has no car."""
    found = ask(drawn("XDB-03", {"persons": "=persons", "most": "1"}), {"persons": ["A"]}, sources={})
    assert found.outcome is CheckOutcome.CANNOT_SAY
