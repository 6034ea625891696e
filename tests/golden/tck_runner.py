"""Runs a folder of the DMN Technology Compatibility Kit and counts.

``python -m tests.golden.tck_runner FOLDER [PART OF A CASE NAME] [--list]`` prints passed/total for level 2,
level 3, results expected not to be null, and decision tables, then every failure in one line. Numbers are compared
with a tolerance of 1e-8, as the kit's own runner does; an error where null is expected passes.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine.feel import FeelError
from engine.feel.dmn import DecisionModel, load
from engine.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.values import NUMBERS, equal

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_NUMERIC = frozenset(["decimal", "integer", "int", "double", "float", "long"])
_TEMPORAL = {
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_time,
    "duration": parse_duration,
    "dayTimeDuration": parse_duration,
    "yearMonthDuration": parse_duration,
}


@dataclass(frozen=True, slots=True)
class Unrepresentable:
    """An expected value that we have no Python value for: never equal to anything."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One result node. null: whether null or an error is expected. table: whether a decision table is involved."""

    level: int
    case: str
    test: str
    node: str
    passed: bool
    null: bool
    table: bool
    detail: str

    def line(self) -> str:
        return f"L{self.level} {self.case} {self.test} {self.node}: {self.detail}"


def local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def kids(element: Any, name: str) -> list[Any]:
    return [child for child in element if local(child) == name]


def kid(element: Any, name: str) -> Any:
    return next(iter(kids(element, name)), None)


def value_of(element: Any) -> Any:
    """The value that an `inputNode`, `expected`, `component` or `item` holds."""
    if element is None or element.get(XSI + "nil") == "true":
        return None
    components = kids(element, "component")
    if components:
        return {component.get("name"): value_of(component) for component in components}
    listed = kid(element, "list")
    if listed is not None:
        return None if listed.get(XSI + "nil") == "true" else [value_of(item) for item in kids(listed, "item")]
    value = kid(element, "value")
    if value is None or value.get(XSI + "nil") == "true":
        return None
    return scalar((value.get(XSI + "type") or "").split(":")[-1], value.text or "")


def scalar(type_name: str, text: str) -> Any:
    """A typed text of the kit."""
    if type_name in {"", "string"}:
        return text
    text = text.strip()
    if type_name in _NUMERIC:
        number = Decimal(text)
        return int(number) if number.is_finite() and number == number.to_integral_value() else number
    if type_name == "boolean":
        return text in {"true", "1"}
    if type_name in _TEMPORAL:
        parsed = _TEMPORAL[type_name](text)
        return Unrepresentable(text) if parsed is None else parsed
    return text


def same(expected: Any, actual: Any) -> bool:
    """Whether a result is what the kit expects."""
    if expected is None or actual is None:
        return expected is actual
    if type(expected) in NUMBERS and type(actual) in NUMBERS:
        one, other = Decimal(expected), Decimal(actual)
        return one == other or abs(one - other) <= Decimal("1e-8") * max(Decimal(1), abs(one))
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(expected) == len(actual)
            and all(same(one, other) for one, other in zip(expected, actual, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and expected.keys() == actual.keys()
            and all(same(expected[key], actual[key]) for key in expected)
        )
    return not isinstance(expected, Unrepresentable) and equal(expected, actual) is True


def plain(name: str | None) -> str:
    return " ".join((name or "").split())


def load_folder(folder: Path, name: str) -> DecisionModel:
    """A model with the imports that lie beside it."""
    return _load(folder, folder / name, {})


def _load(folder: Path, path: Path, done: dict[Path, DecisionModel]) -> DecisionModel:
    if path in done:
        return done[path]
    wanted = {one.get("namespace") for one in kids(etree.parse(path).getroot(), "import")}
    imports = [
        _load(folder, other, done)
        for other in sorted(folder.glob("*.dmn"))
        if other != path and etree.parse(other).getroot().get("namespace") in wanted
    ]
    done[path] = load(path.read_bytes(), imports=imports)
    return done[path]


def run_file(level: int, path: Path) -> Iterator[Outcome]:
    """Every result node of one test file."""
    root = etree.parse(path).getroot()
    folder = path.parent
    model_name = kid(root, "modelName").text.strip()
    table = b"decisionTable" in (folder / model_name).read_bytes()
    try:
        model: DecisionModel | None = load_folder(folder, model_name)
        problem = ""
    except FeelError as error:
        model, problem = None, str(error)
    for case in kids(root, "testCase"):
        inputs: dict[str, Any] = {}
        for node in kids(case, "inputNode"):
            name, namespace = plain(node.get("name")), node.get("namespace")
            inputs[f"{namespace}#{name}" if namespace else name] = value_of(node)
        for node in kids(case, "resultNode"):
            expected, null = value_of(kid(node, "expected")), node.get("errorResult") == "true"
            if model is None:
                actual, detail = None, f"the model cannot be loaded: {problem}"
            else:
                actual, detail = evaluate(model, case, plain(node.get("name")), inputs)
            passed = same(expected, actual) or (null and actual is None)
            yield Outcome(
                level=level,
                case=folder.name,
                test=str(case.get("id")),
                node=plain(node.get("name")),
                passed=passed,
                null=expected is None or null,
                table=table,
                detail=f"expected {expected!r}, got {actual!r} {detail}"[:400],
            )


def evaluate(model: DecisionModel, case: Any, name: str, inputs: dict[str, Any]) -> tuple[Any, str]:
    """The value of one result node and what went wrong."""
    try:
        if case.get("type") in {"decisionService", "bkm"}:
            function = plain(case.get("invocableName"))
            result = model.invoke(function, inputs, now=NOW)
            value = result.value
            if isinstance(value, dict) and name in value and name != function:
                value = value[name]
            return value, "; ".join(result.errors)
        given = dict.fromkeys(model.inputs(name)) | inputs
        result = model.evaluate(name, given, now=NOW, strict=False)
    except FeelError as error:
        return None, str(error)
    return result.value, "; ".join(result.errors)


def run(folder: Path, part: str = "") -> list[Outcome]:
    """All outcomes of a kit, or of the cases whose folder name holds `part`."""
    return [
        outcome
        for level in (2, 3)
        for path in sorted((folder / f"compliance-level-{level}").glob("*/*.xml"))
        if part in path.parent.name
        for outcome in run_file(level, path)
    ]


def summary(outcomes: Iterable[Outcome]) -> list[str]:
    """One line a group: passed, total and per cent."""
    passed, total = Counter[str](), Counter[str]()
    for outcome in outcomes:
        groups = [f"level {outcome.level}", "all"]
        if not outcome.null:
            groups.append("non-null expected")
        if outcome.table:
            groups.append("decision tables")
        for group in groups:
            total[group] += 1
            passed[group] += outcome.passed
    order = ["level 2", "level 3", "non-null expected", "decision tables", "all"]
    return [
        f"{group:20} {passed[group]:5}/{total[group]:5}  {100 * passed[group] / total[group]:6.2f} %"
        for group in order
        if total[group]
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the DMN TCK", epilog="example: tck_runner.py ../data/dmn-tck")
    parser.add_argument("folder", type=Path)
    parser.add_argument("part", nargs="?", default="")
    arguments = parser.parse_args()
    outcomes = run(arguments.folder, arguments.part)
    lines = [*summary(outcomes), *(outcome.line() for outcome in outcomes if not outcome.passed)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
