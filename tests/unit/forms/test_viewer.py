"""The server judges as form-js viewer 2.0.0 did: recorded from the real viewer (jsdom, `Form.submit`)."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.forms import schema
from engine.forms.components import Component
from engine.model.errors import Invalid
from tests.unit.forms.builder import clean

RECORDED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden" / "viewer-2.0.0.json").read_text(), parse_float=Decimal
)


def ids(components: tuple[Component, ...]) -> dict[str, str]:
    """The component's id by its path."""
    found: dict[str, str] = {}
    for component in components:
        found |= {component.path: component.id} | ids(component.children)
    return found


def place_in_viewer(place: str, id_of: dict[str, str]) -> str:
    """``rows[1].why`` as the viewer names it: the component's id and the row numbers."""
    return "/".join([id_of[re.sub(r"\[\d+\]", "[]", place)], *re.findall(r"\[(\d+)\]", place)])


@pytest.mark.parametrize("number", range(len(RECORDED)))
def test_as_the_viewer(number: int) -> None:
    """What the viewer submits is accepted exactly when the viewer found no error, and faulted at the same places."""
    case = RECORDED[number]
    form = schema.parse(json.dumps(case["schema"]).encode(), resource="f.form")
    places: list[str] = []
    try:
        kept = clean(form, case["submitted"], case["existing"])
    except Invalid as error:
        places = sorted({place_in_viewer(detail.place, ids(form.components)) for detail in error.details})
    else:
        read_only = {c.segments[0] for c in form.components if c.readonly is not False}
        assert kept.keys() - read_only == case["submitted"].keys() - read_only
    assert places == case["errors"]
