"""DUP-01: the same again, in a list of the case or in a dataset."""

import pytest

from engine.model.findings import CheckOutcome
from tests.unit.supervision.asking import ask, drawn

PAYMENTS = [
    {
        "payment_id": "P1",
        "id_no": "21019419500508116X",
        "scheme": "高龄津贴",
        "month": "2026-01",
        "paid_on": "2026-01-15",
    },
    {
        "payment_id": "P2",
        "id_no": "21019419500508116X",
        "scheme": "高龄津贴",
        "month": "2026-02",
        "paid_on": "2026-02-15",
    },
    {"payment_id": "P3", "id_no": "21019419500508116X", "scheme": "低保", "month": "2026-02", "paid_on": "2026-02-15"},
]
KEY = {
    "source": "payments",
    "match": "={id_no: id, scheme: scheme, month: month}",
    "id_field": "payment_id",
    "own": "=own",
}
CASE = {"id": "21019419500508116x", "scheme": "高龄津贴", "month": "2026-02", "own": "P9"}


def test_the_same_key_in_a_dataset() -> None:
    """Small letters and hyphens are no difference; number and version of what was found are kept."""
    found = ask(drawn("DUP-01", KEY, name="发放"), CASE, sources={"payments": PAYMENTS})
    assert (found.outcome, found.reason) == (
        CheckOutcome.HIT, "发放：payments 中另有 1 条记录的 id_no、scheme、month 相同",
    )  # fmt: skip
    assert found.evidence["others"] == ["P2"]
    assert found.data_versions == {"payments": "快照 7"}


def test_the_case_itself_is_no_duplicate() -> None:
    """Its own row is passed over."""
    found = ask(drawn("DUP-01", KEY), CASE | {"own": "P2"}, sources={"payments": PAYMENTS})
    assert found.outcome is CheckOutcome.CLEAR


@pytest.mark.parametrize(("window", "outcome"), [("30", "clear"), ("31", "hit")])
def test_a_window_of_days(window: str, outcome: str) -> None:
    """15 January lies 31 days before 15 February."""
    parameters = KEY | {
        "match": "={id_no: id, scheme: scheme}", "own": "P2",
        "window": window, "date_field": "paid_on", "date": "2026-02-15",
    }  # fmt: skip
    assert ask(drawn("DUP-01", parameters), CASE, sources={"payments": PAYMENTS}).outcome == outcome


def test_a_source_that_was_not_asked_is_named() -> None:
    """Nothing found is something else."""
    found = ask(drawn("DUP-01", KEY, name="发放"), CASE)
    assert found.reason == "无法判断发放：数据源 payments 不可用（离线）"
    assert ask(drawn("DUP-01", KEY), CASE, sources={"payments": []}).outcome is CheckOutcome.CLEAR


@pytest.mark.parametrize("case", [{"month": None}, {"month": ""}])
def test_a_part_of_the_key_that_is_missing(case: dict[str, object]) -> None:
    """Never the same as another that is missing."""
    found = ask(drawn("DUP-01", KEY), CASE | case, sources={"payments": PAYMENTS})
    assert (found.outcome, found.reason_code) == (CheckOutcome.CANNOT_SAY, "missing")


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        (["0413-22", "041323"], "different"),
        (["0413-22", "041323", "０４１３２２"], "repeated"),
        (["a b", "AB"], "repeated"),
        ([], "different"),
        (["1", None], "hole"),
    ],
)
def test_items_of_a_list(numbers: list[object], code: str) -> None:
    """Compared as they should have been typed; which items agree is said."""
    items = [{"number": number} for number in numbers]
    assert ask(drawn("DUP-01", {"items": "=items", "fields": "number"}), {"items": items}).reason_code == code


def test_a_list_that_is_not_there() -> None:
    """Is no empty list."""
    assert ask(drawn("DUP-01", {"items": "=items", "fields": "number"}), {}).reason_code == "missing"
