"""Simple conditions of other languages in FEEL: Camunda 7's JUEL, Python's and XPath's comparisons.

Only what means the same everywhere: names, literals, comparisons, arithmetic, and, or, not, ``x.equals('y')``, and
BPMN's own XPath function ``getDataObject('x')``. Anything else is not translated.
"""

import re
from collections.abc import Callable, Mapping

_TOKEN = re.compile(
    r"""\s*(?: (?P<number>\d+(?:\.\d+)?) | (?P<text>'[^'\\]*'|"[^"\\]*") | (?P<name>[^\W\d]\w*(?:[.:][^\W\d]\w*)*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||[<>=!()+\-*/,]) )""",
    re.VERBOSE,
)
_COMPARISONS: Mapping[str, str] = {
    "==": "=", "=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}  # fmt: skip
_NAMES: Mapping[str, str] = {
    "nrOfInstances": "numberOfInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "null": "null",
    "None": "null",
    "True": "true",
    "False": "false",
}
_STRANGE = frozenset({"loopCounter", "execution", "task", "environment", "instance", "empty", "div", "mod", "item"})
"""Names whose meaning differs: Camunda 7 counts loops from 0 and offers Java objects."""

_MAX_NESTING = 40


class Untranslatable(Exception):
    """The text means something that we cannot be sure of."""


def to_feel(text: str) -> str:
    """The FEEL of a text, without a leading ``=``. Raises `Untranslatable`."""
    translator = _Translator(_tokens(text))
    found = translator.either()
    if translator.left:
        raise Untranslatable(text)
    return found


def wrapped(text: str) -> str | None:
    """What stands in ``${…}`` or ``#{…}``; None if the text is not exactly one of these."""
    stripped = text.strip()
    inner = stripped[2:-1]
    if stripped[:2] in ("${", "#{") and stripped.endswith("}") and "{" not in inner and "}" not in inner:
        return inner
    return None


def compares(text: str) -> bool:
    """Whether a text that is marked as no language at all is plainly a condition and not a remark."""
    return "getData" in text or text.strip() in ("true", "false") or bool(re.search(r"[=<>]", text))


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, length = 0, len(text.rstrip())
    while at < length:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Untranslatable(text)
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    if not found or len(found) > 500 or sum(text in ("(", "!", "not") for _, text in found) > _MAX_NESTING:
        raise Untranslatable(text)
    return found


class _Translator:
    """Recursive descent; each method gives FEEL. `left`: tokens not read yet."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.left = tokens[::-1]

    def either(self) -> str:
        """a || b"""
        return self._joined(self._both, {"||": "or", "or": "or"})

    def _both(self) -> str:
        return self._joined(self._comparison, {"&&": "and", "and": "and"})

    def _joined(self, part: Callable[[], str], signs: Mapping[str, str]) -> str:
        found = part()
        while (sign := self._next()) in signs:
            self.left.pop()
            found = f"{found} {signs[sign]} {part()}"
        return found

    def _comparison(self) -> str:
        found = self._sum()
        if (sign := self._next()) in _COMPARISONS:
            self.left.pop()
            found = f"{found} {_COMPARISONS[sign]} {self._sum()}"
        return found

    def _sum(self) -> str:
        return self._joined(self._product, {"+": "+", "-": "-"})

    def _product(self) -> str:
        return self._joined(self._operand, {"*": "*", "/": "/"})

    def _operand(self) -> str:
        if not self.left:
            raise Untranslatable
        kind, text = self.left.pop()
        if kind == "number":
            return text
        if kind == "text":
            return '"' + text[1:-1].replace('"', '\\"') + '"'
        if text in ("!", "not"):
            return f"not({self._operand()})"
        if text == "(":
            found = self.either()
            self._take(")")
            return f"({found})"
        if kind == "name":
            return self._name(text)
        raise Untranslatable(text)

    def _name(self, text: str) -> str:
        short = text.rpartition(":")[2]
        if short in ("getDataObject", "getDataInput"):
            self._take("(")
            kind, quoted = self.left.pop() if self.left else ("", "")
            self._take(")")
            if kind != "text" or not quoted[1:-1].isidentifier():
                raise Untranslatable(text)
            return quoted[1:-1]
        if text.endswith(".equals") and self._next() == "(":
            self.left.pop()
            other = self._sum()
            self._take(")")
            return f"({text.removesuffix('.equals')} = {other})"
        if ":" in text or self._next() == "(" or set(text.split(".")) & _STRANGE:
            raise Untranslatable(text)
        return _NAMES.get(text, text)

    def _next(self) -> str:
        return self.left[-1][1] if self.left and self.left[-1][0] != "text" else ""

    def _take(self, sign: str) -> None:
        if self._next() != sign:
            raise Untranslatable(sign)
        self.left.pop()
