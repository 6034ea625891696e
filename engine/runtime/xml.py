"""Safe XML: what an upload may contain before anybody looks at its meaning.

==================  =====================================================================
refused             code
==================  =====================================================================
DOCTYPE, entities   ``xml.unsafe`` (also what hides behind another encoding than UTF-8)
too many bytes      ``xml.too_large``, more than `MAX_BYTES`
too deep, too many  ``xml.too_large``, more than `MAX_DEPTH` levels or `MAX_ELEMENTS` elements
not well-formed     ``xml.malformed``
==================  =====================================================================

Nothing is ever fetched: no network, no external files, no XInclude. Comments and processing instructions
are dropped.
"""

import re

from lxml import etree

from engine.model.errors import Invalid

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 100_000

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_PROLOG_NOISE = re.compile(rb"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)


def parse(data: bytes) -> etree._Element:
    """The root element of an XML document in UTF-8. Raises `Invalid`, see the table in this module's docstring."""
    if len(data) > MAX_BYTES:
        raise Invalid("xml.too_large", f"The file is larger than {MAX_BYTES} bytes.")
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


def _refuse_doctype(data: bytes) -> None:
    """Look at the bytes before libxml2 does: entities could otherwise be expanded before we see the tree."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in data[:4]:
        raise _unsafe("an encoding other than UTF-8")
    at = len(_BYTE_ORDER_MARK) if data.startswith(_BYTE_ORDER_MARK) else 0
    declaration = _DECLARATION.match(data, at)
    if declaration:
        encoding = _ENCODING.search(declaration.group())
        if encoding and encoding.group(1).lower() not in _ENCODINGS:
            raise _unsafe("an encoding other than UTF-8")
        at = declaration.end()
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
