"""Ask one check, through the gateway, as a model would."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.findings import Action, CheckResult, RiskLevel
from engine.model.ids import ElementId
from engine.model.lookups import Found, Need, RowsNeed, Unavailable
from engine.supervision import gateway
from engine.supervision.facts import Act, CaseTrace, Given, Visit

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday morning in Shenyang."""
Rows = Sequence[Mapping[str, object]]


def drawn(code: str, parameters: Mapping[str, str], **more: object) -> CheckDefinition:
    """A check of level medium that prompts."""
    given: dict[str, object] = {
        "id": "c",
        "code": code,
        "name": "事项",
        "level": RiskLevel.MEDIUM,
        "actions": frozenset({Action.PROMPT_CLERK}),
        "blocking": False,
        "parameters": parameters,
        **more,
    }
    return CheckDefinition(**given)  # type: ignore[arg-type]


def ask(
    definition: CheckDefinition,
    variables: Mapping[str, object],
    *,
    now: datetime = NOW,
    given: Given | None = None,
    sources: Mapping[str, Rows] | None = None,
) -> CheckResult:
    """What it says. sources: datasets by name; a need of another one is unavailable."""

    def fetch(need: Need) -> Found | Unavailable:
        if not isinstance(need, RowsNeed) or sources is None or need.source not in sources:
            return Unavailable(reason="离线")
        rows = [row for row in sources[need.source] if all(str(row.get(f)) in values for f, values in need.match)]
        return Found(value=tuple(rows), version="快照 7", as_of=NOW)

    element = ElementDefinition(id=ElementId("G"), type="exclusiveGateway", name="监督网关", checks=(definition,))
    (result,) = gateway.judge(element, variables, now=now, given=given, fetch=fetch).results
    return result


def trace(*acts: tuple[str, str, int], **more: object) -> Given:
    """A case whose acts are (element, person, hour); each element is visited once for each of its acts."""
    made = [Act(element=element, person=person, at=hour(at)) for element, person, at in acts]
    visits = [
        Visit(element=act.element, instance=f"{act.element}#{n}", entered_at=act.at, left_at=act.at, completed=True)
        for n, act in enumerate(made)
    ]
    case: dict[str, object] = {"started_at": hour(0), "acts": tuple(made), "visits": tuple(visits), **more}
    return Given(trace=CaseTrace(**case))  # type: ignore[arg-type]


def hour(at: int) -> datetime:
    """So many hours into the case, which began on 5 January 2026, 08:00 in Shenyang."""
    return datetime(2026, 1, 5 + at // 24, at % 24, tzinfo=UTC)
