"""Values of indicators as plain JSON, and back: how they are stored, sent over the API and written into the trace.

======== ==========================================================================================
number   text, so that no fraction is ever a float: ``"830"``, ``"1.10"``; a JSON integer is read too
range    ``{"low": "8", "high": "500"}``; an end that is missing or null is open; ``low_open``, ``high_open`` true
         leave the end itself out
choices  a list of texts
date     ``"2026-07-01"``
boolean  true or false
text     text
table    a list of objects whose values are text, whole numbers, truth or null
bands    a list of ranges, each with a ``tier``
======== ==========================================================================================
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from engine.model.errors import Invalid
from engine.model.indicators import Band, IndicatorValue, Interval, Number, ValueType

_DIGITS = 30


def plain(value: IndicatorValue) -> object:
    """The value as JSON has it."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | Decimal):
        return _written(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Interval):
        return plain_interval(value)
    return [_item(one) for one in value]


def plain_interval(found: Interval) -> dict[str, object]:
    """An interval as JSON has it; what is usual is left out."""
    ends = {"low": found.low, "high": found.high}
    written: dict[str, object] = {name: _written(end) for name, end in ends.items() if end is not None}
    left_out = {"low_open": not found.low_closed, "high_open": not found.high_closed}
    return written | {name: True for name, is_open in left_out.items() if is_open}


def read(kind: ValueType, found: object) -> IndicatorValue:
    """The value that JSON writes. Raises Invalid ``indicator.value`` when it is not of its kind."""
    value = _read(kind, found)
    if value is None:
        raise _wrong(kind)
    return value


def read_interval(found: object) -> Interval:
    """An interval that JSON writes, with one end at least, low not above high. Raises Invalid ``indicator.value``."""
    if not isinstance(found, Mapping) or set(found) - {"low", "high", "low_open", "high_open", "tier"}:
        raise _wrong(ValueType.RANGE)
    ends = {}
    for name in ("low", "high"):
        ends[name] = None if found.get(name) in (None, "") else _number(found[name])
        if ends[name] is None and found.get(name) not in (None, ""):
            raise _wrong(ValueType.RANGE)
    low, high = ends["low"], ends["high"]
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        raise _wrong(ValueType.RANGE)
    return Interval(
        low=low, high=high, low_closed=found.get("low_open") is not True, high_closed=found.get("high_open") is not True
    )


def _read(kind: ValueType, found: object) -> IndicatorValue | None:
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(found)
    rows = tuple(found) if isinstance(found, list | tuple) else ()
    return _LISTS[kind](rows) if rows else None


def _choices(rows: tuple[object, ...]) -> tuple[str, ...] | None:
    words = [word for word in map(_text, rows) if word is not None]
    return tuple(dict.fromkeys(words)) if len(words) == len(rows) else None


def _bands(rows: tuple[object, ...]) -> tuple[Band, ...] | None:
    bands = tuple(_band(row) for row in rows)
    return bands if len({band.tier for band in bands}) == len(bands) else None


def _table(rows: tuple[object, ...]) -> tuple[Mapping[str, object], ...] | None:
    whole = [row for row in rows if isinstance(row, Mapping) and row and all(map(_is_cell, row.values()))]
    return tuple({str(name): cell for name, cell in row.items()} for row in whole) if len(whole) == len(rows) else None


def _band(row: object) -> Band:
    tier = _text(row.get("tier")) if isinstance(row, Mapping) else None
    if tier is None:
        raise _wrong(ValueType.BANDS)
    return Band(tier=tier, interval=read_interval(row))


def _number(found: object) -> Number | None:
    """A whole number or a decimal, never a float."""
    if isinstance(found, bool) or not isinstance(found, int | Decimal | str):
        return None
    try:
        number = Decimal(found)
    except InvalidOperation:
        return None
    if not number.is_finite() or len(number.as_tuple().digits) > _DIGITS or abs(number.adjusted()) > _DIGITS:
        return None
    return int(number) if number == number.to_integral_value() else number


def _day(found: object) -> date | None:
    try:
        return date.fromisoformat(found) if isinstance(found, str) and len(found) == 10 else None
    except ValueError:
        return None


def _text(found: object) -> str | None:
    return found.strip() if isinstance(found, str) and found.strip() else None


def _is_cell(found: object) -> bool:
    return found is None or isinstance(found, str | bool | int)


def _truth(found: object) -> bool | None:
    return found if isinstance(found, bool) else None


def _written(number: Number) -> str:
    return f"{Decimal(number):f}"


def _item(one: object) -> object:
    if isinstance(one, Band):
        return {"tier": one.tier, **plain_interval(one.interval)}
    return dict(one) if isinstance(one, Mapping) else one


def _wrong(kind: ValueType) -> Invalid:
    return Invalid("indicator.value", f"this is no value of the kind {kind.value}", params={"kind": kind.value})


_READERS: Mapping[ValueType, Callable[[object], IndicatorValue | None]] = {
    ValueType.NUMBER: _number,
    ValueType.RANGE: read_interval,
    ValueType.BOOLEAN: _truth,
    ValueType.DATE: _day,
    ValueType.TEXT: _text,
}
_LISTS: Mapping[ValueType, Callable[[tuple[object, ...]], IndicatorValue | None]] = {
    ValueType.CHOICES: _choices,
    ValueType.BANDS: _bands,
    ValueType.TABLE: _table,
}
