"""Sizes that a person can hold in mind."""

import pytest

from tests.conventions.tree import ROOT, functions, modules, place

MODULE_LINES = 400
FUNCTION_LINES = 60


@pytest.mark.parametrize("folder", ["engine", "web", "tests", "scripts"])
def test_no_module_is_longer_than_400_lines(folder: str) -> None:
    """A longer module holds two subjects."""
    long = [place(path) for path in modules(folder) if len(path.read_text().splitlines()) > MODULE_LINES]
    assert long == []


@pytest.mark.parametrize("folder", ["engine", "web", "tests", "scripts"])
def test_no_function_is_longer_than_60_lines(folder: str) -> None:
    """A longer function tells two stories."""
    long = [
        place(path, function.lineno)
        for path in modules(folder)
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_no_module_is_called_utils() -> None:
    """A name that says nothing collects everything."""
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [place(path) for path in modules("engine", "web", "tests") if path.stem in vague] == []


def test_every_room_says_what_it_is_for() -> None:
    """Each package begins with a docstring."""
    from ast import get_docstring

    from tests.conventions.tree import parsed

    folders = {path.parent for path in modules("engine", "web")}
    silent = [
        str(folder.relative_to(ROOT))
        for folder in folders
        if not (folder / "__init__.py").exists() or not get_docstring(parsed(folder / "__init__.py"))
    ]
    assert silent == []
