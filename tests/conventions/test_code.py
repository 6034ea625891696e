"""What our code never does, and always does."""

import ast

import pytest

from tests.conventions.tree import functions, modules, parsed, place

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}


@pytest.mark.parametrize("folder", ["engine", "web"])
def test_no_text_is_ever_run_as_python(folder: str) -> None:
    """No eval, exec or compile: an uploaded file can never become Python."""
    calls = [
        place(path, node.lineno)
        for path in modules(folder)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS
    ]
    assert calls == []


@pytest.mark.parametrize("folder", ["engine", "web"])
def test_no_pickles(folder: str) -> None:
    """Stored bytes never become objects by themselves."""
    modules_of_danger = {"pickle", "marshal", "shelve", "dill"}
    imports = [
        place(path, node.lineno)
        for path in modules(folder)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and ({name.name for name in node.names} | {getattr(node, "module", None)}) & modules_of_danger
    ]
    assert imports == []


def test_every_test_says_what_must_hold() -> None:
    """A docstring of at least one line for every test function."""
    silent = [
        place(path, function.lineno)
        for path in modules("tests")
        for function in functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []


@pytest.mark.parametrize("folder", ["engine", "web", "tests", "scripts"])
def test_identifiers_are_english(folder: str) -> None:
    """Names in code are ASCII; Chinese is for what people read."""
    foreign = sorted(
        {
            place(path, getattr(node, "lineno", None))
            for path in modules(folder)
            for node in ast.walk(parsed(path))
            for name in (getattr(node, "id", None), getattr(node, "name", None), getattr(node, "arg", None))
            if isinstance(name, str) and not name.isascii()
        }
    )
    assert foreign == []
