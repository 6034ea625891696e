"""Every shipped form is clean, names its personal fields and stays short."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.forms import schema, wording
from engine.model.classes import DataClass
from engine.model.definitions import Severity

PERSONAL = {
    "applicant_name",
    "id_number",
    "phone",
    "address",
    "members",
    "apply_reason",
    "living_conditions",
    "observed_income",
    "verified_monthly_income",
    "savings",
    "vehicle_value",
    "houses",
}
MOST_REQUIRED = 9
"""Few required fields (clause 5.6.4)."""


def components(form: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All components, nested ones included."""
    for component in form.get("components", ()):
        yield component
        yield from components(component)


def read(file: Path) -> dict[str, Any]:
    form = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(form, dict)
    return form


def test_every_form_is_clean(form: Path) -> None:
    """The form gate finds no error."""
    findings = schema.lint(form.read_bytes(), form.name)
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []


def test_every_form_is_named_like_its_file(form: Path) -> None:
    """A form is found by the name of its file, and is written for form-js schema 19."""
    raw = read(form)
    assert raw["id"] == form.stem
    assert raw["schemaVersion"] == 19


def test_component_ids_are_unique(form: Path) -> None:
    """form-js reports errors by component id: no two may share one."""
    ids = [component["id"] for component in components(read(form))]
    assert len(ids) == len(set(ids))


def test_personal_fields_are_classed(form: Path) -> None:
    """Whatever tells about a person or their means rests encrypted, in every form that shows it."""
    fields = schema.parse(form.read_bytes(), resource=form.name).fields
    wrong = [path for path, shown in fields.items() if path.split("[")[0].split(".")[0] in PERSONAL]
    assert [path for path in wrong if fields[path].data_class is not DataClass.PERSONAL] == []


def test_few_fields_are_required(form: Path) -> None:
    """A form does not demand more than a clerk has to know."""
    required = [one for one in components(read(form)) if one.get("validate", {}).get("required")]
    assert len(required) <= MOST_REQUIRED


def test_rows_fit_the_grid(form: Path) -> None:
    """The columns of a row never exceed the sixteen of form-js."""
    containers = [read(form), *(one for one in components(read(form)) if "components" in one)]
    for container in containers:
        widths: dict[str, int] = {}
        for component in container["components"]:
            layout = component["layout"]
            widths[layout["row"]] = widths.get(layout["row"], 0) + layout.get("columns", 16)
        assert all(width <= 16 for width in widths.values()), widths


def test_every_text_of_a_form_has_its_english(form: Path) -> None:
    """What a reader of the English interface sees of a form holds no Chinese."""
    worded = wording.worded(json.loads(form.read_bytes()), "en")
    assert (
        re.findall(
            r'"(?:label|description|text|suffixAdorner|dateLabel)": "[^"]*[\u4e00-\u9fff]',
            json.dumps(worded, ensure_ascii=False),
        )
        == []
    )
