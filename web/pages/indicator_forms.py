"""The form of a new version of an indicator: values as people write them, and back.

=========  ======================================================
range      ``8 ~ 500``; an end left out is open
choices    one a line
boolean    ``true`` or ``false``
bands      one a line: ``从轻 = 1000 ~ 5000``
table      JSON: a list of objects
others     as they stand
=========  ======================================================
"""

from datetime import date
from typing import Any

from flask import request

from engine.model.errors import Detail, Invalid
from engine.model.indicators import Band, Indicator, IndicatorKind, IndicatorValue, Interval, ValueType
from engine.supervision import indicator_values
from web import json_text


def written(value: IndicatorValue | Interval | None) -> str:
    """A value as it is typed into the form, and shown."""
    if value is None:
        return ""
    plain: Any = indicator_values.plain(value)
    if isinstance(value, Interval):
        return _ends(plain)
    if isinstance(value, tuple):
        if isinstance(value[0], Band):
            return "\n".join(f"{row['tier']} = {_ends(row)}" for row in plain)
        return "\n".join(plain) if isinstance(value[0], str) else json_text.dumps(plain)
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def typed() -> Indicator:
    """The version that was typed. Raises Invalid with the places."""
    form = request.form
    try:
        kind, value_type = IndicatorKind(form.get("kind", "")), ValueType(form.get("value_type", ""))
    except ValueError as error:
        raise _wrong("kind") from error
    limits = form.get("district_limits", "").strip()
    return Indicator(
        code=form.get("code", "").strip(),
        name=form.get("name", "").strip(),
        kind=kind,
        value_type=value_type,
        value=read(value_type, form.get("value", "")),
        unit=form.get("unit", "").strip(),
        law=form.get("law", "").strip(),
        business_type=form.get("business_type", "").strip(),
        district=form.get("district", "").strip(),
        district_limits=indicator_values.read_interval(_interval(limits)) if limits else None,
        valid_from=_day("valid_from"),
        valid_to=_day("valid_to") if form.get("valid_to") else None,
        version=0,
    )


def read(kind: ValueType, text: str) -> IndicatorValue:
    """A value from text as it is typed. Raises Invalid ``indicator.value``."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    found: object = text.strip()
    if kind is ValueType.RANGE:
        found = _interval(text)
    elif kind is ValueType.CHOICES:
        found = lines
    elif kind is ValueType.BANDS:
        found = [_band(line) for line in lines]
    elif kind is ValueType.BOOLEAN:
        found = {"true": True, "false": False}.get(text.strip())
    elif kind is ValueType.TABLE:
        found = _json(text)
    return indicator_values.read(kind, found)


def _ends(row: dict[str, Any]) -> str:
    low, high = row.get("low", ""), row.get("high", "")
    return f"{'>' if row.get('low_open') else ''}{low} ~ {'<' if row.get('high_open') else ''}{high}".strip()


def _interval(text: str) -> dict[str, object]:
    """``>5000 ~ 20000``: `>` and `<` leave the end itself out."""
    low, tilde, high = (part.strip() for part in text.replace("～", "~").partition("~"))
    if not tilde:
        return {}
    found: dict[str, object] = {"low": low.lstrip(">").strip(), "high": high.lstrip("<").strip()}
    return found | ({"low_open": True} if low[:1] == ">" else {}) | ({"high_open": True} if high[:1] == "<" else {})


def _band(line: str) -> dict[str, object]:
    tier, _, ends = line.replace("：", "=").partition("=")
    return {"tier": tier.strip(), **_interval(ends)}


def _json(text: str) -> object:
    try:
        return json_text.loads(text or "null")
    except json_text.JsonTextError:
        return None


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as error:
        raise _wrong(name) from error


def _wrong(place: str) -> Invalid:
    detail = Detail(place=place, code="required", message="choose one")
    return Invalid("indicator.incomplete", "something is missing or wrong; see the places", details=[detail])
