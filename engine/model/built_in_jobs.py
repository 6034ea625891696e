"""Job types that our own worker does, and the headers (``zeebe:taskHeaders``) that say how.

A header marked FEEL may be a text, or ``=`` and an expression over what the job sees. ``{secret:NAME}`` in a text
stands for the content of ``VAR/secrets/NAME``, which no model and no trace ever holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "mingjing:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a header means. feel: it may be an expression; expression: it always is one, with or without ``=``."""

    meaning: str
    required: bool = False
    feel: bool = False
    expression: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltInJob:
    """A job type. prefix: headers that begin so are the author's own, for example ``header.Accept``."""

    about: str
    headers: Mapping[str, Header]
    prefix: str = ""


_RESULT = Header(meaning="name of the variable that takes the result")

BUILT_IN_JOBS: Mapping[str, BuiltInJob] = {
    "mingjing:http": BuiltInJob(
        about="Calls another system. An answer of 2xx is the result; 4xx is the error of `error`, if that is given; "
        "anything else is a failure, tried again. The header `Idempotency-Key` is the same in each attempt.",
        headers={
            "url": Header(
                meaning="address, http or https; its host must be allowed by the operator", required=True, feel=True
            ),
            "method": Header(meaning="GET without it", values=("GET", "POST", "PUT", "PATCH", "DELETE")),
            "body": Header(meaning="sent as JSON", feel=True),
            "result": _RESULT,
            "resultExpression": Header(
                meaning="context of the variables to set, over `response` (`status`, `body`, `headers`)",
                expression=True,
            ),
            "error": Header(meaning="code of the BPMN error that an answer of 4xx is"),
            "timeLimit": Header(meaning="seconds for all of it, at most 60; 10 without it"),
        },
        prefix="header.",
    ),
    "mingjing:email": BuiltInJob(
        about="Sends a mail in plain text. Its Message-ID is the same in each attempt.",
        headers={
            "to": Header(meaning="addresses, separated by commas", required=True, feel=True),
            "subject": Header(meaning="one line", required=True, feel=True),
            "body": Header(meaning="the text", required=True, feel=True),
            "cc": Header(meaning="addresses, separated by commas", feel=True),
        },
    ),
    "mingjing:feel": BuiltInJob(
        about="Evaluates an expression in the background, with its own retries and incident.",
        headers={
            "expression": Header(meaning="over what the job sees", required=True, expression=True),
            "result": Header(meaning="name of the variable that takes the result; without it a context is merged"),
        },
    ),
}
