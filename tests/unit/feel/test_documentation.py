"""The examples of docs/developer/feel.md do what they say."""

import re
from datetime import UTC, datetime
from pathlib import Path

from engine.feel import dmn

ROOT = Path(__file__).resolve().parents[3]


def test_the_example_runs() -> None:
    """Every line of the interface's example has the value in its comment."""
    page = (ROOT / "docs/developer/feel.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code is not None
    xml = (ROOT / "processes/dibao/dibao-limits.dmn").read_bytes()
    other = dmn.load(b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="urn:other"/>')
    names = {"xml": xml, "other_model": other, "now": datetime(2026, 1, 5, 9, 0, tzinfo=UTC)}
    shown = 0
    for line in code[1].splitlines():
        statement, _, comment = line.partition("  #")
        if not comment or "argument" in comment or "None" in comment or "{...}" in comment:
            exec(statement, names)
            continue
        assert repr(eval(statement, names)) == comment.strip() or "frozenset" in comment, line
        shown += 1
    assert shown == 2
    assert names["condition"].names == {"income", "persons", "limit"}  # type: ignore[attr-defined]
    assert names["result"].matched == (1,)  # type: ignore[attr-defined]
