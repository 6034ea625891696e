"""The filter of the alert centre between addresses and values: what a link says, a list and a figure mean."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from flask_babel import LazyString, gettext, lazy_gettext

from engine.model.alerts import OPEN, AlertFilter, AlertRow, AlertState, Took, Verdict
from engine.model.findings import Light, RiskLevel
from web.pages import labels

EVERYTHING = "all"
OVERDUE = "overdue"

_STATES = frozenset({OPEN, OVERDUE, EVERYTHING, *AlertState})
_CHOICES: Mapping[str, frozenset[str]] = {
    "level": frozenset(RiskLevel),
    "verdict": frozenset(Verdict),
    "light": frozenset({Light.RED, Light.YELLOW, Light.GREEN}),
    "took": frozenset(Took),
}
_TEXTS = ("code", "name", "unit", "process_id")
_DAYS = ("raised_from", "raised_until", "cleared_from", "cleared_until")


def of_request(given: Mapping[str, str]) -> dict[str, str]:
    """What an address chooses, in the order of the names; what is no choice of ours is left out. Always a state."""
    state = given.get("state", OPEN)
    chosen = {"state": state if state in _STATES else OPEN}
    chosen |= {name: given[name] for name, known in _CHOICES.items() if given.get(name) in known}
    chosen |= {name: given[name][:200] for name in _TEXTS if given.get(name)}
    return chosen | {name: given[name] for name in _DAYS if _day(given.get(name)) is not None}


def meant(chosen: Mapping[str, str]) -> AlertFilter:
    """The filter that an address means. ``overdue`` is what is open and red."""
    state = chosen["state"]
    light = Light.RED if state == OVERDUE else Light(chosen["light"]) if "light" in chosen else None
    return AlertFilter(
        state=None if state == EVERYTHING else OPEN if state == OVERDUE else state,
        light=light,
        verdict=Verdict(chosen["verdict"]) if "verdict" in chosen else None,
        took=Took(chosen["took"]) if "took" in chosen else None,
        level=chosen.get("level"),
        code=chosen.get("code"),
        name=chosen.get("name"),
        unit=chosen.get("unit"),
        process_id=chosen.get("process_id"),
        raised_from=_day(chosen.get("raised_from")),
        raised_until=_day(chosen.get("raised_until")),
        cleared_from=_day(chosen.get("cleared_from")),
        cleared_until=_day(chosen.get("cleared_until")),
    )


def address(wanted: AlertFilter) -> dict[str, str]:
    """The arguments of an address that means this filter."""
    named = {name: getattr(wanted, name) for name in ("level", "verdict", "light", "took", *_TEXTS, *_DAYS)}
    given = {name: str(value) for name, value in named.items() if value is not None}
    return {"state": wanted.state or EVERYTHING, **given}


def filter_words(chosen: Mapping[str, str], rows: Sequence[AlertRow] = ()) -> list[str]:
    """What is chosen beside the state, in words. rows: what was found, for the names of unit and business."""
    names = {"unit": rows[0].unit_name, "process_id": rows[0].process_name} if rows else {}
    known: Mapping[str, Callable[[str], str]] = {
        "level": labels.risk_label,
        "verdict": labels.verdict_label,
        "light": light_label,
        "took": took_label,
    }
    named = {name: value for name, value in chosen.items() if name not in ("state", "code", *_DAYS)}
    words = [known[name](value) if name in known else names.get(name, value) for name, value in named.items()]
    words += [chosen["code"]] if "code" in chosen and "name" not in chosen else []
    for what, since, until in (
        (gettext("Raised"), "raised_from", "raised_until"),
        (gettext("Cleared"), "cleared_from", "cleared_until"),
    ):
        if since in chosen or until in chosen:
            words.append(f"{what} {chosen.get(since, '')} ~ {chosen.get(until, '')}")
    return words


_LIGHTS: Mapping[str, LazyString] = {
    Light.GREEN.value: lazy_gettext("In time"),
    Light.YELLOW.value: lazy_gettext("Last day"),
    Light.RED.value: lazy_gettext("Overdue"),
}
_TOOK: Mapping[str, LazyString] = {
    Took.WEEK.value: lazy_gettext("within 7 days"),
    Took.FORTNIGHT.value: lazy_gettext("8 to 14 days"),
    Took.MONTH.value: lazy_gettext("15 to 30 days"),
    Took.LONGER.value: lazy_gettext("longer than 30 days"),
}


def light_label(light: str) -> str:
    """A light of an alert in words."""
    return str(_LIGHTS[light])


def took_label(took: str) -> str:
    """How long clearing took, in words."""
    return str(_TOOK[took])


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
