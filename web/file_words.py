"""What a file is, in the words of an official rather than as a media type."""

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

_WORDS: Mapping[str, LazyString] = {
    "application/pdf": lazy_gettext("a PDF document"),
    "application/ofd": lazy_gettext("an OFD document"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": lazy_gettext("a Word document"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": lazy_gettext("an Excel workbook"),
    "text/html": lazy_gettext("a web page"),
    "image/svg+xml": lazy_gettext("a picture of another kind"),
    "text/x-script": lazy_gettext("a script"),
}
_PARTS: tuple[tuple[tuple[str, ...], LazyString], ...] = (
    (("application/zip", "x-tar", "gzip", "x-7z", "x-rar", "x-bzip"), lazy_gettext("an archive")),
    (("msdownload", "executable", "x-elf", "x-dosexec", "x-msi"), lazy_gettext("a program")),
    (("video/", "audio/"), lazy_gettext("a video or sound recording")),
    (("image/",), lazy_gettext("a picture")),
)


def words(media_type: str) -> str:
    """What a media type is; one that officials need not know is unknown content."""
    if media_type in _WORDS:
        return str(_WORDS[media_type])
    found = next((text for marks, text in _PARTS if any(mark in media_type for mark in marks)), None)
    return str(found or lazy_gettext("an unknown or damaged content"))
