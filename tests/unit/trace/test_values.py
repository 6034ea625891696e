"""Values survive the trace: what replay folds is what the case held."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel.values import YearMonthDuration
from engine.feel.wide import WideDate
from engine.model.classes import Classified, DataClass
from engine.trace import canonical
from engine.trace.values import close, keep_values, open_value

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | TEXT
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.none() | st.just(UTC) | st.just(ZoneInfo("Asia/Shanghai")))
    | st.timedeltas()
    | st.builds(YearMonthDuration, st.integers(-9999, 9999))
)
KEYS = TEXT | st.sampled_from(["$enc", "$decimal", "$context", "a/b", "~"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=10
)


def _closed(value: object) -> object:
    return canonical.decode(canonical.encode(close(value, keep_values)))


def _never(value: object, pointer: str) -> object:
    raise AssertionError(f"taken for an encrypted value at {pointer}: {value}")


@given(VALUES)
def test_every_value_comes_back(value: object) -> None:
    """Whatever a form or a decision gives, also objects that imitate our own tags, reads back as it was."""
    back = open_value(_closed(value), _never)
    assert back == value
    assert type(back) is type(value) or type(value) is int


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("12.50"), {"$decimal": "12.50"}),
        (2**53, {"$decimal": "9007199254740992"}),
        (date(2026, 1, 5), {"$date": "2026-01-05"}),
        (time(9, 0, tzinfo=timezone(timedelta(hours=8))), {"$time": "09:00:00+08:00"}),
        (datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Asia/Shanghai")), {"$datetime": "2026-01-05T09:00:00@Asia/Shanghai"}),
        (timedelta(minutes=-90), {"$duration": "-PT5400S"}),
        (YearMonthDuration(14), {"$months": 14}),
        (WideDate(-44, 3, 15), "-0044-03-15"),
        ({"$enc": "x"}, {"$context": {"$enc": "x"}}),
    ],
)
def test_spelling(value: object, written: object) -> None:
    """The frozen spelling of each type."""
    assert _closed(value) == written


def test_instants_of_the_record_are_plain() -> None:
    """Outside of classified values an instant is text in UTC, as in the rest of the entry."""
    at = datetime(2026, 1, 5, 9, tzinfo=timezone(timedelta(hours=8)))

    def closing(value: Classified, pointer: str) -> object:
        return close(value.value, keep_values)

    assert close({"uploaded_at": at, "value": Classified(at, DataClass.INTERNAL)}, closing) == {
        "uploaded_at": "2026-01-05T01:00:00.000000Z",
        "value": {"$datetime": "2026-01-05T09:00:00+08:00"},
    }


def test_floats_and_nesting_are_errors() -> None:
    """No float, and nothing classified within something classified."""
    with pytest.raises(TypeError, match="float"):
        close(1.5, keep_values)
    with pytest.raises(TypeError, match="within"):
        close([Classified(1, DataClass.PUBLIC)], keep_values)


@pytest.mark.parametrize("written", [{"$strange": 1}, {"$duration": "P1D"}, {"$date": "soon"}])
def test_unknown_tags_are_errors(written: object) -> None:
    """What we never wrote is not guessed at."""
    with pytest.raises(ValueError, match=r".+"):
        open_value(written, _never)
