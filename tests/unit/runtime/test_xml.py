"""Hostile and broken files."""

import pytest

from engine.model.errors import Invalid
from engine.runtime import gate, xml
from tests.unit.runtime.builder import bpmn, chain, end, start

GOOD = bpmn(start(), end(), chain("s", "e"))
BILLION_LAUGHS = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><d>&b;</d>'

REFUSED = {
    "doctype": (b"<!DOCTYPE definitions>" + GOOD, "xml.unsafe"),
    "doctype behind noise": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><?pi?> <!DOCTYPE d><d/>', "xml.unsafe"),
    "billion laughs": (BILLION_LAUGHS, "xml.unsafe"),
    "external entity": (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>', "xml.unsafe"),
    "parameter entity": (b'<!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1:9/">%x;]><d/>', "xml.unsafe"),
    "utf-16": ('<?xml version="1.0" encoding="UTF-16"?><d/>'.encode("utf-16"), "xml.unsafe"),
    "utf-16 without mark": ("<d/>".encode("utf-16-le"), "xml.unsafe"),
    "utf-7": (b'<?xml version="1.0" encoding="UTF-7"?><d/>', "xml.unsafe"),
    "gbk": ('<?xml version="1.0" encoding="GBK"?><d>低</d>'.encode("gbk"), "xml.unsafe"),
    "too large": (b"<d>" + b" " * xml.MAX_BYTES + b"</d>", "xml.too_large"),
    "too deep": (b"<d>" * 101 + b"</d>" * 101, "xml.too_large"),
    "very deep": (b"<d>" * 5000 + b"</d>" * 5000, "xml.malformed"),
    "too many elements": (b"<d>" + b"<x/>" * xml.MAX_ELEMENTS + b"</d>", "xml.too_large"),
    "undefined entity": (b"<d>&nbsp;</d>", "xml.malformed"),
    "empty": (b"", "xml.malformed"),
    "not xml": (b"PK\x03\x04", "xml.malformed"),
    "truncated": (GOOD[:-9], "xml.malformed"),
    "not utf-8": (b"<d>\xff</d>", "xml.malformed"),
    "null byte": (b"<document>\x00</document>", "xml.malformed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """Refused with its code by the parser, and as a finding by the gate."""
    data, code = REFUSED[name]
    with pytest.raises(Invalid) as caught:
        xml.parse(data)
    assert caught.value.code == code
    report = gate.inspect(data, resource="x.bpmn", forms=(), decisions=())
    assert [(f.rule, f.resource) for f in report.errors] == [(code, "x.bpmn")]


def test_comments_and_instructions_are_dropped() -> None:
    """What only looks like a DOCTYPE, in a comment or in text, does no harm."""
    root = xml.parse(
        b"<?xml version='1.0' encoding='utf-8'?><!-- <!DOCTYPE x> --><d><?run me?><![CDATA[<!DOCTYPE y>]]></d>"
    )
    assert root.text == "<!DOCTYPE y>"
    assert len(root) == 0
