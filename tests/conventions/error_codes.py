"""The codes of problems and details that the code can answer with, read from its syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conventions.tree import modules, parsed

FAMILIES = frozenset({"NotFound", "Conflict", "Refused", "NotAllowed", "Invalid", "Unavailable", "Broken"})

CHOSEN_AT_RUN_TIME = frozenset({"sign_in.failed", "sign_in.too_many", "sign_in.needed", "csrf.failed"})
"""Codes that reach their constructor in a variable."""

_PLACE_OF_DETAIL_CODE = {"detail": 2, "wrong": 1}
"""Our functions that make a detail, and which of their arguments is its code."""

_TABLES = {"_MESSAGES": "detail", "_REFUSALS": "detail", "_CODES": "detail", "_HTTP_MESSAGES": "problem"}
"""Tables whose keys (or, of `_CODES`, values) are codes."""


def message_ids() -> set[str]:
    """``problem.<code>`` and ``detail.<code>`` of everything found."""
    found = {f"problem.{code}" for code in CHOSEN_AT_RUN_TIME}
    for path in modules("engine", "web"):
        found |= set(_in_module(path))
    return found


def _in_module(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            yield from _in_call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            yield from _in_table(node, node.value)
        elif isinstance(node, ast.ClassDef) and node.name == "Weakness":
            yield from (
                f"detail.{text}" for item in node.body if isinstance(item, ast.Assign) and (text := _text(item.value))
            )


def _in_call(call: ast.Call) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name in FAMILIES and call.args and (code := _text(call.args[0])):
        yield f"problem.{code}"
    if name == "Detail":
        yield from (f"detail.{code}" for word in call.keywords if word.arg == "code" and (code := _text(word.value)))
    position = _PLACE_OF_DETAIL_CODE.get(name, len(call.args))
    if position < len(call.args) and (code := _text(call.args[position])):
        yield f"detail.{code}"


def _in_table(node: ast.Assign | ast.AnnAssign, table: ast.Dict) -> Iterator[str]:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    name = getattr(target, "id", "")
    if name in _TABLES:
        codes = table.values if name == "_CODES" else table.keys
        yield from (f"{_TABLES[name]}.{code}" for node in codes if (code := _text(node)))


def _text(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
