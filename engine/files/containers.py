"""ZIP containers (docx, xlsx, ofd) told apart by their table of contents. Nothing is ever unpacked."""

import io
import struct
import zipfile
from enum import StrEnum
from typing import Final

MAXIMUM_DIRECTORY_BYTES: Final = 2**20
"""Of the table of contents; some ten thousand members."""
MAXIMUM_UNPACKED_BYTES: Final = 300 * 2**20
MAXIMUM_RATIO: Final = 200
"""A member that promises to grow more than this (and beyond 1 MiB) is taken for a bomb."""

_END_SIGNATURE: Final = b"PK\x05\x06"
_ZIP64_SIGNATURE: Final = b"PK\x06\x07"
_END_BYTES: Final = 22
_COMMENT_BYTES: Final = 65535


class Container(StrEnum):
    """What a ZIP file turned out to be."""

    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    OFD = "application/ofd"
    MACROS = "application/vnd.ms-office.macro-enabled"
    ARCHIVE = "application/zip"
    BOMB = "application/zip; suspicious"


def look_inside(data: bytes) -> Container | None:
    """The kind of container; None when it has no readable table of contents."""
    directory_bytes = _directory_bytes(data)
    if directory_bytes is None:
        return None
    if directory_bytes > MAXIMUM_DIRECTORY_BYTES:
        return Container.BOMB
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, UnicodeDecodeError, EOFError):
        return None
    if _promises_too_much(listed):
        return Container.BOMB
    return _kind({member.filename for member in listed})


def _kind(names: set[str]) -> Container:
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in map(str.lower, names)):
        return Container.MACROS
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return Container.DOCX
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return Container.XLSX
    if "OFD.xml" in names:
        return Container.OFD
    return Container.ARCHIVE


def _promises_too_much(listed: list[zipfile.ZipInfo]) -> bool:
    if sum(member.file_size for member in listed) > MAXIMUM_UNPACKED_BYTES:
        return True
    return any(
        member.file_size > 2**20 and member.file_size > MAXIMUM_RATIO * max(member.compress_size, 1)
        for member in listed
    )


def _directory_bytes(data: bytes) -> int | None:
    """Size of the table of contents, read from the end record alone, before the library builds an object for every
    member. Zip64 counts as beyond every limit: no file that is let in needs it.
    """
    at = data.rfind(_END_SIGNATURE, max(0, len(data) - _END_BYTES - _COMMENT_BYTES))
    if at < 0 or len(data) < at + _END_BYTES:
        return None
    if data[max(0, at - 20) : at].startswith(_ZIP64_SIGNATURE):
        return MAXIMUM_DIRECTORY_BYTES + 1
    return int(struct.unpack_from("<I", data, at + 12)[0])
