"""A decision table of 20 rules and 6 inputs with 2 outputs: as DMN, and as a Python programmer would write it.

Each rule bounds age and income, names districts, kinds and levels, and one asks for a boolean. Exactly one rule
matches in the table for UNIQUE; in that for FIRST and COLLECT several do. Two hand-written forms are measured: a
lambda for each cell, run rule by rule up to the first cell that does not match, and one lambda for each rule.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

NAMES = ("age", "income", "district", "kind", "level", "local")
CASE: dict[str, Any] = {"age": 34, "income": 5200, "district": "D3", "kind": "K2", "level": 4, "local": True}
DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"
Cell = tuple[str, Callable[[Any], bool] | None]
Outputs = tuple[str, int]
Rule = tuple[Sequence[Cell], Outputs]


def unique() -> list[Rule]:
    """District and kind tell the 20 rules apart."""
    return [_rule(number, f"D{number % 5 + 1}", f"K{number // 5 + 1}") for number in range(20)]


def overlapping() -> list[Rule]:
    """From the tenth on every other rule takes any district and kind: the eighth is the first of seven that match."""
    rules = []
    for number in range(20):
        open_rule = number >= 9 and number % 2
        rules.append(
            _rule(number, "" if open_rule else f"D{number % 5 + 1}", "" if open_rule else f"K{number // 5 + 1}")
        )
    return rules


def _rule(number: int, district: str, kind: str) -> Rule:
    low, limit, level = 18 + number % 3, 9000 - 10 * number, number % 4
    cells: list[Cell] = [
        (f"[{low}..60)", lambda age: low <= age < 60),
        (f"< {limit}", lambda income: income < limit),
        (f'"{district}"', lambda value: value == district) if district else ("-", None),
        (f'"{kind}", "X"', lambda value: value in (kind, "X")) if kind else ("-", None),
        (f"> {level}", lambda value: value > level),
        ("true", lambda local: local is True) if number % 5 == 0 else ("-", None),
    ]
    return cells, (f"grade {number}", number * 100)


# ---- by hand, a lambda for each cell


def cells(rules: Sequence[Rule]) -> Any:
    """The lambdas that test something, with the name of their input."""
    return [
        ([(name, test) for name, (_, test) in zip(NAMES, row, strict=True) if test is not None], outputs)
        for row, outputs in rules
    ]


def first_by_cell(table: Any, case: Mapping[str, Any]) -> Any:
    for tests, outputs in table:
        for name, test in tests:
            if not test(case[name]):
                break
        else:
            return outputs
    return None


def all_by_cell(table: Any, case: Mapping[str, Any]) -> Any:
    found = []
    for tests, outputs in table:
        for name, test in tests:
            if not test(case[name]):
                break
        else:
            found.append(outputs)
    return found


def unique_by_cell(table: Any, case: Mapping[str, Any]) -> Any:
    """One match or none; two are an error."""
    return _only(all_by_cell(table, case))


def _only(found: Any) -> Any:
    if len(found) > 1:
        raise ValueError("two rules match")
    return found[0] if found else None


# ---- by hand, one lambda for each rule


def rules_by_hand(policy: str) -> Any:
    """The lambdas of whole rules with their outputs, as one would write them out."""
    written = []
    for row, outputs in unique() if policy == "UNIQUE" else overlapping():
        terms = [_written(name, text) for name, (text, _) in zip(NAMES, row, strict=True) if text != "-"]
        written.append((eval(f"lambda case: {' and '.join(terms)}"), outputs))
    return written


def _written(name: str, text: str) -> str:
    """A cell of this module's tables as Python."""
    value = f"case['{name}']"
    if text.startswith("["):
        low, _, high = text[1:-1].partition("..")
        return f"{low} <= {value} < {high}"
    if text == "true":
        return value
    if text[0] in "<>":
        return f"{value} {text}"
    return f"{value} in ({text},)" if "," in text else f"{value} == {text}"


def first_by_rule(table: Any, case: Mapping[str, Any]) -> Any:
    for test, outputs in table:
        if test(case):
            return outputs
    return None


def all_by_rule(table: Any, case: Mapping[str, Any]) -> Any:
    return [outputs for test, outputs in table if test(case)]


def unique_by_rule(table: Any, case: Mapping[str, Any]) -> Any:
    """As `unique_by_cell`."""
    return _only(all_by_rule(table, case))


def document(rules: Sequence[Rule], policy: str) -> bytes:
    """The table as DMN; the decision is `d`."""
    inputs = "".join(f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in NAMES)
    rows = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(text)}</text></inputEntry>" for text, _ in cells)
        + f'<outputEntry><text>"{grade}"</text></outputEntry><outputEntry><text>{amount}</text></outputEntry></rule>'
        for cells, (grade, amount) in rules
    )
    table = f'<decisionTable hitPolicy="{policy}">{inputs}<output name="grade"/><output name="amount"/>{rows}'
    decision = f'<decision id="d" name="d">{table}</decisionTable></decision>'
    return f'<definitions xmlns="{DMN}" id="t" name="t" namespace="urn:bench">{decision}</definitions>'.encode()
