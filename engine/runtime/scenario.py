"""A scenario: what happens to a process in a simulation. JSON in, frozen values out.

For designers: docs/user/en/designer.md, Simulating. ::

    {"description": …, "variables": {…}, "now": "2026-01-05T09:00:00+08:00", "start": "start event id",
     "steps": [step, …], "then": "complete" | "stop", "hold": ["element id", …],
     "expected": {"state": …, "waiting": ["element id", …], "transitions": ["a#1 activated", …], "variables": {…}}}

A step is one of ``{"complete": element id, "variables": {…}, "outcome": …}``, ``{"message": name, "correlationKey":
…, "variables": {…}}``, ``{"signal": name, "variables": {…}}``, ``{"error": element id, "code": …, "variables": {…}}``
and ``{"advance": "PT1H"}``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from engine.feel import FeelError, compile_expression, to_text
from engine.model.errors import Invalid

_STEPS = ("complete", "message", "signal", "error", "advance")
_KEYS = frozenset({"variables", "now", "start", "steps", "then", "hold", "expected", "description"})
_ENTRIES: Mapping[str, frozenset[str]] = {
    "complete": frozenset({"variables", "outcome"}),
    "message": frozenset({"correlationKey", "variables"}),
    "signal": frozenset({"variables"}),
    "error": frozenset({"code", "variables"}),
    "advance": frozenset(),
}


_EXPECTED = ("state", "waiting", "transitions", "variables")


class Then(StrEnum):
    COMPLETE = "complete"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioStep:
    """One step: `kind` as in the module's docstring, `target` the element, name or duration.

    key: the correlation key of a message as text; None: whatever key is waited for.
    """

    kind: str
    target: str
    variables: Mapping[str, object] = field(default_factory=dict)
    outcome: str | None = None
    code: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """See the module's docstring. expected: what of it is named; of the variables only those that are named."""

    now: datetime
    variables: Mapping[str, object] = field(default_factory=dict)
    start: str | None = None
    steps: tuple[ScenarioStep, ...] = ()
    then: Then = Then.COMPLETE
    hold: frozenset[str] = frozenset()
    expected: Mapping[str, object] = field(default_factory=dict)


def read_scenario(raw: Mapping[str, object], *, now: datetime) -> Scenario:
    """A scenario from JSON. `now` is taken where it names no instant. Raises `Invalid` ``scenario.invalid``."""
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise _invalid(f"the entry {unknown[0]!r} is unknown")
    steps = raw.get("steps", [])
    if not isinstance(steps, list):
        raise _invalid("steps must be a list")
    start = raw.get("start")
    if start is not None and not isinstance(start, str):
        raise _invalid("start must be the id of a start event")
    hold = raw.get("hold", [])
    if not isinstance(hold, list) or not all(isinstance(one, str) for one in hold):
        raise _invalid("hold must be a list of element ids")
    then = raw.get("then", "complete")
    if then not in [one.value for one in Then]:
        raise _invalid("then must be complete or stop")
    return Scenario(
        now=_instant(raw["now"]) if "now" in raw else now,
        variables=_variables(raw),
        start=start,
        steps=tuple(_numbered(number, one) for number, one in enumerate(steps, 1)),
        then=Then(str(then)),
        hold=frozenset(hold),
        expected=_expected(raw.get("expected", {})),
    )


def _expected(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise _invalid("expected must be an object")
    for name, value in raw.items():
        lines = isinstance(value, list) and all(isinstance(one, str) for one in value)
        fits = {"state": isinstance(value, str), "variables": isinstance(value, dict)}.get(name, lines)
        if name not in _EXPECTED or not fits:
            raise _invalid(f"the entry {name!r} of expected is unknown, or not of the right kind")
    return raw


def _numbered(number: int, raw: object) -> ScenarioStep:
    try:
        return _step(raw)
    except Invalid as problem:
        raise _invalid(f"step {number}: {problem.params['what']}") from problem


def _step(raw: object) -> ScenarioStep:
    if not isinstance(raw, dict):
        raise _invalid("a step must be an object")
    kinds = [kind for kind in _STEPS if kind in raw]
    if len(kinds) != 1:
        raise _invalid(f"a step must have exactly one of {', '.join(_STEPS)}")
    if not isinstance(raw[kinds[0]], str):
        raise _invalid(f"{kinds[0]} must be a text")
    unknown = sorted(set(raw) - _ENTRIES[kinds[0]] - set(kinds))
    if unknown:
        raise _invalid(f"the entry {unknown[0]!r} of a step {kinds[0]!r} is unknown")
    outcome = raw.get("outcome")
    if kinds[0] == "advance":
        duration(raw["advance"])
    return ScenarioStep(
        kind=kinds[0],
        target=raw[kinds[0]],
        variables=_variables(raw),
        outcome=None if outcome is None else str(outcome),
        code=str(raw.get("code", "")),
        key=_key(raw["correlationKey"]) if "correlationKey" in raw else None,
    )


def _key(found: object) -> str:
    if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
        raise _invalid("correlationKey must be a text or a number")
    return found if isinstance(found, str) else to_text(found)


def _variables(raw: Mapping[str, object]) -> Mapping[str, object]:
    found = raw.get("variables", {})
    if not isinstance(found, dict):
        raise _invalid("variables must be an object")
    return found


def _instant(text: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise _invalid(f"now is {text!r}, which is no instant") from error
    if found.tzinfo is None:
        raise _invalid("now must say its offset from UTC")
    return found


def duration(text: str) -> timedelta:
    """Days and time, in ISO 8601 as FEEL reads it; months have no length."""
    quoted = text.replace("\\", "").replace('"', "")
    try:
        found = compile_expression(f'duration("{quoted}")')({})
    except FeelError:
        found = None
    if not isinstance(found, timedelta) or found < timedelta(0):
        raise _invalid(f"{text!r} is no duration of days and time such as PT1H or P2D")
    return found


def _invalid(what: str) -> Invalid:
    return Invalid("scenario.invalid", f"The scenario cannot be read: {what}.", params={"what": what})
