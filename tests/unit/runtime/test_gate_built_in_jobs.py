"""What the gate says about jobs that our own worker does."""

import pytest

from engine.runtime import gate
from tests.integration.models import job, line


def rules(kind: str, **headers: str) -> list[str]:
    model = line(
        "p", job("j", kind, headers={name.replace("__", "."): text for name, text in headers.items()}), ids=("j",)
    )
    found = gate.inspect(model, resource="p.bpmn", forms=(), decisions=()).findings
    return [finding.rule for finding in found if finding.rule.startswith("built-in-job")]


@pytest.mark.parametrize(
    ("kind", "headers", "expected"),
    [
        ("mingjing:http", {"url": "https://a.example/", "header__Accept": "text/plain", "timeLimit": "5"}, []),
        ("mingjing:http", {"url": '="https://a.example/" + id', "method": "PUT", "body": "={a: 1}"}, []),
        ("mingjing:feel", {"expression": "1 + 1", "result": "n"}, []),
        ("post", {"anything": "x"}, []),
        ("mingjing:fax", {}, ["built-in-job-unknown"]),
        ("mingjing:http", {}, ["built-in-job-header-missing"]),
        ("mingjing:http", {"url": "https://a/", "verb": "GET"}, ["built-in-job-header-unknown"]),
        ("mingjing:http", {"url": "=1 +", "method": "FETCH"}, ["built-in-job-header-value"] * 2),
        ("mingjing:http", {"url": "https://a/", "timeLimit": "600"}, ["built-in-job-header-value"]),
        ("mingjing:feel", {"expression": "1 +", "result": "1n"}, ["built-in-job-header-value"] * 2),
    ],
)
def test_headers_are_judged(kind: str, headers: dict[str, str], expected: list[str]) -> None:
    """Unknown types and headers, missing ones and wrong values are errors with a cure."""
    assert rules(kind, **headers) == expected
