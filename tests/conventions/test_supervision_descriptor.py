"""What the engine reads can be drawn: moddle's descriptor and the dialect name the same elements and attributes."""

import json

from engine.runtime.dialect import SUPERVISION
from engine.runtime.rules.elements import EXTENSIONS
from tests.conventions.tree import ROOT

DESCRIPTOR = ROOT / "web" / "islands" / "src" / "designer" / "process" / "supervision.json"


def described() -> dict[str, set[str]]:
    """Attributes by element, as the descriptor has them."""
    found = json.loads(DESCRIPTOR.read_text())
    assert found["uri"] == SUPERVISION
    return {
        one["name"][0].lower() + one["name"][1:]: {p["name"] for p in one["properties"] if p.get("isAttr")}
        for one in found["types"]
    }


def test_every_element_that_is_read_can_be_drawn() -> None:
    """A name that the descriptor lacks would be dropped when the editor saves the file."""
    wanted = {name: set(attributes) for (space, name), (_, attributes) in EXTENSIONS.items() if space == SUPERVISION}
    assert len(wanted) >= 7
    have = described()
    assert {name: have.get(name) for name in wanted} == wanted
