"""JSON in and out without floats and without ambiguity."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from web import json_text


def test_fractions_stay_exact() -> None:
    """0.1 comes in as a Decimal and goes out digit by digit."""
    value = json_text.loads('{"a": 0.10, "b": 1e2, "c": 3}')
    assert value == {"a": Decimal("0.10"), "b": Decimal("1E+2"), "c": 3}
    assert isinstance(value["b"], Decimal)
    assert isinstance(value["c"], int)
    assert json_text.dumps(value["a"]) == "0.10"


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", '{"a":1,"a":1}', '"\\u0000"', '"\\udc00"', "1e101", "9" * 101, "[" * 66 + "]" * 66, ""]
)
def test_what_is_refused(text: str) -> None:
    """Everything that another reader could understand otherwise, or that is too much for its size."""
    with pytest.raises(json_text.JsonTextError):
        json_text.loads(text)


def test_an_instant_ends_in_z() -> None:
    """Instants are UTC."""
    assert json_text.dumps({"at": datetime(2026, 1, 5, 1, 2, 3, tzinfo=UTC)}) == '{"at": "2026-01-05T01:02:03Z"}'


def test_chinese_is_written_as_it_is() -> None:
    """No escapes for readers of raw answers."""
    assert json_text.dumps("低保") == '"低保"'
