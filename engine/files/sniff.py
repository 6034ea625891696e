"""What is this file really? Looked up from its content; its name must agree; only a short list is let in.

=========  ================================  ==========  =====
extension  media type                        attachment  photo
=========  ================================  ==========  =====
pdf        application/pdf                   yes
ofd        application/ofd                   yes
docx xlsx  Office Open XML, without macros   yes
tif tiff   image/tiff                        yes
jpg jpeg   image/jpeg                        yes         yes
png        image/png                         yes         yes
webp       image/webp                        yes         yes
heic heif  image/heic                        yes         yes
=========  ================================  ==========  =====

Not let in, and why: HTML, SVG and XML (a browser would run them); plain text and CSV (nothing in their content says
what they are); doc, xls and wps (macros, and a container that installers use too); gif (moving pictures prove
nothing); archives (nobody can see what is inside). Containers are never unpacked: only their table of contents is
read, and one that promises too much is refused.
"""

from dataclasses import dataclass
from typing import Final

import filetype  # type: ignore[import-untyped]  # the library carries no type hints

from engine.files.containers import Container, look_inside
from engine.files.names import normalise, split_extension
from engine.model.definitions import MaterialKind
from engine.model.errors import Invalid, Refused

MAXIMUM_BYTES: Final = {MaterialKind.ATTACHMENT: 20 * 2**20, MaterialKind.PHOTO: 15 * 2**20}

_IMAGES: Final = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
}
_DOCUMENTS: Final = {
    "application/pdf": ("pdf",),
    "application/ofd": ("ofd",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "image/tiff": ("tif", "tiff"),
}
ALLOWED: Final = {MaterialKind.ATTACHMENT: _DOCUMENTS | _IMAGES, MaterialKind.PHOTO: _IMAGES}
"""Media type → extensions that agree with it; the first is given to a file without one."""

_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
_HEAD: Final = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """A file that may come in: the media type of its content and its normalised name, extension included."""

    media_type: str
    name: str


def inspect(data: bytes, filename: str, *, kind: MaterialKind) -> Sniffed:
    """Decide whether a file may come in.

    Invalid: ``file.empty``, ``file.name``. Refused: ``file.too_large``, ``file.type_not_allowed``,
    ``file.type_mismatch`` (the name says one thing, the content another). Each carries its reason in `params`.
    """
    name = normalise(filename)
    if not data:
        raise Invalid("file.empty", "The file is empty.", params={"name": name})
    limit = MAXIMUM_BYTES[kind]
    if len(data) > limit:
        raise Refused(
            "file.too_large",
            f"The file is larger than {limit // 2**20} MiB.",
            params={"name": name, "maximum_mib": str(limit // 2**20)},
        )
    _, extension = split_extension(name)
    found = _recognise(data)
    allowed = ALLOWED[kind]
    if found not in allowed:
        raise _not_let_in(name, extension, found, kind)
    if extension and extension not in allowed[found]:
        raise _mismatch(name, extension, found)
    return Sniffed(media_type=found, name=name if extension else f"{name}.{allowed[found][0]}")


def _not_let_in(name: str, extension: str, found: str, kind: MaterialKind) -> Refused:
    """An allowed extension on foreign content is a mismatch; everything else is a type that is not allowed."""
    if any(extension in extensions for extensions in ALLOWED[kind].values()):
        return _mismatch(name, extension, found)
    listed = ", ".join(ending for extensions in ALLOWED[kind].values() for ending in extensions)
    return Refused(
        "file.type_not_allowed",
        f"This is {found or 'of no known type'}; allowed here are: {listed}.",
        params={"name": name, "found": found or "unknown", "allowed": listed},
    )


def _mismatch(name: str, extension: str, found: str) -> Refused:
    return Refused(
        "file.type_mismatch",
        f"The name ends in .{extension}, but the content is {found or 'of no known type'}.",
        params={"name": name, "extension": extension, "found": found or "unknown"},
    )


def _recognise(data: bytes) -> str:
    """The media type of the content, ``""`` when nothing is recognised."""
    head = data[:_HEAD]
    if head.startswith(b"PK"):
        return look_inside(data) or Container.ARCHIVE.value
    if head.startswith(b"%PDF-"):
        return "application/pdf" if b"%%EOF" in data[-2048:] else ""
    media_type = "image/heic" if _is_heic(head) else str(getattr(filetype.guess(head), "mime", ""))
    if media_type in _IMAGES and not _whole_picture(data, media_type):
        return ""
    # Our own rule knows PDF from its first byte on; the library also accepts it after a byte order mark.
    return _markup_or_script(head) if media_type in ("", "application/pdf") else media_type


def _is_heic(head: bytes) -> bool:
    """ISO 23008-12: the brands of the file type box. The library knows ``heic`` only, newer phones write others too."""
    if head[4:8] != b"ftyp":
        return False
    box = head[8 : min(int.from_bytes(head[:4], "big"), 256)]
    brands = {box[at : at + 4] for at in range(0, len(box), 4)}
    return box[:4] in _HEIC_BRANDS | {b"mif1", b"msf1"} and not brands.isdisjoint(_HEIC_BRANDS)


def _whole_picture(data: bytes, media_type: str) -> bool:
    """Whether a picture has its beginning and its end, which a few borrowed first bytes have not."""
    match media_type:
        case "image/jpeg":
            return b"\xff\xd9" in data
        case "image/png":
            return data[12:16] == b"IHDR" and b"IEND" in data
        case "image/webp":
            return len(data) >= 12 and int.from_bytes(data[4:8], "little") + 8 <= len(data) + 1
        case _:
            return True


def _markup_or_script(head: bytes) -> str:
    """Names what a browser or a shell would run, for the reason of the refusal."""
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").lower()
    if text.startswith(b"#!"):
        return "text/x-script"
    if not text.startswith(b"<"):
        return ""
    if b"<svg" in text:
        return "image/svg+xml"
    if b"<html" in text or b"<!doctype html" in text or b"<script" in text or b"<body" in text:
        return "text/html"
    return "application/xml"
