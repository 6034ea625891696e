"""``+ - * / **`` and negation. What has no result is null: other kinds, division by zero, overflow."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from .budget import current
from .decimals import CONTEXT, decimal, fit, negated
from .values import (
    DATE,
    DATE_TIME,
    DAYS,
    MONTHS,
    NUMBER,
    NUMBERS,
    STRING,
    TIME,
    Kind,
    Value,
    YearMonthDuration,
    instant,
    kind,
    midnight,
    native,
    time_offset,
)
from .wide import (
    DAY,
    Clock,
    Day,
    Duration,
    Moment,
    add_months,
    clock_nanoseconds,
    day_number,
    duration_nanoseconds,
    instant_nanoseconds,
    make_duration,
    shift,
)

_Operation: TypeAlias = Callable[[Any, Any], Value]
_Table: TypeAlias = dict[tuple[Kind, Kind], _Operation]


def add(left: Value, right: Value) -> Value:
    if left.__class__ in NUMBERS and right.__class__ in NUMBERS:
        return add_numbers(left, right)
    return _apply(_ADDITIONS, left, right)


def subtract(left: Value, right: Value) -> Value:
    if left.__class__ in NUMBERS and right.__class__ in NUMBERS:
        return _subtract_numbers(left, right)
    return _apply(_SUBTRACTIONS, left, right)


def multiply(left: Value, right: Value) -> Value:
    if left.__class__ in NUMBERS and right.__class__ in NUMBERS:
        return _multiply_numbers(left, right)
    return _apply(_MULTIPLICATIONS, left, right)


def divide(left: Value, right: Value) -> Value:
    if left.__class__ in NUMBERS and right.__class__ in NUMBERS:
        return _divide_numbers(left, right)
    return _apply(_DIVISIONS, left, right)


def power(left: Value, right: Value) -> Value:
    return _apply({(NUMBER, NUMBER): _power_numbers}, left, right)


def negative(value: Value) -> Value:
    value = native(value)
    if value.__class__ is int:
        return -value
    if isinstance(value, Duration):
        return _negated(value)
    if value.__class__ is Decimal:
        return negated(value)
    return YearMonthDuration(-value.months) if value.__class__ is YearMonthDuration else None


def _apply(table: _Table, left: Value, right: Value) -> Value:
    left, right = native(left), native(right)
    operation = table.get((kind(left), kind(right)))
    if operation is None:
        return None
    try:
        return operation(left, right)
    except (ArithmeticError, ValueError):
        return None


# ---- numbers


def add_numbers(left: Any, right: Any) -> Value:
    try:
        if left.__class__ is int and right.__class__ is int:
            return fit(left + right)
        return CONTEXT.add(left, right)
    except ArithmeticError:
        return None


def _subtract_numbers(left: Any, right: Any) -> Value:
    try:
        if left.__class__ is int and right.__class__ is int:
            return fit(left - right)
        return CONTEXT.subtract(left, right)
    except ArithmeticError:
        return None


def _multiply_numbers(left: Any, right: Any) -> Value:
    try:
        if left.__class__ is int and right.__class__ is int:
            return fit(left * right)
        return CONTEXT.multiply(left, right)
    except ArithmeticError:
        return None


def _divide_numbers(left: Any, right: Any) -> Value:
    if right == 0:
        return None
    try:
        return CONTEXT.divide(decimal(left), right)
    except ArithmeticError:
        return None


def _power_numbers(left: Any, right: Any) -> Value:
    current().tick(100)
    if right == 0:
        return 1  # IEEE 754: also of zero, which Python's decimals refuse
    result = CONTEXT.power(decimal(left), decimal(right))
    return result if result.is_finite() else None


# ---- strings, dates, durations


def _join(left: str, right: str) -> str:
    current().made_text(len(left) + len(right))
    return left + right


def _later(value: Any, months: YearMonthDuration) -> Value:
    return add_months(value, months.months)


def _earlier(value: Any, months: YearMonthDuration) -> Value:
    return add_months(value, -months.months)


def _shift(value: Moment, duration: Duration) -> Value:
    """Durations are spans of real time, also across a change of the clocks."""
    if isinstance(value, datetime) and isinstance(duration, timedelta):
        try:
            if value.tzinfo is None:
                return value + duration
            return (instant(value) + duration).astimezone(value.tzinfo)
        except OverflowError:
            pass
    return shift(value, duration_nanoseconds(duration))


def _shift_date(value: Day, duration: Duration) -> Value:
    return shift(value, duration_nanoseconds(duration))


def _minus(operation: _Operation) -> _Operation:
    return lambda left, right: operation(left, _negated(right))


def _negated(duration: Duration) -> Duration:
    return make_duration(-duration_nanoseconds(duration))


def _between_dates(left: Day, right: Day) -> Duration:
    return make_duration((day_number(left) - day_number(right)) * DAY)


def _between_instants(left: Moment, right: Moment) -> Duration | None:
    if (left.tzinfo is None) is not (right.tzinfo is None):
        return None
    return make_duration(instant_nanoseconds(left) - instant_nanoseconds(right))


def _between_times(left: Clock, right: Clock) -> Duration | None:
    one, other = time_offset(left), time_offset(right)
    if (one is None) is not (other is None):
        return None
    zones = duration_nanoseconds((other or timedelta()) - (one or timedelta()))
    return make_duration(clock_nanoseconds(left) - clock_nanoseconds(right) + zones)


def _scale_days(duration: Duration, factor: Any) -> Duration:
    return _from_nanoseconds(CONTEXT.multiply(duration_nanoseconds(duration), decimal(factor)))


def _divide_days(duration: Duration, divisor: Any) -> Duration:
    return _from_nanoseconds(CONTEXT.divide(Decimal(duration_nanoseconds(duration)), divisor))


def _from_nanoseconds(exact: Decimal) -> Duration:
    """Rounded to microseconds, unless nanoseconds are there to be told."""
    return make_duration(int(exact.to_integral_value()))


def _scale_months(duration: YearMonthDuration, factor: Any) -> YearMonthDuration:
    return YearMonthDuration(int(CONTEXT.multiply(decimal(duration.months), factor)))


def _add_days(left: Duration, right: Duration) -> Duration:
    return make_duration(duration_nanoseconds(left) + duration_nanoseconds(right))


def _add_durations(left: YearMonthDuration, right: YearMonthDuration) -> YearMonthDuration:
    return YearMonthDuration(left.months + right.months)


def _swapped(operation: _Operation) -> _Operation:
    return lambda left, right: operation(right, left)


_ADDITIONS: _Table = {
    (NUMBER, NUMBER): add_numbers,
    (STRING, STRING): _join,
    (DATE, MONTHS): _later,
    (DATE_TIME, MONTHS): _later,
    (DATE, DAYS): _shift_date,
    (DATE_TIME, DAYS): _shift,
    (TIME, DAYS): _shift_date,
    (DAYS, DAYS): _add_days,
    (MONTHS, MONTHS): _add_durations,
}
_ADDITIONS.update(
    {
        (second, first): _swapped(operation)
        for (first, second), operation in list(_ADDITIONS.items())
        if first is not second
    }
)
_SUBTRACTIONS: _Table = {
    (NUMBER, NUMBER): _subtract_numbers,
    (DATE, MONTHS): _earlier,
    (DATE_TIME, MONTHS): _earlier,
    (DATE, DAYS): _minus(_shift_date),
    (DATE_TIME, DAYS): _minus(_shift),
    (TIME, DAYS): _minus(_shift_date),
    (DATE, DATE): _between_dates,
    (DATE_TIME, DATE_TIME): _between_instants,
    (DATE, DATE_TIME): lambda left, right: _between_instants(midnight(left), right),
    (DATE_TIME, DATE): lambda left, right: _between_instants(left, midnight(right)),
    (TIME, TIME): _between_times,
    (DAYS, DAYS): _minus(_add_days),
    (MONTHS, MONTHS): lambda left, right: YearMonthDuration(left.months - right.months),
}
_MULTIPLICATIONS: _Table = {
    (NUMBER, NUMBER): _multiply_numbers,
    (DAYS, NUMBER): _scale_days,
    (NUMBER, DAYS): lambda left, right: _scale_days(right, left),
    (MONTHS, NUMBER): _scale_months,
    (NUMBER, MONTHS): lambda left, right: _scale_months(right, left),
}
_DIVISIONS: _Table = {
    (NUMBER, NUMBER): _divide_numbers,
    (DAYS, NUMBER): _divide_days,
    (MONTHS, NUMBER): lambda left, right: YearMonthDuration(int(CONTEXT.divide(decimal(left.months), right))),
    (DAYS, DAYS): lambda left, right: CONTEXT.divide(Decimal(duration_nanoseconds(left)), duration_nanoseconds(right)),
    (MONTHS, MONTHS): lambda left, right: CONTEXT.divide(decimal(left.months), right.months),
}
_TABLES = {"+": _ADDITIONS, "-": _SUBTRACTIONS, "*": _MULTIPLICATIONS, "/": _DIVISIONS}


def known_result(operator: str, left: Kind, right: Kind) -> Kind | None:
    """The kind that an operator gives for operands of these kinds; None when it has no meaning for them."""
    table = _TABLES.get(operator, {(NUMBER, NUMBER): _power_numbers})
    if (left, right) not in table:
        return None
    if left is right:
        return _OF_EQUALS.get((operator, left), left)
    if {left, right} == {DATE, DATE_TIME}:
        return DAYS
    return next(one for one in _PRECEDENCE if one in {left, right})


_OF_EQUALS = {
    ("-", DATE): DAYS,
    ("-", DATE_TIME): DAYS,
    ("-", TIME): DAYS,
    ("/", DAYS): NUMBER,
    ("/", MONTHS): NUMBER,
}
"""Operators that give another kind than that of their two operands."""
_PRECEDENCE = (DATE_TIME, DATE, TIME, DAYS, MONTHS, NUMBER)
"""Of two different kinds the result has that which stands first here."""
