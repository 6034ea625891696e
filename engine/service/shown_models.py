"""A model as people of the unit are shown it: without checks that only report to the discipline body."""

import re

_CHECK = re.compile(rb"<(?:\w+:)?check\b[^>]*?(?:/>|>.*?</(?:\w+:)?check>)", re.DOTALL)
_REPORT_ONLY = re.compile(rb"""\bactions\s*=\s*(["'])\s*report_discipline\s*\1""")


def without_silent_checks(xml: bytes) -> bytes:
    """The BPMN file with report-only checks taken out; the very same bytes when there are none."""
    if b"report_discipline" not in xml:
        return xml
    return _CHECK.sub(lambda found: b"" if _REPORT_ONLY.search(_head(found.group())) else found.group(), xml)


def _head(check: bytes) -> bytes:
    return check[: check.index(b">")]
