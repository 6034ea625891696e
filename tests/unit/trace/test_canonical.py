"""Canonical bytes: the same value gives the same bytes, whatever the order it was built in."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.findings import RiskLevel
from engine.trace import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def test_rfc_8785_sorting_example() -> None:
    """Keys are sorted by UTF-16 code units: the example of RFC 8785, section 3.2.3."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    encoded = canonical.encode(dict.fromkeys(keys, 0)).decode()
    positions = [encoded.index(mark) for mark in ["\\r", '"1"', "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]]
    assert positions == sorted(positions)


def test_rfc_8785_escapes() -> None:
    """Only what must be escaped is, in the shortest form; Chinese stays as it is."""
    assert (
        canonical.encode('\u20ac$\u000f\nA\'B"\\\\"/\x7f低保')
        == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f低保"'.encode()
    )


def test_python_types() -> None:
    """Decimals, dates, instants and enums have one spelling."""
    east = timezone(timedelta(hours=8))
    value = {
        "b": [Decimal("12.50"), date(2026, 1, 5), RiskLevel.HIGH, None, True, (1,)],
        "a": datetime(2026, 1, 5, 9, 0, tzinfo=east),
    }
    assert canonical.encode(value) == (
        b'{"a":"2026-01-05T01:00:00.000000Z","b":["12.50","2026-01-05","high",null,true,[1]]}'
    )


@pytest.mark.parametrize("value", [1.5, b"bytes", {1: 2}, {1, 2}, object()])
def test_what_has_no_place_is_a_type_error(value: object) -> None:
    """Floats above all: nothing is rounded silently."""
    with pytest.raises(TypeError):
        canonical.encode({"key": value} if not isinstance(value, dict) else value)


@pytest.mark.parametrize("value", ["\ud800", {"\udc00": 1}, Decimal("NaN"), datetime(2026, 1, 1)])  # noqa: DTZ001
def test_what_cannot_be_written_is_a_value_error(value: object) -> None:
    """Lone surrogates, NaN and instants without a zone."""
    with pytest.raises(ValueError, match=r".+"):
        canonical.encode(value)


def test_depth_is_bounded() -> None:
    """Hostile nesting is refused before the stack ends, when writing and when reading."""
    value: object = 1
    for _ in range(5000):
        value = [value]
    with pytest.raises(ValueError, match="deep"):
        canonical.encode(value)
    with pytest.raises(ValueError, match=r".+"):
        canonical.decode(b"[" * 200_000)


@given(JSON)
def test_encoding_is_stable(value: object) -> None:
    """Reading the bytes and writing them again gives the same bytes and an equal value."""
    encoded = canonical.encode(value)
    assert canonical.decode(encoded) == value
    assert canonical.encode(canonical.decode(encoded)) == encoded
    assert canonical.is_canonical(encoded, canonical.decode(encoded))


@pytest.mark.parametrize(
    "data", [b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a": 1}', b'"\\u4f4e"', '{"\ufb33":1,"\U0001f600":2}'.encode()]
)
def test_other_spellings_are_not_canonical(data: bytes) -> None:
    """Keys out of order or twice, blanks, needless escapes."""
    assert not canonical.is_canonical(data, canonical.decode(data))


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_come_back(at: datetime) -> None:
    """An instant is 27 characters with all microseconds and reads back equal."""
    assert len(canonical.timestamp(at)) == 27
    assert canonical.instant(canonical.timestamp(at)) == at


@pytest.mark.parametrize("number", [b"1.5", b"1e3", b"NaN", b"-Infinity"])
def test_fractions_are_not_read(number: bytes) -> None:
    """What could never have been written is not read either."""
    with pytest.raises(ValueError, match="not an integer"):
        canonical.decode(number)
