"""FEEL and DMN beside a Python lambda and beside other engines; parsing; hostile texts.

Microseconds are those of the best of many short batches (`timing.race`), with the runners taking turns.
"""

import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from benchmarks import peers, tables
from benchmarks.timing import race
from engine.feel import FeelError, compile_expression, compile_unary_tests
from engine.feel.dmn import load
from engine.feel.expression import compile_cold
from tests.unit.feel.hostile import HARMLESS, REFUSED, TOO_MUCH

Row = dict[str, Any]
ByHand = Callable[[Mapping[str, Any]], bool]
TEXT = 'amount > 50000 and region in ("A", "B")'
CASE: dict[str, Any] = {f"v{number}": number for number in range(48)} | {"amount": 60000, "region": "A"}
TERMS = 48
ALL = " and ".join(f"v{number} >= {number}" for number in range(TERMS))


def rows() -> list[Row]:
    """Everything of this section."""
    return [*condition_rows(), *row_rows(), *table_rows(), *parse_rows(), *hostile_rows()]


def ratios(found: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What issue 3 aims at: times the lambda, and whether we are ahead of the others."""
    values = {(row["name"], row["engine"]): row["value"] for row in found}
    result: dict[str, float] = {}
    for name in ("condition, true", "condition, false", f"condition of {TERMS} terms"):
        result[f"{name}: Mingjing / lambda"] = values[name, "Mingjing"] / values[name, "lambda"]
    for name in ("UNIQUE", "FIRST", "COLLECT"):
        for rival in ("a lambda for each cell", "a lambda for each rule"):
            result[f"table {name}: Mingjing / {rival}"] = (
                values[f"table {name}", "Mingjing"] / values[f"table {name}", rival]
            )
    for (name, engine), value in values.items():
        if name == "condition, true" and engine not in {"Mingjing", "lambda"}:
            result[f"condition, true: {engine} / Mingjing"] = value / values[name, "Mingjing"]
    return result


def _rows(name: str, measured: Mapping[str, float]) -> list[Row]:
    return [{"name": name, "engine": engine, "value": value, "unit": "µs"} for engine, value in measured.items()]


def condition_rows() -> list[Row]:
    """A condition of two terms; 50 variables are there. True, then false by its first term."""
    compiled = compile_expression(TEXT, names=CASE.keys())
    by_hand: ByHand = lambda case: case["amount"] > 50000 and case["region"] in ("A", "B")  # noqa: E731
    low = {**CASE, "amount": 40000}
    runners: dict[str, peers.Call] = {"lambda": lambda: by_hand(CASE), "Mingjing": lambda: compiled(CASE)}
    found = {
        "RestrictedPython": peers.restricted_python(TEXT, CASE),
        "zen-engine": peers.zen('amount > 50000 and region in ["A", "B"]', CASE),
        "cel-expr-python": peers.cel('amount > 50000 && region in ["A", "B"]', CASE),
    }
    runners |= {engine: calls[0] for engine, calls in found.items() if calls is not None}
    for call in runners.values():
        assert call() is True
    result = _rows("condition, true", race(runners))
    in_node = peers.feelin(TEXT, CASE)
    if in_node is not None:
        result += _rows("condition, true", {"feelin (node)": in_node[0]})
        result += _rows("condition, true, JS function", {"node": in_node[1]})
    result += _rows("condition, false", race({"lambda": lambda: by_hand(low), "Mingjing": lambda: compiled(low)}))
    return result


def row_rows() -> list[Row]:
    """A condition that reads nearly all variables."""
    compiled = compile_expression(ALL, names=CASE.keys())
    by_hand: ByHand = eval("lambda case: " + " and ".join(f"case['v{n}'] >= {n}" for n in range(TERMS)))
    assert compiled(CASE) is True is by_hand(CASE)
    name = f"condition of {TERMS} terms"
    return _rows(name, race({"lambda": lambda: by_hand(CASE), "Mingjing": lambda: compiled(CASE)}))


def table_rows() -> list[Row]:
    """20 rules, 6 inputs, 2 outputs; `DecisionModel.evaluate` whole, with matched rules, inputs and budget."""
    result: list[Row] = []
    for policy, rules, by_cell, by_rule in (
        ("UNIQUE", tables.unique(), tables.unique_by_cell, tables.unique_by_rule),
        ("FIRST", tables.overlapping(), tables.first_by_cell, tables.first_by_rule),
        ("COLLECT", tables.overlapping(), tables.all_by_cell, tables.all_by_rule),
    ):
        model = load(tables.document(rules, policy))
        cells, whole = tables.cells(rules), tables.rules_by_hand(policy)
        value = model.evaluate("d", tables.CASE).value
        shown = [tuple(one.values()) for one in value] if isinstance(value, list) else tuple(value.values())
        assert shown == by_cell(cells, tables.CASE) == by_rule(whole, tables.CASE), policy
        measured = race(
            {
                "a lambda for each cell": partial(by_cell, cells, tables.CASE),
                "a lambda for each rule": partial(by_rule, whole, tables.CASE),
                "Mingjing": partial(model.evaluate, "d", tables.CASE),
            }
        )
        result += _rows(f"table {policy}", measured)
    return result


def parse_rows() -> list[Row]:
    """Parsing, checking and compiling a text that was never seen."""
    names = frozenset(CASE)
    runners: dict[str, peers.Call] = {"Mingjing": lambda: compile_cold(TEXT, names)}
    found = {
        "RestrictedPython": peers.restricted_python(TEXT, CASE),
        "zen-engine": peers.zen('amount > 50000 and region in ["A", "B"]', CASE),
        "cel-expr-python": peers.cel('amount > 50000 && region in ["A", "B"]', CASE),
    }
    runners |= {engine: calls[1] for engine, calls in found.items() if calls is not None}
    table = tables.document(tables.unique(), "UNIQUE")
    return [
        *_rows("parse and compile a condition", race(runners)),
        *_rows("load a table of 20 x 6 from XML", race({"Mingjing": lambda: load(table)})),
    ]


def hostile_rows() -> list[Row]:
    """The slowest and the hungriest of the hostile texts that the tests hold, from text to the error."""
    corpus = [*TOO_MUCH, *HARMLESS, *REFUSED]
    for warm in corpus:
        _seconds(warm)
    slowest = max(corpus, key=_seconds)
    memory = {text: _peak(text) for text in corpus}
    hungriest = max(memory, key=lambda text: memory[text])
    return [
        {
            "name": f"slowest of {len(corpus)} hostile texts: {slowest[:40]}",
            "engine": "Mingjing",
            "value": 1000 * min(_seconds(slowest) for _ in range(3)),
            "unit": "ms",
        },
        {
            "name": f"hungriest of them: {hungriest[:40]}",
            "engine": "Mingjing",
            "value": memory[hungriest] / 1e6,
            "unit": "MB",
        },
    ]


def _run(text: str) -> None:
    for compiled in (lambda: compile_expression(text)({}), lambda: compile_unary_tests(text)(1, {})):
        try:
            compiled()
        except FeelError:
            continue


def _seconds(text: str) -> float:
    start = time.perf_counter()
    with suppress(FeelError):
        compile_expression(text)({})
    return time.perf_counter() - start


def _peak(text: str) -> int:
    tracemalloc.start()
    try:
        _run(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
