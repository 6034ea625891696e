"""What comes in is what its name says, and is on the short list."""

import io
import struct
import zipfile
import zlib

import pytest

from engine.files import sniff
from engine.model.definitions import MaterialKind
from engine.model.errors import Invalid, Refused

ATTACHMENT, PHOTO = MaterialKind.ATTACHMENT, MaterialKind.PHOTO


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _zip(*names: str, content: bytes = b"<x/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64) + b"\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 20) + b"WEBPVP8 " + bytes(12)
HEIC = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(32)
TIFF = b"II*\x00\x08\x00\x00\x00" + bytes(64)
PDF = b"%PDF-1.7\n" + bytes(64) + b"\n%%EOF\n"
DOCX = _zip("[Content_Types].xml", "word/document.xml")
XLSX = _zip("[Content_Types].xml", "xl/workbook.xml")
OFD = _zip("OFD.xml", "Doc_0/Document.xml")
EXE = b"MZ\x90\x00" + bytes(300)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (PNG, "图.png", "image/png"),
        (JPEG, "门牌.JPG", "image/jpeg"),
        (JPEG, "a.jpeg", "image/jpeg"),
        (WEBP, "a.webp", "image/webp"),
        (HEIC, "a.heic", "image/heic"),
        (HEIC.replace(b"heic", b"heix"), "a.heif", "image/heic"),
        (TIFF, "scan.tif", "image/tiff"),
        (PDF, "申请书.pdf", "application/pdf"),
        (OFD, "公文.ofd", "application/ofd"),
        (DOCX, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_let_in_as_attachment(data: bytes, name: str, media_type: str) -> None:
    """Each kind on the list, by its content, with its name kept."""
    assert sniff.inspect(data, name, kind=ATTACHMENT) == sniff.Sniffed(media_type=media_type, name=name)


@pytest.mark.parametrize(("data", "name"), [(PNG, "a.png"), (JPEG, "a.jpg"), (WEBP, "a.webp"), (HEIC, "a.heic")])
def test_let_in_as_photo(data: bytes, name: str) -> None:
    """Photos are pictures."""
    assert sniff.inspect(data, name, kind=PHOTO).media_type.startswith("image/")


@pytest.mark.parametrize(("data", "name"), [(PDF, "a.pdf"), (DOCX, "a.docx"), (TIFF, "a.tif"), (OFD, "a.ofd")])
def test_documents_are_no_photos(data: bytes, name: str) -> None:
    """A document where a photo is asked for is refused, with what is allowed."""
    with pytest.raises(Refused) as caught:
        sniff.inspect(data, name, kind=PHOTO)
    assert caught.value.code == "file.type_not_allowed"
    assert "jpg" in caught.value.params["allowed"]


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (EXE, "photo.jpg", "application/x-msdownload"),
        (PDF, "photo.jpg", "application/pdf"),
        (JPEG, "photo.png", "image/jpeg"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "page.pdf", "text/html"),
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "logo.png", "image/svg+xml"),
        (b"\xef\xbb\xbf%PDF-1.7 %%EOF", "a.pdf", "unknown"),
        (_zip("a.txt"), "a.docx", "application/zip"),
        (_zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx", None),
        (OLE, "a.docx", None),
        (JPEG[:20], "cut.jpg", "unknown"),
        (PNG[:20], "cut.png", "unknown"),
        (PDF[:30], "cut.pdf", "unknown"),
        (DOCX[:-30], "cut.docx", "application/zip"),
        (b"just text", "a.pdf", "unknown"),
    ],
)
def test_content_that_belies_the_name(data: bytes, name: str, found: str | None) -> None:
    """An .exe named .jpg, and its like: refused, with what the name says and what the content is."""
    with pytest.raises(Refused) as caught:
        sniff.inspect(data, name, kind=ATTACHMENT)
    assert caught.value.code == "file.type_mismatch"
    assert caught.value.params["extension"] == name.rsplit(".", maxsplit=1)[-1]
    assert found is None or caught.value.params["found"] == found


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (EXE, "setup.exe"),
        (b"<html></html>", "page.html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.svg"),
        (b"#!/bin/sh\n", "run.sh"),
        (b"GIF89a" + bytes(32), "a.gif"),
        (_zip("a.txt"), "a.zip"),
        (OLE, "a.doc"),
        (b"name,amount\n", "a.csv"),
        (b"just text", "letter"),
        (_zip("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "a.xlsm"),
        (HEIC.replace(b"heic", b"avif"), "a.avif"),
        (_zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docm"),
    ],
)
def test_types_that_are_not_let_in(data: bytes, name: str) -> None:
    """What a browser or an office program would run, and what nobody can look into."""
    with pytest.raises(Refused) as caught:
        sniff.inspect(data, name, kind=ATTACHMENT)
    assert caught.value.code == "file.type_not_allowed"


def test_zip_bomb_is_not_opened() -> None:
    """A container that promises to grow too much is refused by its table of contents."""
    bomb = _zip("[Content_Types].xml", "word/document.xml", content=bytes(32 * 2**20))
    assert len(bomb) < 2**20
    with pytest.raises(Refused) as caught:
        sniff.inspect(bomb, "a.docx", kind=ATTACHMENT)
    assert caught.value.params["found"] == "application/zip; suspicious"


def test_endless_table_of_contents_is_not_read() -> None:
    """A table of contents beyond a mebibyte, or in Zip64, is refused before it is read."""
    end = bytearray(DOCX)
    struct.pack_into("<I", end, len(end) - 10, 2**31)
    zip64 = DOCX[:-22] + b"PK\x06\x07" + bytes(16) + DOCX[-22:]
    for data in (bytes(end), zip64):
        with pytest.raises(Refused) as caught:
            sniff.inspect(data, "a.docx", kind=ATTACHMENT)
        assert "suspicious" in caught.value.params["found"]


@pytest.mark.parametrize(("kind", "mebibytes"), [(ATTACHMENT, 20), (PHOTO, 15)])
def test_size(kind: MaterialKind, mebibytes: int) -> None:
    """Exactly the limit comes in, one byte more does not."""
    full = JPEG[:-2] + bytes(mebibytes * 2**20 - len(JPEG)) + JPEG[-2:]
    assert sniff.inspect(full, "a.jpg", kind=kind).media_type == "image/jpeg"
    with pytest.raises(Refused) as caught:
        sniff.inspect(full + b"\0", "a.jpg", kind=kind)
    assert caught.value.code == "file.too_large"
    assert caught.value.params["maximum_mib"] == str(mebibytes)


def test_empty() -> None:
    """An empty file is an input error."""
    with pytest.raises(Invalid) as caught:
        sniff.inspect(b"", "a.jpg", kind=PHOTO)
    assert caught.value.code == "file.empty"


def test_name_without_extension_is_given_one() -> None:
    """Phones send pictures named ``image``: the content gives the ending."""
    assert sniff.inspect(JPEG, "image", kind=PHOTO).name == "image.jpg"
