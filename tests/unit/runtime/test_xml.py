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
    "doctype in utf-16": ("<!DOCTYPE d><d/>".encode("utf-16"), "xml.unsafe"),
    "doctype in gbk": (b'<?xml version="1.0" encoding="GBK"?><!DOCTYPE d><d/>', "xml.unsafe"),
    "utf-16 without mark": ("<d/>".encode("utf-16-le"), "xml.unsafe"),
    "utf-7": (b'<?xml version="1.0" encoding="UTF-7"?><d/>', "xml.unsafe"),
    "utf-32": ("<d/>".encode("utf-32"), "xml.malformed"),
    "ebcdic": ('<?xml version="1.0" encoding="cp037"?><d/>'.encode("cp037"), "xml.malformed"),
    "no encoding": (b'<?xml version="1.0" encoding="rot13"?><d/>', "xml.unsafe"),
    "gbk that is none": (b'<?xml version="1.0" encoding="GBK"?><d>\xff</d>', "xml.malformed"),
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


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gbk", "gb18030", "iso-8859-1"])
def test_encodings_of_modelers(encoding: str) -> None:
    """A byte order mark, UTF-16 and the declared encodings of Chinese and Western modelers are read."""
    word = "Überprüfung" if encoding == "iso-8859-1" else "低保审核"
    declared = "" if encoding.startswith("utf") else f'<?xml version="1.0" encoding="{encoding}"?>'
    assert xml.parse(f"{declared}<d>{word}</d>".encode(encoding)).text == word


def test_comments_and_instructions_are_dropped() -> None:
    """What only looks like a DOCTYPE, in a comment or in text, does no harm."""
    root = xml.parse(
        b"<?xml version='1.0' encoding='utf-8'?><!-- <!DOCTYPE x> --><d><?run me?><![CDATA[<!DOCTYPE y>]]></d>"
    )
    assert root.text == "<!DOCTYPE y>"
    assert len(root) == 0
