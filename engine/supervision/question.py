"""A check's question: the parameters as drawn, evaluated over the facts, each of the kind that the check asks for.

Whoever asks for a value gets one; what is missing or of another kind ends the check with CANNOT_SAY, which says in
words what was missing. So no check can forget that missing data is never a pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from engine.feel import compile_expression
from engine.model.definitions import CheckDefinition
from engine.model.indicators import Indicator, Number
from engine.model.lookups import Found, Need, Unavailable
from engine.supervision.facts import Act, CaseTrace, Facts
from engine.supervision.sentences import plain


class Kind(StrEnum):
    """What a parameter's value is."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    LIST = "list"
    ANY = "any"


_WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.NUMBER: ("数字", "number"),
    Kind.TEXT: ("文字", "text"),
    Kind.BOOLEAN: ("是或否", "yes or no"),
    Kind.DATE: ("日期", "date"),
    Kind.LIST: ("列表", "list"),
    Kind.ANY: ("值", "value"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """zh: its name for people. meaning: one English clause for the reference. default: a text as drawn; "" is none."""

    name: str
    kind: Kind
    zh: str
    meaning: str
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()


INDICATOR = Parameter(
    name="indicator", kind=Kind.TEXT, zh="指标", meaning="code of the indicator that gives the limit, instead of it"
)
ON = Parameter(
    name="on",
    kind=Kind.DATE,
    zh="指标适用日",
    meaning="the day whose value of the indicator holds; nothing drawn: the day on which the case began",
)
"""What every check takes that may be judged by an indicator."""


def by_indicator(indicator: Indicator | None) -> tuple[dict[str, object], dict[str, str]]:
    """What an answer tells of the indicator it was judged by: among its parameters, and among its data versions."""
    if indicator is None:
        return {}, {}
    where = {"district": indicator.district} if indicator.district else {}
    told: dict[str, object] = {"indicator": indicator.code, "law": indicator.law, **where}
    return told, {f"indicator {indicator.code}": str(indicator.version)}


class CannotSay(Exception):
    """Ends a check. code: of a sentence."""

    def __init__(
        self,
        code: str,
        params: Mapping[str, object],
        evidence: Mapping[str, object] | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
        self.evidence = evidence or {}
        self.parameters = parameters or {}


@dataclass(frozen=True, slots=True)
class Question:
    """One check as drawn, over one case."""

    definition: CheckDefinition
    facts: Facts
    known: Mapping[str, Parameter] = field(default_factory=dict)

    def drawn(self, name: str) -> str:
        """The text in the model, or the default; "" when there is neither."""
        return self.definition.parameters.get(name) or self.known[name].default

    def value(self, name: str) -> object:
        """The value, None when nothing was drawn or nothing is there. Raises FeelError."""
        drawn = self.drawn(name)
        if drawn.startswith("="):
            return self.facts.evaluate(drawn)
        if not drawn:
            return None
        kind = self.known[name].kind
        return drawn if kind in (Kind.TEXT, Kind.ANY) else _literal(drawn, kind)

    def number(self, name: str) -> Number:
        """Raises CannotSay."""
        found = self.value(name)
        if isinstance(found, int | Decimal) and not isinstance(found, bool):
            return found
        raise self._wanting(name, found)

    def whole(self, name: str) -> int:
        """A number without fraction. Raises CannotSay."""
        found = self.number(name)
        if found == int(found):
            return int(found)
        raise self._wanting(name, found)

    def text(self, name: str) -> str:
        """Text that is not blank. Raises CannotSay."""
        found = self.value(name)
        if isinstance(found, str) and found.strip():
            return found
        raise self._wanting(name, None if found == "" else found)

    def truth(self, name: str) -> bool:
        """Raises CannotSay."""
        found = self.value(name)
        if isinstance(found, bool):
            return found
        raise self._wanting(name, found)

    def items(self, name: str) -> list[object]:
        """A list. Raises CannotSay."""
        found = self.value(name)
        if isinstance(found, list | tuple):
            return list(found)
        raise self._wanting(name, found)

    def words(self, name: str) -> list[str]:
        """A list of texts; a drawn text is split at commas and spaces. Empty when nothing was drawn."""
        found = self.value(name)
        if found is None:
            return []
        if isinstance(found, str):
            return found.replace(",", " ").split()
        if isinstance(found, list | tuple) and all(isinstance(one, str) for one in found):
            return [str(one) for one in found]
        raise self._wanting(name, found)

    def moment(self, name: str) -> datetime | date:
        """An aware instant, or a day. Text in ISO form is read too, as forms deliver it. Raises CannotSay."""
        found = self.value(name)
        read = _moment(found)
        if read is None:
            raise self._wanting(name, found)
        return read

    def day(self, name: str) -> date:
        """The local day of a moment. Raises CannotSay."""
        return self.local_day(self.moment(name))

    def instant(self, name: str) -> datetime:
        """The instant of a moment; a day begins at local midnight. Raises CannotSay."""
        return self.local_instant(self.moment(name))

    def local_day(self, moment: datetime | date) -> date:
        """The day in the calendar's zone."""
        return self.facts.given.calendar.day_of(moment) if isinstance(moment, datetime) else moment

    def local_instant(self, moment: datetime | date) -> datetime:
        """An instant is itself, a day begins at local midnight."""
        return moment if isinstance(moment, datetime) else self.facts.given.calendar.start_of(moment)

    def read_instant(self, found: object) -> datetime | None:
        """The instant of a value inside of a list or context; None for what is no moment."""
        read = _moment(found)
        return None if read is None else self.local_instant(read)

    def indicator(self, name: str) -> Indicator:
        """The indicator that the parameter names, of the case's day or of the day `on`. Raises CannotSay."""
        code = self.text(name)
        handed = self.facts.given.indicators
        day = self.day(ON.name) if ON.name in self.known and self.drawn(ON.name) else None
        found = handed.find(code, day) if handed is not None else None
        if found is None:
            raise CannotSay("no-indicator", {"indicator": code})
        return found

    def limit(self, name: str) -> tuple[Number, Indicator | None]:
        """A limit that is drawn as a number, or that the parameter ``indicator`` names. Raises CannotSay."""
        if not self.drawn(INDICATOR.name):
            return self.number(name), None
        found = self.indicator(INDICATOR.name)
        if isinstance(found.value, int | Decimal) and not isinstance(found.value, bool):
            return found.value, found
        chinese, english = _WORDS[Kind.NUMBER]
        what = {"what": f"指标 {found.code} ", "what_en": f"the indicator {found.code}"}
        raise CannotSay("wrong-kind", {**what, "kind": chinese, "kind_en": english})

    @property
    def trace(self) -> CaseTrace:
        """The case's history. Raises CannotSay when it was not handed over."""
        if self.facts.given.trace is None:
            raise CannotSay("no-trace", {})
        return self.facts.given.trace

    @property
    def acts(self) -> Sequence[Act]:
        """All acts so far, the one being judged included. Raises CannotSay."""
        found = self.facts.acts
        if found is None:
            raise CannotSay("no-trace", {})
        return found

    def looked_up(self, need: Need, source: str) -> Found:
        """What was found. Raises CannotSay when the source could not be asked, or was not."""
        found = self.facts.found.get(need)
        if isinstance(found, Found):
            return found
        why = found.reason if isinstance(found, Unavailable) else "尚未接入"
        raise CannotSay("no-source", {"source": source, "why": why})

    def label(self, name: str) -> str:
        """A parameter's Chinese name with the expression it was drawn with."""
        drawn = self.drawn(name)
        return f"{self.known[name].zh}（{drawn.removeprefix('=')}）" if drawn else self.known[name].zh

    def missing(self, *names: str) -> CannotSay:
        """The answer for values that are not there."""
        return CannotSay(
            "missing",
            {
                "missing": "和".join(self.label(name) for name in names),
                "missing_en": " and ".join(f"{name} ({self.drawn(name).removeprefix('=')})" for name in names),
            },
        )

    def _wanting(self, name: str, found: object) -> CannotSay:
        if found is None:
            return self.missing(name)
        chinese, english = _WORDS[self.known[name].kind]
        params = {"what": self.label(name), "kind": chinese, "what_en": name, "kind_en": english}
        return CannotSay("wrong-kind", params, evidence={name: plain(found)})


def _moment(found: object) -> datetime | date | None:
    if isinstance(found, str):
        try:
            found = date.fromisoformat(found) if len(found) == 10 else datetime.fromisoformat(found)
        except ValueError:
            return None
    if isinstance(found, datetime):
        return found if found.tzinfo is not None else None
    return found if isinstance(found, date) else None


@lru_cache(maxsize=1024)
def _literal(drawn: str, kind: Kind) -> object:
    """A literal as FEEL reads it; dates as they stand; a list is words."""
    if kind in (Kind.DATE, Kind.LIST):
        return drawn if kind is Kind.DATE else tuple(drawn.replace(",", " ").split())
    return compile_expression(drawn)({})
