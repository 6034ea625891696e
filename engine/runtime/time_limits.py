"""How ``supervision:timeLimit`` and ``supervision:pause`` are drawn, read into the values of engine.model."""

from lxml import etree

from engine.model.definitions import ClockStop, TimeLimit
from engine.model.findings import Action
from engine.model.ids import ElementId
from engine.model.working_days import Term, TermUnit, WarnUnit

UNITS = {"workingDays": TermUnit.WORKDAY, "calendarDays": TermUnit.DAY, "hours": TermUnit.HOUR}
WARN_UNITS = {"percent": WarnUnit.PERCENT, "workingDays": WarnUnit.WORKDAYS_BEFORE}
LIMIT_ATTRIBUTES = frozenset({"legal", "promised", "unit", "warn", "warnUnit", "actions", "from"})
PAUSE_ATTRIBUTES = frozenset({"kind", "reason"})
KINDS = ("correction", "hearing", "review", "inspection", "publicity", "other")
"""Special procedures (特别程序): 补正、听证、专家评审、检验检测、公示、其他."""


def time_limit(drawn: etree._Element | None) -> TimeLimit | None:
    """The time limit of a node or process that has passed the gate; None without one."""
    if drawn is None:
        return None
    numbers = {name: int(drawn.get(name, "")) for name in ("legal", "promised") if drawn.get(name)}
    amount = numbers.get("promised", numbers.get("legal", 0))
    legal = numbers.get("legal", 0)
    given = drawn.get("actions", "").replace(",", " ").split()
    usual = TimeLimit(term=Term(amount=0, unit=TermUnit.WORKDAY)).actions
    return TimeLimit(
        term=Term(
            amount=amount,
            unit=UNITS[drawn.get("unit", "workingDays")],
            warn=int(drawn.get("warn", "80")),
            warn_unit=WARN_UNITS[drawn.get("warnUnit", "percent")],
        ),
        legal=legal if legal > amount else None,
        actions=frozenset(Action(word) for word in given) or usual,
        starts_at=ElementId(drawn.get("from", "")) or None,
    )


def pause(drawn: etree._Element | None) -> ClockStop | None:
    """Whether a node stops the clock."""
    return None if drawn is None else ClockStop(kind=drawn.get("kind", "other"), reason=drawn.get("reason", ""))
