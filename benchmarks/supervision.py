"""What the checks of a node cost a step: ten FEEL checks through the gateway, and single checks of other kinds.

CPU time of this process, the best of many short batches. The aim for ten checks is under 0.5 ms.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine.feel import compile_expression
from engine.model.definitions import CheckDefinition, ElementDefinition
from engine.model.findings import Action, RiskLevel
from engine.model.ids import ElementId
from engine.supervision import gateway
from engine.supervision.facts import Given

AIM_MS = 0.5
ROUNDS, BATCH = 40, 50
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
VARIABLES: Mapping[str, object] = {
    "members": [{"income": 1200 + 10 * n, "age": 20 + n} for n in range(4)],
    "limits": {"income": Decimal("975.50"), "vehicle": 100000, "area": 30},
    "vehicle": 80000,
    "area": 96,
    "kind": "城市",
    "accepted_on": "2026-01-05",
    "surveyor": "王丽",
    "reviewer": "李强",
}
CONDITIONS = (
    "sum(members.income) / count(members) > limits.income",
    "vehicle > limits.vehicle",
    "some member in members satisfies member.age < 18",
    "area / count(members) > limits.area",
    'kind in ["城市", "农村"] and area > 500',
    "count(members[income > 1215]) > 3",
    "max(members.income) > 3 * min(members.income)",
    'if kind = "城市" then vehicle > 90000 else vehicle > 60000',
    "every member in members satisfies member.income > limits.income",
    "abs(vehicle - limits.vehicle) < 1000",
)


def rows() -> list[dict[str, Any]]:
    """Milliseconds of CPU for one judgement."""
    ten = [_check(str(n), "EXP-01", {"condition": f"={text}"}) for n, text in enumerate(CONDITIONS)]
    thresholds = [
        _check(str(n), "THR-01", {"value": f"=members[{n % 4 + 1}].income", "limit": "=limits.income"})
        for n in range(10)
    ]
    deadline = {"from": "=accepted_on", "limit": "20"}
    separation = {"first": "=surveyor", "second": "=reviewer"}
    compiled = [compile_expression(text) for text in CONDITIONS]
    found = {
        "ten FEEL checks (EXP-01)": _judged(ten),
        "ten thresholds (THR-01)": _judged(thresholds),
        "one FEEL check": _judged(ten[1:2]),
        "one deadline in working days (DDL-01)": _judged([_check("d", "DDL-01", deadline)]),
        "one separation of duties (SEP-01)": _judged([_check("s", "SEP-01", separation)]),
        "the ten expressions alone": _milliseconds(lambda: [one(VARIABLES, now=NOW) for one in compiled]),
    }
    return [
        {
            "name": name,
            "engine": "mingjing",
            "value": value,
            "unit": "ms CPU",
            "aim": AIM_MS if name[:3] == "ten" else "",
        }
        for name, value in found.items()
    ]


def ratios(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Shares of the aim, and what the gateway adds to its expressions."""
    value = {row["name"]: float(row["value"]) for row in rows}
    ten = value["ten FEEL checks (EXP-01)"]
    return {
        "ten_checks_of_aim": ten / AIM_MS,
        "ten_thresholds_of_aim": value["ten thresholds (THR-01)"] / AIM_MS,
        "gateway_over_expressions": ten / value["the ten expressions alone"],
    }


def _check(identifier: str, code: str, parameters: Mapping[str, str]) -> CheckDefinition:
    return CheckDefinition(
        id=identifier,
        code=code,
        name="指标",
        level=RiskLevel.MEDIUM,
        actions=frozenset({Action.PROMPT_CLERK}),
        blocking=False,
        parameters=parameters,
    )


def _judged(checks: Sequence[CheckDefinition]) -> float:
    element = ElementDefinition(id=ElementId("G"), type="exclusiveGateway", name="", checks=tuple(checks))
    given = Given()
    return _milliseconds(lambda: gateway.judge(element, VARIABLES, now=NOW, given=given))


def _milliseconds(run: Any) -> float:
    run()
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(BATCH):
            run()
        best = min(best, (time.process_time() - began) / BATCH)
    return best * 1e3
