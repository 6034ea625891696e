"""Rules over a table of a million rows in DuckDB: translated, written by hand, and evaluated in Python batches.

Each pair of queries counts the rows for which the rule holds (condition), or adds up what the table gives, so that
nothing but the rule is measured. Times are processor time on one thread, so that a busy machine does not count, the
best of several runs, the two in turns; the answers are compared first.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
from sqlglot import exp

from engine.feel import compile_expression, dmn
from engine.feel.sql import (
    DecisionBatch,
    Dialect,
    ExpressionBatch,
    columns_of,
    translate_decision,
    translate_expression,
)

ROWS = 1_000_000
RUNS = 7
BATCH_ROWS = 100_000
"""Rows of the Python path; its rate does not depend on their number."""
COLUMNS = columns_of(
    {
        "income": "number(10,2)",
        "members": "integer(2)",
        "savings": "number(12,2)",
        "household": "string",
        "district": "string",
        "applied": "date",
        "disabled": "boolean",
    }
)
MAKE = f"""
CREATE TABLE applications AS SELECT
    CASE WHEN i % 50 = 0 THEN NULL ELSE CAST(hash(i) % 600000 AS DECIMAL(10,2)) / 100 END::DECIMAL(10,2) AS income,
    CAST(1 + hash(i + 1) % 7 AS INTEGER) AS members,
    CAST(hash(i + 2) % 5000000 AS DECIMAL(12,2)) AS savings,
    CASE hash(i + 3) % 3 WHEN 0 THEN 'urban' WHEN 1 THEN 'rural' ELSE NULL END AS household,
    'district ' || (hash(i + 4) % 20) AS district,
    DATE '2020-01-01' + CAST(hash(i + 5) % 2000 AS INTEGER) AS applied,
    hash(i + 6) % 10 = 0 AS disabled
FROM range({ROWS}) AS numbers(i)
"""
CONDITION = (
    'income / members <= 830 and household in ("urban", "rural") and applied >= @"2022-01-01"'
    " and (disabled or savings < 20000)"
)
CONDITION_BY_HAND = (
    "income / members <= 830 AND household IN ('urban', 'rural') AND applied >= DATE '2022-01-01'"
    " AND (disabled OR savings < 20000)"
)


def rows() -> list[dict[str, object]]:
    """Measure. Each row: name, engine, and milliseconds for all rows."""
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "threads": "1"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(MAKE)
        return [*_condition(connection), *_table(connection)]


def _best(*runs: Callable[[], object], rounds: int = RUNS) -> list[float]:
    """Seconds of processor time of the fastest round of each."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, found in zip(runs, times, strict=True):
            start = time.process_time()
            run()
            found.append(time.process_time() - start)
    return [min(found) for found in times]


def _pair(connection: duckdb.DuckDBPyConnection, name: str, translated: str, by_hand: str) -> list[dict[str, object]]:
    answers = [connection.execute(query).fetchall() for query in (translated, by_hand)]
    if answers[0] != answers[1]:
        raise AssertionError(f"{name}: {answers[0]} is not {answers[1]}")
    ours, theirs = _best(
        lambda: connection.execute(translated).fetchall(), lambda: connection.execute(by_hand).fetchall()
    )
    return [_row(name, "translated", ours), _row(name, "SQL by hand", theirs)]


def _row(name: str, engine: str, seconds: float) -> dict[str, object]:
    return {"name": name, "engine": engine, "value": round(seconds * 1000, 2), "unit": "ms"}


def ratios(found: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The speed of translated rules as a share of that of hand-written SQL, and as a multiple of Python batches."""
    times = {(row["name"], row["engine"]): float(row["value"]) for row in found}
    result = {}
    for name in dict.fromkeys(row["name"] for row in found):
        translated = times[name, "translated"]
        result[f"{name}: speed of hand-written SQL"] = times[name, "SQL by hand"] / translated
        result[f"{name}: speed of Python batches"] = times[name, "Python batches"] / translated
    return result


def _condition(connection: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    rule = translate_expression(CONDITION, COLUMNS, Dialect.DUCKDB)
    counted = "SELECT count(*) FROM applications WHERE "
    result = _pair(connection, "condition", counted + rule.where(), counted + CONDITION_BY_HAND)
    batch = _batch(connection)
    run = ExpressionBatch(compile_expression(CONDITION, names=COLUMNS.roots))
    seconds = _best(lambda: run(batch), rounds=3)[0] * ROWS / BATCH_ROWS
    return [*result, _row("condition", "Python batches", seconds)]


def _batch(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    found = connection.execute(
        f"SELECT {', '.join(COLUMNS)} FROM applications LIMIT {BATCH_ROWS}"
    ).fetchall()  # our own names
    return {name: [row[place] for row in found] for place, name in enumerate(COLUMNS)}


# ---- a table of 20 rules and 6 inputs

_NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_INPUTS = ("income", "members", "savings", "household", "applied", "disabled")


def _rules() -> list[tuple[tuple[str, ...], Decimal]]:
    """Bands of income, by household: no two match together, and the last ones catch what is left."""
    rules: list[tuple[tuple[str, ...], Decimal]] = []
    for place, household in enumerate(("urban", "rural")):
        for band in range(10):
            low, high = 500 * band, 500 * (band + 1)
            cells = (f"[{low}..{high})", "<= 5", "< 30000", f'"{household}"', '>= @"2021-01-01"', "-")
            rules.append((cells, Decimal(100 * place + band)))
    return rules


def _document() -> bytes:
    def text(name: str, content: str) -> str:
        escaped = content.replace("&", "&amp;").replace("<", "&lt;")
        return f"<{name}><text>{escaped}</text></{name}>"

    inputs = "".join(f"<input>{text('inputExpression', one)}</input>" for one in _INPUTS)
    body = "".join(
        f"<rule>{''.join(text('inputEntry', cell) for cell in cells)}{text('outputEntry', str(output))}</rule>"
        for cells, output in _rules()
    )
    table = f'<decisionTable hitPolicy="UNIQUE">{inputs}<output name="amount"/>{body}</decisionTable>'
    decision = f'<decision id="amount" name="amount"><variable name="amount"/>{table}</decision>'
    return (
        f'<definitions xmlns="{_NAMESPACE}" id="d" name="bench" namespace="urn:bench">{decision}</definitions>'.encode()
    )


def _by_hand() -> str:
    """What a person would write for the table."""
    whens = []
    for (income, members, savings, household, applied, _), output in _rules():
        low, high = income[1:-1].split("..")
        whens.append(
            f"WHEN income >= {low} AND income < {high} AND members {members} AND savings {savings}"
            f" AND household = '{household[1:-1]}' AND applied >= DATE '{applied[5:-1]}' THEN {output}"
        )
    return f"CASE {' '.join(whens)} END"


def _table(connection: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    model = dmn.load(_document())
    made = translate_decision(model, "amount", COLUMNS, Dialect.DUCKDB)
    value = exp.Sum(this=made.values["amount"].copy())
    translated = exp.select(value, exp.Count(this=made.values["amount"].copy())).from_("applications")
    by_hand = f"SELECT sum({_by_hand()}), count({_by_hand()}) FROM applications"
    result = _pair(connection, "table 20 × 6", translated.sql(dialect="duckdb"), by_hand)
    run = DecisionBatch(model, "amount")
    batch = {name: values[: BATCH_ROWS // 10] for name, values in _batch(connection).items()}
    seconds = _best(lambda: run(batch), rounds=2)[0] * ROWS / (BATCH_ROWS // 10)
    return [*result, _row("table 20 × 6", "Python batches", seconds)]
