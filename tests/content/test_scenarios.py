"""Every scenario of every shipped process runs as written: each transition in order, and the end."""

import json
from pathlib import Path

import pytest

from engine.commandline.simulating import Shelf
from engine.runtime.simulate import read_scenario, simulate
from tests.unit.runtime.builder import NOW

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
SCENARIOS = sorted(PROCESSES.glob("*/scenarios/*.json"))


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: f"{file.parents[1].name}-{file.stem}")
def test_scenario(file: Path) -> None:
    """Transitions, state and what waits are the expected ones."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    (model,) = file.parents[1].glob("*.bpmn")
    shelf = Shelf(model)
    found = simulate(shelf.choose(None), read_scenario(raw, now=NOW), shelf.world)
    assert found.reason == ""
    *lines, end = found.lines()
    expected = raw["expected"]
    assert [f"{line['instance']} {line['transition']}" for line in lines] == expected["transitions"]
    assert (end["state"], end["waiting"]) == (expected["state"], expected["waiting"])


def test_every_process_has_scenarios() -> None:
    """No process ships without being played through."""
    assert {file.parents[1].name for file in SCENARIOS} == {file.parent.name for file in PROCESSES.glob("*/*.bpmn")}
