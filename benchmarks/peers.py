"""The same condition in other engines; each gives a call, or None where it is not installed.

Each runs in the way its documentation shows for a rule that is compiled once and asked often. RestrictedPython gives
Python bytecode without FEEL's nulls, decimals or budgets; zen-engine and CEL have languages of their own. feelin runs
in node, by itself: it says how many microseconds one evaluation took.
"""

import importlib
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Call = Callable[[], object]
FEELIN = Path(__file__).resolve().parent / "feelin"


def restricted_python(text: str, context: Mapping[str, Any]) -> tuple[Call, Call] | None:
    """The evaluation of a compiled text, and its compilation."""
    module = _module("RestrictedPython")
    if module is None:
        return None
    code = module.compile_restricted_eval(text).code
    names = dict(module.safe_globals)
    run = eval  # what the package is made for; never used on our own texts
    return (lambda: run(code, names, context)), (lambda: module.compile_restricted_eval(text))


def zen(text: str, context: Mapping[str, Any]) -> tuple[Call, Call] | None:
    """As above."""
    module = _module("zen")
    if module is None:
        return None
    compiled = module.compile_expression(text)
    given = dict(context)
    return (lambda: compiled.evaluate(given)), (lambda: module.compile_expression(text))


def cel(text: str, context: Mapping[str, Any]) -> tuple[Call, Call] | None:
    """As above; every variable has to be declared with its type."""
    module = _module("cel_expr_python.cel")
    if module is None:
        return None
    types = {name: module.Type.STRING if isinstance(value, str) else module.Type.INT for name, value in context.items()}
    environment = module.NewEnv(variables=types)
    compiled = environment.compile(text)
    given = dict(context)
    return (lambda: compiled.eval(data=given).value()), (lambda: environment.compile(text))


def feelin(text: str, context: Mapping[str, Any]) -> tuple[float, float] | None:
    """Microseconds of an evaluation of the text (parsed every time, as its interface has it), and of a JS function."""
    if shutil.which("node") is None or not (FEELIN / "node_modules" / "feelin").is_dir():
        return None
    given = json.dumps({"text": text, "context": context})
    done = subprocess.run(["node", "run.mjs"], input=given, cwd=FEELIN, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    found = json.loads(done.stdout)
    return found["feelin"], found["function"]


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
