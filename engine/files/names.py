"""File names as people may keep them: one line, no path, nothing invisible, at most 200 characters."""

import re
import unicodedata
from typing import Final

from engine.model.errors import Invalid

MAXIMUM_CHARACTERS: Final = 200
ROOM_FOR_EXTENSION: Final = 9
"""Kept free in a name without an extension, which is given one from the content."""

_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def normalise(filename: str) -> str:
    """NFC; the last part of a path; no control, direction or other invisible characters; no characters that Windows
    forbids; at most 200 characters, the extension kept. Invalid ``file.name`` when nothing is left.
    """
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if character in "\t\r\n" else character for character in name)
    name = "".join(character for character in name if unicodedata.category(character) not in _INVISIBLE)
    name = _FORBIDDEN.sub("_", " ".join(name.split())).strip(" .")
    stem, extension = split_extension(name)
    if not stem:
        raise Invalid("file.name", "The file needs a name.")
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    if not extension:
        return stem[: MAXIMUM_CHARACTERS - ROOM_FOR_EXTENSION].rstrip()
    return f"{stem[: MAXIMUM_CHARACTERS - len(extension) - 1].rstrip()}.{name.rsplit('.', 1)[1]}"


def split_extension(name: str) -> tuple[str, str]:
    """Stem and lower-case extension without its dot; ``""`` when the ending is not one (1 to 8 letters or digits)."""
    stem, dot, ending = name.rpartition(".")
    if dot and ending.isascii() and ending.isalnum() and len(ending) <= 8:
        return stem, ending.lower()
    return name, ""
