"""The values of FEEL, their kinds, and equality and order between them.

===========================  ==========================================
FEEL                         Python
===========================  ==========================================
null                         None
boolean, string              bool, str
number                       int or Decimal (never float)
date, time, date and time    datetime.date, .time, .datetime; those of `wide` for what these cannot hold
days and time duration       datetime.timedelta, `wide.WideDuration`
years and months duration    YearMonthDuration
list, context                list, dict
range, function              Range, Function
===========================  ==========================================

What the host gives may also be a float, tuple, other mapping or subclass; `native` turns it into one of these
when it is read. Comparisons have three values: None means that the two cannot be compared.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from . import wide
from .budget import current
from .decimals import CONTEXT, LIMIT
from .errors import FeelEvaluationError

Value: TypeAlias = Any
"""A FEEL value; what it may be is in the table above."""


class Kind(StrEnum):
    NULL = "null"
    BOOLEAN = "boolean"
    NUMBER = "number"
    STRING = "string"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    DAYS = "days and time duration"
    MONTHS = "years and months duration"
    LIST = "list"
    CONTEXT = "context"
    RANGE = "range"
    FUNCTION = "function"

    __hash__ = str.__hash__  # that of Enum is a Python function, and kinds are keys on the hot path


NULL, BOOLEAN, NUMBER, STRING = Kind.NULL, Kind.BOOLEAN, Kind.NUMBER, Kind.STRING
DATE, TIME, DATE_TIME, DAYS, MONTHS = Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS, Kind.MONTHS
LIST, CONTEXT_KIND, RANGE, FUNCTION = Kind.LIST, Kind.CONTEXT, Kind.RANGE, Kind.FUNCTION
ORDERED = frozenset([NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS, MONTHS])
DATES = frozenset([DATE, DATE_TIME])
DURATIONS = frozenset([DAYS, MONTHS])


@dataclass(frozen=True, slots=True, order=True)
class YearMonthDuration:
    """A duration in whole months, negative or not. Raises OverflowError when they are no FEEL number."""

    months: int

    def __post_init__(self) -> None:
        if not -LIMIT < self.months < LIMIT:
            raise OverflowError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Range:
    """low or high is None where the range has no end there. operator: set for ``(< 5)`` and its like."""

    low: Value
    high: Value
    low_closed: bool
    high_closed: bool
    operator: str | None = None

    def contains(self, value: Value) -> bool | None:
        """Three-valued membership."""
        if self.operator == "=":
            return equal(value, self.low)
        if self.operator == "!=":
            return negate(equal(value, self.low))
        above = self._above(value)
        if above is False:
            return False
        below = self._below(value)
        if below is False:
            return False
        return None if above is None or below is None else True

    def _above(self, value: Value) -> bool | None:
        if self.operator in {"<", "<="}:
            return True
        if self.low is None:
            return None
        return at_least(value, self.low) if self.low_closed else greater(value, self.low)

    def _below(self, value: Value) -> bool | None:
        if self.operator in {">", ">="}:
            return True
        if self.high is None:
            return None
        return at_most(value, self.high) if self.high_closed else less(value, self.high)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Function:
    """A function as a value. types: the declared types of its parameters, where any are known.

    call: takes the arguments in order and gives null when their number is wrong. misfit: told when named arguments are
    not those of the parameters.
    """

    parameters: tuple[str, ...]
    call: Callable[..., Value]
    types: tuple[Any, ...] | None = None
    result: Any = None
    misfit: Callable[[], None] | None = None

    def call_named(self, arguments: Mapping[str, Value]) -> Value:
        """Call with named arguments, all of them."""
        if set(arguments) != set(self.parameters):
            if self.misfit is not None:
                self.misfit()
            return None
        return self.call(*[arguments[name] for name in self.parameters])


_KINDS: dict[type, Kind] = {
    type(None): NULL,
    bool: BOOLEAN,
    int: NUMBER,
    Decimal: NUMBER,
    str: STRING,
    date: DATE,
    time: TIME,
    datetime: DATE_TIME,
    timedelta: DAYS,
    wide.WideDate: DATE,
    wide.WideTime: TIME,
    wide.WideDateTime: DATE_TIME,
    wide.WideDuration: DAYS,
    YearMonthDuration: MONTHS,
    list: LIST,
    dict: CONTEXT_KIND,
    Range: RANGE,
    Function: FUNCTION,
}
NATIVE: frozenset[Any] = frozenset(_KINDS)
CLASSES: dict[Kind, frozenset[type]] = {
    kind: frozenset(cls for cls, its_kind in _KINDS.items() if its_kind is kind) for kind in Kind
}
NUMBERS: frozenset[Any] = frozenset([int, Decimal])


def register_function_class(cls: type) -> None:
    """Make a subclass of Function known by its exact class."""
    _KINDS[cls] = FUNCTION


def kind(value: Value) -> Kind:
    """The kind of a value; host values outside of the table count as what `native` makes of them."""
    found = _KINDS.get(value.__class__)
    return found if found is not None else kind(native(value))


def native(value: Value) -> Value:
    """The value as one of the table's, shallow. Raises FeelEvaluationError for what FEEL has no kind for."""
    if value.__class__ in NATIVE:
        return value
    if isinstance(value, float):
        return CONTEXT.create_decimal(repr(value)) if value - value == 0 else None
    for cls in (str, bool, int, Decimal):
        if isinstance(value, cls):
            return cls(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return list(value)
    for native_class in NATIVE:
        if isinstance(value, native_class):
            return value
    raise FeelEvaluationError(f"FEEL has no kind for a value of type {type(value).__name__}")


def negate(value: Value) -> bool | None:
    """Three-valued not."""
    return (not value) if value is True or value is False else None


# ---- equality


def equal(left: Value, right: Value) -> bool | None:
    """``=``: null equals null only; values of different kinds give None."""
    if left is None or right is None:
        return left is right
    if left.__class__ in NUMBERS and right.__class__ in NUMBERS:
        return bool(left == right)
    left, right = native(left), native(right)
    left_kind = kind(left)
    if left_kind is not kind(right):
        return None
    special = _EQUALITIES.get(left_kind)
    return bool(left == right) if special is None else special(left, right)


def is_equal(left: Value, right: Value) -> bool:
    """Whether `=` is true."""
    return equal(left, right) is True


def _equal_lists(left: list[Value], right: list[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    current().tick(len(left))
    result: bool | None = True
    for one, other in zip(left, right, strict=True):
        same = equal(one, other)
        if same is False:
            return False
        if same is None:
            result = None
    return result


def _equal_contexts(left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    if left.keys() != right.keys():
        return False
    current().tick(len(left))
    for name, value in left.items():
        same = equal(value, right[name])
        if same is not True:
            return same
    return True


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if (left.operator, left.low_closed, left.high_closed) != (right.operator, right.low_closed, right.high_closed):
        return False
    return is_equal(left.low, right.low) and is_equal(left.high, right.high)


def _equal_times(left: wide.Clock, right: wide.Clock) -> bool:
    one, other = _time_key(left), _time_key(right)
    return one[0] == other[0] and one[2] == other[2]


def _equal_instants(left: wide.Moment, right: wide.Moment) -> bool:
    """Fractions of a second do not count (as the TCK has it)."""
    if isinstance(left, datetime) and isinstance(right, datetime):
        return instant(left).replace(microsecond=0) == instant(right).replace(microsecond=0)
    if (left.tzinfo is None) is not (right.tzinfo is None):
        return False
    return wide.instant_nanoseconds(left) // wide.SECOND == wide.instant_nanoseconds(right) // wide.SECOND


_EQUALITIES: dict[Kind, Callable[[Any, Any], bool | None]] = {
    LIST: _equal_lists,
    CONTEXT_KIND: _equal_contexts,
    RANGE: _equal_ranges,
    TIME: _equal_times,
    DATE_TIME: _equal_instants,
    FUNCTION: lambda left, right: left is right,
}


# ---- order


def instant(value: datetime) -> datetime:
    """An aware date and time in UTC: Python compares two of one zone by their clocks, not by their instants."""
    if value.tzinfo is None or value.tzinfo is UTC:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value


def _time_key(value: wide.Clock) -> tuple[int, int, int | None]:
    """Seconds in UTC, nanoseconds, and whether there is an offset at all."""
    seconds = wide.clock_nanoseconds(value) // wide.SECOND
    offset = time_offset(value)
    if offset is None:
        return seconds, wide.nanosecond(value), None
    return (seconds - int(offset.total_seconds())) % 86400, wide.nanosecond(value), 0


def time_offset(value: wide.Clock) -> timedelta | None:
    """The offset of a time; one with a zone name has that of a winter day, for want of a date."""
    if value.tzinfo is None:
        return None
    on_the_clock = time(value.hour, value.minute, value.second, tzinfo=value.tzinfo)
    return datetime.combine(date(2000, 1, 1), on_the_clock).utcoffset()


def midnight(value: wide.Day, like: wide.Moment | None = None) -> wide.Moment:
    """A date as date and time in UTC, or without offset when it is to be compared with such a one."""
    aware = like is None or like.tzinfo is not None
    return wide.combine(value, time(tzinfo=UTC if aware else None))


def compare(left: Value, right: Value) -> int | None:
    """Negative, zero or positive; None when the two have no order."""
    left, right = native(left), native(right)
    left_kind, right_kind = kind(left), kind(right)
    if left_kind is not right_kind:
        if {left_kind, right_kind} != DATES:
            return None
        if left_kind is DATE:
            left = midnight(left, right)
        else:
            right = midnight(right, left)
        left_kind = DATE_TIME
    if left_kind not in ORDERED:
        return None
    keys = _KEYS.get(left_kind)
    if keys is not None:
        pair = keys(left, right)
        if pair is None:
            return None
        left, right = pair
    return int(left > right) - int(left < right)


def _time_keys(left: wide.Clock, right: wide.Clock) -> tuple[Any, Any] | None:
    one, other = _time_key(left), _time_key(right)
    return None if (one[2] is None) is not (other[2] is None) else (one, other)


def _moment_keys(left: wide.Moment, right: wide.Moment) -> tuple[Any, Any] | None:
    if (left.tzinfo is None) is not (right.tzinfo is None):
        return None
    if isinstance(left, datetime) and isinstance(right, datetime):
        return instant(left), instant(right)
    return wide.instant_nanoseconds(left), wide.instant_nanoseconds(right)


def _day_keys(left: wide.Day, right: wide.Day) -> tuple[Any, Any]:
    if left.__class__ is date and right.__class__ is date:
        return left, right
    return wide.day_number(left), wide.day_number(right)


def _duration_keys(left: wide.Duration, right: wide.Duration) -> tuple[Any, Any]:
    if left.__class__ is timedelta and right.__class__ is timedelta:
        return left, right
    return wide.duration_nanoseconds(left), wide.duration_nanoseconds(right)


_KEYS: dict[Kind, Callable[[Any, Any], tuple[Any, Any] | None]] = {
    TIME: _time_keys,
    DATE_TIME: _moment_keys,
    DATE: _day_keys,
    DAYS: _duration_keys,
}
"""What two values are compared by, where that is not themselves; None when they have no order."""


def less(left: Value, right: Value) -> bool | None:
    if left.__class__ in NUMBERS and right.__class__ in NUMBERS:
        return bool(left < right)
    order = compare(left, right)
    return None if order is None else order < 0


def at_most(left: Value, right: Value) -> bool | None:
    if left.__class__ in NUMBERS and right.__class__ in NUMBERS:
        return bool(left <= right)
    order = compare(left, right)
    return None if order is None else order <= 0


def greater(left: Value, right: Value) -> bool | None:
    if left.__class__ in NUMBERS and right.__class__ in NUMBERS:
        return bool(left > right)
    order = compare(left, right)
    return None if order is None else order > 0


def at_least(left: Value, right: Value) -> bool | None:
    if left.__class__ in NUMBERS and right.__class__ in NUMBERS:
        return bool(left >= right)
    order = compare(left, right)
    return None if order is None else order >= 0


def unequal(left: Value, right: Value) -> bool | None:
    return negate(equal(left, right))
