"""Safe XML: what an upload may contain before anybody looks at its meaning.

==================  =====================================================================
refused             code
==================  =====================================================================
DOCTYPE, entities   ``xml.unsafe`` (also what hides behind an encoding that we do not know)
too many bytes      ``xml.too_large``, more than `MAX_BYTES`
too deep, too many  ``xml.too_large``, more than `MAX_DEPTH` levels or `MAX_ELEMENTS` elements
not well-formed     ``xml.malformed``
==================  =====================================================================

Nothing is ever fetched: no network, no external files, no XInclude. Comments and processing instructions
are dropped. A file in one of `ENCODINGS` is written anew in UTF-8 before anything looks at it, so that what we judge
and what libxml2 reads are the same bytes.
"""

import codecs
import re

from lxml import etree

from engine.model.errors import Invalid

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 100_000

ENCODINGS = frozenset(
    {"utf-8", "ascii", "utf-16", "iso8859-1", "iso8859-15", "cp1252", "gb2312", "gbk", "gb18030", "big5"}
)
"""Encodings of files that modelers write, as Python calls them."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")
_PROLOG_NOISE = re.compile(rb"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)


def parse(data: bytes) -> etree._Element:
    """The root element of an XML document. Raises `Invalid`, see the table in this module's docstring."""
    if len(data) > MAX_BYTES:
        raise Invalid("xml.too_large", f"The file is larger than {MAX_BYTES} bytes.")
    data = _utf_8(data)
    _refuse_doctype(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Invalid("xml.malformed", f"The file is not well-formed XML: {error.msg}.") from error
    except ValueError as error:
        raise Invalid("xml.malformed", "The file is not well-formed XML.") from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise _unsafe("a DOCTYPE")
    _refuse_bombs(root)
    return root


def _unsafe(what: str) -> Invalid:
    return Invalid("xml.unsafe", f"The file contains {what}, which is not allowed.", params={"what": what})


def _utf_8(data: bytes) -> bytes:
    """The document in UTF-8, without byte order mark and without an XML declaration that would contradict it."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    declaration = _DECLARATION.match(data)
    declared = _ENCODING.search(declaration.group()) if declaration else None
    name = marked or (declared.group(1).decode("ascii", "replace") if declared else "utf-8")
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        known = ""
    if marked != "utf-16" and (known not in ENCODINGS - {"utf-16"} or b"\x00" in data[:4]):
        raise _unsafe("an unknown encoding")
    try:
        text = data.decode("utf-8-sig" if known == "utf-8" else known)
    except UnicodeDecodeError as error:
        raise Invalid("xml.malformed", f"The file is not well-formed XML: it is not in {name}.") from error
    plain = text.encode("utf-8", "surrogatepass")
    found = _DECLARATION.match(plain)
    return plain[found.end() :] if found else plain


def _refuse_doctype(data: bytes) -> None:
    """Look at the bytes before libxml2 does: entities could otherwise be expanded before we see the tree."""
    at = 0
    while noise := _PROLOG_NOISE.match(data, at):
        at = noise.end()
    if data.startswith(b"<!", at):
        raise _unsafe("a DOCTYPE")


def _refuse_bombs(root: etree._Element) -> None:
    depth = elements = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            raise Invalid("xml.too_large", f"The file has more than {MAX_DEPTH} levels or {MAX_ELEMENTS} elements.")
