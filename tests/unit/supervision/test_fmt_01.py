"""FMT-01: numbers with the right check digit, codes that exist, licences that hold."""

import pytest

from engine.identity.identifiers import FORMATS
from engine.model.findings import CheckOutcome
from engine.supervision.facts import Given
from tests.unit.supervision.asking import ask, drawn

GIVEN = Given(formats=FORMATS)


@pytest.mark.parametrize(
    ("format_", "value", "outcome"),
    [
        ("id-number", "21019419500508116X", "clear"),
        ("id-number", " 21019419500508116x", "clear"),
        ("id-number", "210194195005081161", "hit"),
        ("id-number", "21019419501308116X", "hit"),
        ("credit-code", "92210196D63FA2D91L", "clear"),
        ("credit-code", "92210196D63FA2D91K", "hit"),
        ("id-number", None, "cannot_say"),
        ("id-number", "", "cannot_say"),
        ("id-number", 210194195005081161, "cannot_say"),
    ],
)
def test_formats(format_: str, value: object, outcome: str) -> None:
    """GB 11643 and GB 32100, as people write them."""
    definition = drawn("FMT-01", {"value": "=number", "format": format_})
    assert ask(definition, {"number": value}, given=GIVEN).outcome == outcome


def test_codes_and_dates() -> None:
    """A code of the list; a licence through its last day."""
    code = drawn("FMT-01", {"value": "=code", "codes": "A1 A2"}, name="行业代码")
    assert ask(code, {"code": "A2"}).outcome is CheckOutcome.CLEAR
    assert ask(code, {"code": "B1"}).reason == "行业代码 B1 不在代码表中"
    licence = drawn("FMT-01", {"valid_to": "=until"}, name="许可证")
    assert ask(licence, {"until": "2026-03-02"}).outcome is CheckOutcome.CLEAR
    assert ask(licence, {"until": "2026-03-01"}).reason == "许可证：有效期至 2026-03-01，2026-03-02 已过期"
    assert ask(licence, {}).outcome is CheckOutcome.CANNOT_SAY


def test_a_format_that_nobody_knows_is_an_open_question() -> None:
    """Also when the installation has none at all."""
    assert ask(drawn("FMT-01", {"value": "1", "format": "passport"}), {}, given=GIVEN).reason_code == "no-format"
    assert ask(drawn("FMT-01", {"value": "1", "format": "id-number"}), {}).reason_code == "no-format"
