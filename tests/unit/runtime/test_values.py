"""Variables survive the stored state exactly."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.values import YearMonthDuration
from engine.feel.wide import WideDate
from engine.model.errors import Broken, Invalid
from engine.runtime import values

SHANGHAI = ZoneInfo("Asia/Shanghai")

KINDS: list[object] = [
    None, True, 0, -7, 10**40, "", "低保", "\ud800", Decimal("1.50"), Decimal(5), Decimal("-0"), Decimal("1E+30"),
    Decimal("0.1000000000000000000000000000000001"), date(2026, 1, 5), time(9, 30), time(9, 30, tzinfo=UTC),
    time(9, 30, 0, 5, tzinfo=SHANGHAI), datetime.fromisoformat("2026-01-05T09:00"),
    datetime(2026, 1, 5, 9, tzinfo=SHANGHAI),
    datetime(2026, 1, 5, 9, tzinfo=timezone(timedelta(hours=-5, minutes=-30))), timedelta(days=-1, microseconds=3),
    YearMonthDuration(-14), [1, [Decimal("2.0")]], {"a": {"$": 1, "v": "x"}}, {"$": "decimal", "v": "9"},
]  # fmt: skip


@pytest.mark.parametrize("value", KINDS, ids=repr)
def test_value_comes_back_as_it_was(value: object) -> None:
    """Same value, same type, same digits, same zone."""
    back = values.loads(values.dumps({"x": value}))
    assert repr(back) == repr({"x": value})
    assert repr(values.normalise({"x": value})) == repr({"x": value})


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(), TREES))
def test_any_variables_come_back(variables: dict[str, object]) -> None:
    """Whatever the nesting; and the copy shares nothing with the original."""
    assert repr(values.loads(values.dumps(variables))) == repr(variables)
    assert values.normalise(variables) == variables


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), Decimal("NaN"), b"x", {1: 2}, {3}, object(), 10**4000, nested(200), WideDate(-44, 3, 15)],
)
def test_what_cannot_be_stored_is_refused(value: object) -> None:
    """Floats above all: the decimal that was meant is already lost. Years that Python does not know, too."""
    with pytest.raises(Invalid) as caught:
        values.normalise({"form": {"rows": [0, value]}})
    assert caught.value.code == "variables.type"
    assert caught.value.details[0].place.startswith("form.rows[1]")


def test_nothing_is_shared_with_the_caller() -> None:
    """Changing what was given, later, changes nothing in the case."""
    rows = [1]
    copied = values.normalise({"rows": rows})
    rows.append(2)
    assert copied == {"rows": [1]}


def test_unknown_tag_is_damage() -> None:
    """A state that this version cannot read is not guessed at."""
    with pytest.raises(Broken):
        values.loads(b'{"x":{"$":"complex","v":"1"}}')
