"""A seek in the replay of a case with 10,000 entries: the fold of Python, and the browser's fold, run by Node here.

The recorded trace is a loop of eight entries with a fork, a join, a called process and a boundary event
(`tests/golden/replay.json`), played over and over. The aim for a seek is 100 ms in the browser, drawing included;
what is measured here is its fold, and beside it a fold from the beginning without keyframes.
"""

import json
import random
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from engine.trace.replay import Film

ROOT = Path(__file__).resolve().parent.parent
ISLANDS = ROOT / "web" / "islands"
ENTRIES, SEEKS = 10_000, 300
AIM_MS = 100.0
_NAMES = ("kind", "element", "instance", "type", "process")

_BROWSER = """
import { readFileSync } from 'node:fs';
import { Film } from './fold.mjs';
const { entries, flows } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const target = new Map(Object.entries(flows).map(([flow, [, to]]) => [flow, to]));
const graph = { target, host: new Map(), around: new Map() };
const graphs = new Map([['', graph], ['inner', { target: new Map(), host: new Map(), around: new Map() }]]);
const short = { activated: 'a', completed: 'c', terminated: 'x', failed: '!', flow_taken: 'f' };
const whole = Array.from({ length: Number(process.argv[3]) }, (_, n) => ({
  moved: entries[n % entries.length].map(([kind, ...rest]) => [short[kind], ...rest]),
}));
let began = performance.now();
const film = new Film(whole, graphs);
const built = performance.now() - began;
for (let n = 0; n < 200; n++) film.at(n * 7);
began = performance.now();
const times = [];
for (let n = 0; n < Number(process.argv[4]); n++) {
  const start = performance.now();
  film.at((n * 7919) % whole.length);
  times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
console.log(JSON.stringify({ built, median: times[times.length >> 1], worst: times.at(-1) }));
"""


def rows() -> list[dict[str, Any]]:
    """Milliseconds to read a whole trace once, and for a seek to any moment: half of them take less, none more."""
    golden = json.loads((ROOT / "tests" / "golden" / "replay.json").read_text())
    found = {"Python": _python(golden), "Python, from the beginning": _from_the_beginning(golden)}
    if (ISLANDS / "node_modules" / ".bin" / "rolldown").exists() and shutil.which("node"):
        found["browser's fold, in Node"] = _browser()
    return [
        {"name": f"{ENTRIES} entries, {what}", "engine": engine, "value": value, "unit": "ms"}
        for engine, measured in found.items()
        for what, value in measured.items()
    ]


def ratios(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """How often the median seek fits into the aim of 100 ms."""
    return {
        f"replay_aim_{row['engine'].split(',')[0].split(' ')[0].lower()}": AIM_MS / row["value"]
        for row in rows
        if row["name"].endswith("median seek") and "beginning" not in row["engine"]
    }


def _python(golden: Mapping[str, Any]) -> dict[str, float]:
    entries = _entries(golden)
    began = perf_counter()
    film = Film(entries)
    built = perf_counter() - began
    return {"reading": built * 1000, **_seeks(film)}


def _from_the_beginning(golden: Mapping[str, Any]) -> dict[str, float]:
    return _seeks(Film(_entries(golden), every=ENTRIES + 1), count=15)


def _seeks(film: Film, count: int = SEEKS) -> dict[str, float]:
    places = random.Random(1)
    times = []
    for _ in range(count):
        began = perf_counter()
        film.at(places.randint(1, ENTRIES))
        times.append(perf_counter() - began)
    times.sort()
    return {"median seek": times[len(times) // 2] * 1000, "slowest seek": times[-1] * 1000}


def _entries(golden: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    moved = [[dict(zip(_NAMES, one, strict=True)) for one in entry] for entry in golden["entries"]]
    return [(number + 1, {"transitions": moved[number % len(moved)]}) for number in range(ENTRIES)]


def _browser() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = ["npx", "rolldown", "src/replay/fold.ts", "--file", str(folder / "fold.mjs"), "--format", "esm"]
        subprocess.run(bundle, cwd=ISLANDS, check=True, capture_output=True)
        (folder / "run.mjs").write_text(_BROWSER)
        golden = str(ROOT / "tests" / "golden" / "replay.json")
        told = subprocess.run(
            ["node", str(folder / "run.mjs"), golden, str(ENTRIES), str(SEEKS)],
            check=True,
            capture_output=True,
            text=True,
        )
    found = json.loads(told.stdout)
    return {"reading": found["built"], "median seek": found["median"], "slowest seek": found["worst"]}
