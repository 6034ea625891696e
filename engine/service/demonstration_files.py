"""Files that the demonstration's cases carry: a drawn site photo and PDFs written by hand. Nothing real in them."""

from collections.abc import Callable, Mapping
from pathlib import Path

PHOTO = Path(__file__).with_name("demonstration_site_photo.jpg")


def site_photo(remark: str = "") -> bytes:
    """A JPEG of 480 x 320 pixels; every remark gives other bytes (a comment segment) and the same picture."""
    picture = PHOTO.read_bytes()
    if not remark:
        return picture
    text = remark.encode()
    return picture[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2) + text + picture[2:]


def pdf(title: str, *lines: str) -> bytes:
    """A PDF of one A4 page with the title and the lines, Chinese included (a font of the reader's own)."""
    content = _content(title, lines)
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )


def application() -> bytes:
    """The application form (申请书)."""
    return pdf("最低生活保障申请书（演示）", "申请家庭：见收件登记", "本文件为演示材料，不含任何真实信息。")


def authorisation() -> bytes:
    """The signed authorisation for data comparison (核对授权书)."""
    return pdf(
        "家庭经济状况核对授权书（演示）", "全体共同生活的家庭成员同意核对。", "本文件为演示材料，不含任何真实信息。"
    )


def minutes() -> bytes:
    """The minutes of a collective review (集体研究会议记录)."""
    return pdf("集体研究会议记录（演示）", "参加人员三人，一致同意审核意见。", "本文件为演示材料，不含任何真实信息。")


def _content(title: str, lines: tuple[str, ...]) -> bytes:
    def shown(text: str) -> str:
        return f"<{text.encode('utf-16-be').hex()}> Tj"

    body = "".join(f" 0 -32 Td {shown(line)}" for line in lines)
    return f"BT /F 20 Tf 80 740 Td {shown(title)} /F 12 Tf{body} ET".encode("ascii")


def _file(*objects: bytes) -> bytes:
    data = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(data)


def supplement() -> bytes:
    """What was missing and is handed in later (补正材料)."""
    return pdf("补正材料（演示）", "按一次性告知补齐。", "本文件为演示材料，不含任何真实信息。")


def paper(title: str) -> Callable[[], bytes]:
    """Makes a paper of an office that says nothing but what it is."""
    return lambda: pdf(f"{title}（演示）", "内容见案件记录。", "本文件为演示材料，不含任何真实信息。")


_PENALTY: Mapping[str, str] = {
    "inspection_record": "现场检查笔录",
    "notice": "行政处罚告知书",
    "transcript": "听证笔录",
    "decision_paper": "行政处罚决定书",
    "service_receipt": "送达回证",
}

ATTACHMENTS: Mapping[str, Callable[[], bytes]] = {
    "application": application,
    "authorisation": authorisation,
    "minutes": minutes,
    "supplement": supplement,
    **{code: paper(title) for code, title in _PENALTY.items()},
}
"""The demonstration's attachments by material code; every other material is a site photo."""

NAMES: Mapping[str, str] = {
    "application": "申请书.pdf",
    "authorisation": "核对授权书.pdf",
    "minutes": "会议记录.pdf",
    "supplement": "补正材料.pdf",
    **{code: f"{title}.pdf" for code, title in _PENALTY.items()},
}
"""File names of the attachments, as an office would name them."""
