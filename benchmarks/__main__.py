"""`python -m benchmarks [SECTION …]`: run the sections, print a table of each; with OUT=FILE write JSON.

A section is a module of this package with ``rows() -> list[dict]`` and ``ratios(rows) -> dict[str, float]``. A row has
``name`` (what was measured), ``engine`` (who did it), ``value`` and ``unit``; further keys are printed too. A section
that is not there, or a peer that is not installed, is said and passed over; a section that fails is said, the others
run, and the exit status is 1.

The file is ``{"rows": [{"section": …, "name": …, …}], "ratios": {"section.ratio": 1.5}}``.
"""

import importlib
import importlib.util
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SECTIONS = ("feel", "feel_sql", "runtime", "events", "supervision", "jobs", "replay", "proof")
Row = Mapping[str, Any]


def main(wanted: Sequence[str]) -> int:
    """Run the sections that were asked for, or all."""
    rows: list[Row] = []
    ratios: dict[str, float] = {}
    status = 0
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    for section in wanted or SECTIONS:
        if importlib.util.find_spec(f"benchmarks.{section}") is None:
            print(f"{section}: there is no such section here\n")
            continue
        try:
            module = importlib.import_module(f"benchmarks.{section}")
            found: list[dict[str, Any]] = module.rows()
            compared: dict[str, float] = module.ratios(found)
        except Exception as error:  # one section must not cost the others
            print(f"{section}: failed: {type(error).__name__}: {error}\n")
            status = 1
            continue
        print_section(section, found, compared)
        rows += [{"section": section, **row} for row in found]
        if doubled := ratios.keys() & compared.keys():
            raise ValueError(f"two sections have a ratio {min(doubled)}")
        ratios |= compared
    if out := os.environ.get("OUT"):
        Path(out).write_text(json.dumps({"rows": rows, "ratios": ratios}, indent=1) + "\n", encoding="utf-8")
        print(f"written to {out}")
    return status


def print_section(section: str, rows: Sequence[Row], ratios: Mapping[str, float]) -> None:
    """The rows as a table with every key that occurs, then the ratios."""
    print(f"== {section}")
    columns = list(dict.fromkeys(key for row in rows for key in row))
    print_table([columns, *([_shown(row.get(key, "")) for key in columns] for row in rows)])
    print()
    print_table([[name, f"{value:.2f}"] for name, value in ratios.items()])
    print(flush=True)


def print_table(lines: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))] if lines else []
    for line in lines:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _shown(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 1000 else _whole(value)


def _whole(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
