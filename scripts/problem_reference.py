"""Write docs/reference/problems.md: every problem code that the program can answer with, read from its source.

Collects the first argument of every error of our families (engine/model/errors.py), and the codes of details. Run it
after adding a code; ``--check`` only says whether the page is as it should be (exit status 1 when not).
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "problems.md"
FAMILIES = ("NotFound", "Conflict", "Refused", "NotAllowed", "Invalid", "Unavailable", "Broken")
_STATUS = {
    "NotFound": 404,
    "Conflict": 409,
    "Refused": 422,
    "NotAllowed": 403,
    "Invalid": 422,
    "Unavailable": 503,
    "Broken": 500,
}
_CHOSEN = {
    "sign_in.failed": "sign-in name or password is wrong",
    "sign_in.too_many": "too many failed attempts; wait … minutes",
}
"""Codes that are chosen by an expression, not written in the call."""
HEAD = """# Problems

Every error answer of the API is `application/problem+json` (RFC 9457) with the members `type`
(`urn:mingjing:problem:<code>`), `title`, `status`, `detail`, `code`, `instance`, `command_id` and `errors` (a list of
`place`, `code`, `message`). Clients decide by `code`: it never changes its meaning. `command_id` finds the request in
the logs. `title`, `detail` and `message` are for people and follow `Accept-Language`.

This page is written by `scripts/problem_reference.py` from the source; a test fails when a code is missing here.

| code | status | family | meaning | from |
|---|---|---|---|---|
"""
DETAILS_HEAD = """
## Codes of `errors`

Each item of `errors` names a place (a form path, an element, a file or a header) and one of these codes.

| code | from |
|---|---|
"""


@dataclass(slots=True)
class Code:
    """A code with where it is raised. Meanings of one code may differ in their parameters."""

    families: set[str] = field(default_factory=set)
    meanings: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)


def collect(root: Path = ROOT) -> tuple[dict[str, Code], dict[str, set[str]]]:
    """Problem codes, and codes of details with the modules that use them."""
    problems: dict[str, Code] = {}
    details: dict[str, set[str]] = {}
    for path in sorted([*root.glob("engine/**/*.py"), *root.glob("web/**/*.py")]):
        if "node_modules" in path.parts:
            continue
        module = str(path.relative_to(root))
        constants = _constants(ast.parse(path.read_text(encoding="utf-8")))
        for call in _calls(path):
            name = _name(call.func)
            if name in FAMILIES:
                _add(problems, call, name, module, constants)
        for code in _detail_codes(path):
            details.setdefault(code, set()).add(module)
    for code, english in _CHOSEN.items():
        problems[code] = Code({"Refused"}, {english}, {"engine/service/people.py"})
    for code, english, status in _of_http():
        problems[code] = Code({status}, {english}, {"web/problems.py"})
    return problems, details


def _add(problems: dict[str, Code], call: ast.Call, family: str, module: str, constants: dict[str, str]) -> None:
    code = _text(call.args[0], constants) if call.args else None
    if code is None:
        return
    found = problems.setdefault(code, Code())
    found.families.add(family)
    found.places.add(module)
    meaning = _text(call.args[1], constants) if len(call.args) > 1 else None
    if meaning:
        found.meanings.add(meaning)


def _of_http() -> Iterator[tuple[str, str, str]]:
    """The codes of errors that the web framework raises."""
    tree = ast.parse((ROOT / "web" / "problems.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.value, ast.Dict):
            continue
        if isinstance(node.target, ast.Name) and node.target.id == "_HTTP_MESSAGES":
            for code, english in ast.literal_eval(node.value).items():
                yield code, english, "400" if code == "csrf.failed" else code.removeprefix("http.")


def _detail_codes(path: Path) -> Iterator[str]:
    for call in _calls(path):
        if _name(call.func) == "Detail":
            for keyword in call.keywords:
                if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value)
    if "forms" in path.parts:
        yield from _table_keys(path)


def _table_keys(path: Path) -> Iterator[str]:
    """Codes of details that engine.forms takes from a table of messages."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Dict):
            continue
        if any(isinstance(t, ast.Name) and t.id in ("_MESSAGES", "_REFUSALS") for t in node.targets):
            yield from (str(key.value) for key in node.value.keys if isinstance(key, ast.Constant))


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr == "__init__" and node.args:
                if isinstance(node.args[0], ast.Constant):
                    yield ast.Call(func=ast.Name(id="Refused"), args=node.args, keywords=node.keywords)
                continue
            yield node


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(node: ast.expr, constants: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BinOp):
        left, right = _text(node.left, constants), _text(node.right, constants)
        return left + right if left is not None and right is not None else left or right
    return constants.get(node.id) if isinstance(node, ast.Name) else None


def page() -> str:
    """The whole page."""
    problems, details = collect()
    rows = [_row(code, found) for code, found in sorted(problems.items())]
    more = [f"| `{code}` | {_places(places)} |" for code, places in sorted(details.items())]
    return HEAD + "\n".join(rows) + "\n" + DETAILS_HEAD + "\n".join(more) + "\n"


def _row(code: str, found: Code) -> str:
    families = sorted(name for name in found.families if name in FAMILIES)
    statuses = sorted({str(_status(code, name)) for name in families} or found.families)
    meaning = "; or: ".join(sorted(found.meanings)).replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
    return (
        f"| `{code}` | {', '.join(statuses)} | {', '.join(families) or 'HTTP'} | {meaning} | {_places(found.places)} |"
    )


def _status(code: str, family: str) -> int:
    from web.problems import STATUS_OF_CODE  # noqa: PLC0415  # found through ROOT

    return STATUS_OF_CODE.get(code, _STATUS[family])


def _places(places: set[str]) -> str:
    return ", ".join(sorted(place.removesuffix(".py").replace("/", ".") for place in places))


def main(arguments: list[str]) -> int:
    """Write the page, or check it."""
    text = page()
    if "--check" in arguments:
        return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
