"""The content that ships: every process, decision and form of the checkout, by file name."""

from pathlib import Path

import pytest

from engine.forms import schema

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = sorted((ROOT / "processes").rglob("*.bpmn"))
DECISIONS = sorted((ROOT / "processes").rglob("*.dmn"))
FORMS = sorted((ROOT / "forms").glob("*.form"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `process`, `decision` and `form` every file of their kind in turn."""
    for name, files in (("process", PROCESSES), ("decision", DECISIONS), ("form", FORMS)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, files, ids=[file.name for file in files])


@pytest.fixture(scope="session")
def forms() -> dict[str, schema.FormSchema]:
    """Every shipped form by its id."""
    parsed = (schema.parse(file.read_bytes(), resource=file.name) for file in FORMS)
    return {form.form_id: form for form in parsed}
