"""docs/reference/problems.md tells of every code."""

import importlib.util
from types import ModuleType

import pytest

from tests.conftest import ROOT
from web import problems


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """scripts/problem_reference.py as a module."""
    spec = importlib.util.spec_from_file_location("problem_reference", ROOT / "scripts" / "problem_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_code_is_documented(reference: ModuleType) -> None:
    """A code in the source without its line on the page: run scripts/problem_reference.py."""
    page = reference.PAGE.read_text(encoding="utf-8")
    codes, details = reference.collect()
    assert [code for code in [*codes, *details] if f"| `{code}` |" not in page] == []


def test_codes_with_a_status_of_their_own_exist(reference: ModuleType) -> None:
    """The table of exceptions names no code that nobody uses."""
    codes, _ = reference.collect()
    assert set(problems.STATUS_OF_CODE) <= set(codes)


def test_every_family_has_a_status() -> None:
    """No family falls through to 500 by accident."""
    from engine.model import errors

    families = {
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.MingjingError) and value is not errors.MingjingError
    }
    expected = {"NotFound": 404, "NotAllowed": 403, "Conflict": 409, "Refused": 422, "Invalid": 422}
    expected |= {"Unavailable": 503, "Broken": 500}
    assert {family.__name__: problems.status_of(family("a.b", "c")) for family in families} == expected
