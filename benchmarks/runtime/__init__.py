"""The runtime beside the naive way and beside the limit, on one PostgreSQL with fsync on.

(a) naive, (b) service layer, (c) HTTP, (d) limit: see the modules. Milliseconds are medians of one completion unless a
row says otherwise. ``PARTS=http,shapes`` runs some parts only.
"""

import os
from statistics import median
from typing import Any

from benchmarks.runtime import limit, naive, over_http, service_layer
from benchmarks.runtime.house import House, house
from benchmarks.runtime.shapes import Shape, approval, loop, parallel, sequence, variables

Row = dict[str, Any]

ROUNDS = 1000
NAIVE_ROUNDS = 300
HTTP_REQUESTS = 400
PEOPLE = 100


def rows() -> list[Row]:
    """Everything, measured."""
    parts = os.environ.get("PARTS", "shapes,http,people").split(",")
    found: list[Row] = []
    with house() as made:
        if "shapes" in parts:
            for shape, most, times in _shapes():
                found += _beside(made, shape, most, times)
        if "http" in parts:
            found += _over_http(made)
        if "people" in parts:
            found += _people(made)
    return found


def ratios(found: list[Row]) -> dict[str, float]:
    """See `docs/performance.md` for what is wanted of each."""
    at = {(row["name"], row["engine"]): float(row["value"]) for row in found}
    wanted = {
        "http_cpu_ms": (("HTTP completion, CPU of the server", "ours"), None),
        "http_statements": (("HTTP completion, SQL statements", "ours"), None),
        "http_commits": (("HTTP completion, commits", "ours"), None),
        "service_vs_limit": (
            ("approval, completions a second", "service"),
            ("approval, completions a second", "limit"),
        ),
        "approval_vs_naive": (("approval", "naive"), ("approval", "service")),
        "loop_vs_naive": ((f"loop, rounds to {NAIVE_ROUNDS}", "naive"), (f"loop, rounds to {NAIVE_ROUNDS}", "service")),
        "step1000_vs_step10": (("loop, rounds 951 to 1000", "service"), ("loop, rounds 6 to 55", "service")),
    }
    made = {}
    for name, (above, below) in wanted.items():
        if above in at and (below is None or at.get(below)):
            made[name] = at[above] / (at[below] if below is not None else 1.0)
    return made


def _shapes() -> list[tuple[Shape, int | None, int]]:
    """Shape, how many of its completions at most, and how often it is played."""
    return [
        (sequence(), None, 10),
        (approval(), None, 10),
        (loop(ROUNDS), None, 1),
        (parallel(10), None, 10),
        (parallel(100), None, 1),
        (parallel(1000), 60, 1),
        (variables(1), None, 10),
        (variables(10), None, 10),
        (variables(100), None, 10),
    ]


def _beside(made: House, shape: Shape, most: int | None, times: int) -> list[Row]:
    """One shape: naive, ours, the limit."""
    ours, before = service_layer.run(made, shape, limit=most, times=times)
    bare = limit.replay(made, before, ours.statements)
    raw = naive.run(made, shape, limit=min(most or NAIVE_ROUNDS, NAIVE_ROUNDS), times=times)
    found = []
    for engine, taken in (("naive", raw), ("service", ours), ("limit", bare)):
        found.append(
            {
                "name": shape.name, "engine": engine, "value": _ms(taken.wall), "unit": "ms",
                "cpu_ms": _ms(taken.cpu), "completions": len(taken.wall),
            }
        )  # fmt: skip
        rate = len(taken.wall) / sum(taken.wall)
        found.append({"name": f"{shape.name}, completions a second", "engine": engine, "value": rate, "unit": "1/s"})
    found.append({"name": f"{shape.name}, SQL statements", "engine": "service", "value": max(ours.counts), "unit": ""})
    if shape.name == "loop":
        for engine, taken in (("naive", raw), ("service", ours)):
            mean = sum(taken.wall[:NAIVE_ROUNDS]) * 1000 / len(taken.wall[:NAIVE_ROUNDS])
            row = {"name": f"loop, rounds to {NAIVE_ROUNDS}", "engine": engine, "value": mean, "unit": "ms (mean)"}
            found.append(row)
        for begin, end in ((5, 55), (950, 1000)):
            value = _ms(ours.cpu[begin:end])
            name = f"loop, rounds {begin + 1} to {end}"
            found.append({"name": name, "engine": "service", "value": value, "unit": "ms CPU"})
    return found


def _over_http(made: House) -> list[Row]:
    costs = over_http.completions(made, loop(HTTP_REQUESTS + 100), HTTP_REQUESTS)
    counted, commits = over_http.statements(made, loop(100))
    return [
        {"name": "HTTP completion, CPU of the server", "engine": "ours", "value": costs.cpu_ms, "unit": "ms"},
        {"name": "HTTP completion, CPU of PostgreSQL", "engine": "ours", "value": costs.postgres_cpu_ms, "unit": "ms"},
        {"name": "HTTP completion, wall clock", "engine": "ours", "value": costs.wall_ms, "unit": "ms (mean)"},
        {"name": "HTTP completion, SQL statements", "engine": "ours", "value": counted, "unit": ""},
        {"name": "HTTP completion, commits", "engine": "ours", "value": commits, "unit": ""},
    ]


def _people(made: House) -> list[Row]:
    found = over_http.at_once(made, PEOPLE)
    name = f"{PEOPLE} people at once"
    return [
        {"name": f"{name}, failures", "engine": "ours", "value": found.failures, "unit": ""},
        {"name": f"{name}, in the trace", "engine": "ours", "value": found.traced, "unit": ""},
        {"name": f"{name}, p50", "engine": "ours", "value": found.p50_ms, "unit": "ms"},
        {"name": f"{name}, p95", "engine": "ours", "value": found.p95_ms, "unit": "ms"},
        {"name": f"{name}, slowest", "engine": "ours", "value": found.slowest_ms, "unit": "ms"},
    ]


def _ms(seconds: list[float]) -> float:
    return median(seconds) * 1000
