"""Camunda's functions beyond the standard that depend on nothing but their arguments."""

import base64
import json
import re
from decimal import Decimal
from typing import Any

from ..budget import current
from ..decimals import fit
from ..errors import FeelEvaluationError
from ..text import format_number, to_text
from ..values import BOOLEAN, CONTEXT_KIND, LIST, NULL, NUMBER, STRING, Value, kind, native
from . import regex
from .registry import builtin, define

define("is defined", "value: any!", lambda value: value is not None)
define("get or else", "value: any!, default: any!", lambda value, default: default if value is None else value)
define("trim", "string: string", str.strip)
define("is blank", "string: string", lambda text: not text.strip())
define("is empty", "list: list", lambda items: not items)
define("to base64", "value: string", lambda text: base64.b64encode(text.encode()).decode())


@builtin("assert", "value: any!, condition: any!, cause: string?")
def assertion(value: Value, condition: Value, cause: str | None = None) -> Value:
    """The value when the condition is true; otherwise the evaluation fails with the cause."""
    if condition is not True:
        raise FeelEvaluationError(cause or "an assertion does not hold")
    return value


@builtin("extract", "string: string, pattern: string")
def extract(text: str, pattern: str) -> list[str] | None:
    """All matches, in order."""
    expression = regex.compiled(pattern, "")
    if expression is None:
        return None
    purse = current()
    result = []
    for match in expression.finditer(text):
        purse.tick()
        result.append(match.group(0))
    return result


def _reject(name: str) -> Any:
    raise ValueError(name)


@builtin("from json", "value: string")
def from_json(text: str) -> Value:
    """The value of a JSON text; numbers stay exact."""
    if re.search(r"[\[{]{60}", re.sub(r'"(?:[^"\\]|\\.)*"|[^\[\]{}]', "", text)):
        return None
    current().allocate(8 * len(text))
    try:
        return json.loads(text, parse_float=lambda digits: fit(Decimal(digits)), parse_constant=_reject)
    except RecursionError:
        return None


@builtin("to json", "value: any!")
def to_json(value: Value) -> str:
    """JSON text; what JSON has no kind for becomes its text."""
    found, value = kind(value), native(value)
    if found in {NULL, BOOLEAN, STRING}:
        return json.dumps(value, ensure_ascii=False)
    if found is NUMBER:
        return format_number(value)
    purse = current()
    if found is LIST:
        purse.tick(len(value))
        text = "[" + ",".join(to_json(item) for item in value) + "]"
    elif found is CONTEXT_KIND:
        purse.tick(len(value))
        entries = (json.dumps(key, ensure_ascii=False) + ":" + to_json(item) for key, item in value.items())
        text = "{" + ",".join(entries) + "}"
    else:
        text = json.dumps(to_text(value), ensure_ascii=False)
    purse.made_text(len(text))
    return text
