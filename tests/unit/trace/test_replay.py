"""The fold of a recorded trace. The same file of entries and states is folded by the browser (replay/fold.test.ts)."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.trace.replay import Film, State

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden" / "replay.json").read_text())
_NAMES = ("kind", "element", "instance", "type", "process")


def payloads() -> list[tuple[int, dict[str, object]]]:
    moved = [[dict(zip(_NAMES, one, strict=True)) for one in entry] for entry in GOLDEN["entries"]]
    return list(enumerate(({"transitions": entry} for entry in moved), 1))


def told(state: State) -> dict[str, object]:
    """A state as the golden file writes it."""
    return {
        "tokens": {instance: "/".join(token.place) for instance, token in state.tokens.items()},
        "visits": {"/".join(place): count for place, count in state.visits.items()},
        "flows": {"/".join(place): count for place, count in state.flows.items()},
        "cancelled": {"/".join(place): count for place, count in state.cancelled.items()},
        "failed": [instance for instance, token in state.tokens.items() if token.failed],
    }


@pytest.mark.parametrize("every", [1, 3, 100])
def test_every_moment_in_any_order_is_the_recorded_one(every: int) -> None:
    """Forks, joins, a loop, a failure, a called process and a cancelled task; keyframes change nothing."""
    film = Film(payloads(), every=every)
    order = [8, 1, 5, 3, 3, 7, 2, 6, 4, 8]
    assert [told(film.at(seq)) for seq in order] == [GOLDEN["states"][seq - 1] for seq in order]
    assert film.at(0).tokens == {}
    assert film.at(99).seq == 8


def test_values_follow_the_five_rules() -> None:
    """Fields, scopes, single entries of lists and removals; a keyframe that was handed out never changes."""
    film = Film(
        enumerate(
            [
                {"fields": [{"path": "income", "new": 1}, {"path": "rows[0].name", "new": "x"}]},
                {"scopes": [{"scope": "m#1", "parent": "", "variables": {"item": 1}}], "variables": []},
                {"variables": [{"name": "list", "value": [1, 2, 3]}, {"name": "item", "scope": "m#1", "value": 2}]},
                {"variables": [{"name": "list", "index": 1, "value": 9}, {"name": "income", "removed": True}]},
                {"left": ["m#1"], "ended": True},
            ],
            1,
        ),
        every=1,
    )
    assert film.at(1).scopes == {"": {"income": 1}}
    assert film.at(3).scopes == {"": {"income": 1, "list": [1, 2, 3]}, "m#1": {"item": 2}}
    assert film.at(4).scopes == {"": {"list": [1, 9, 3]}, "m#1": {"item": 2}}
    assert (film.at(5).scopes, film.at(5).ended, film.at(4).ended) == ({"": {"list": [1, 9, 3]}}, True, False)
