"""Files to attach in tests: the demonstration's, and one that is not what its name says."""

from engine.service.demonstration_files import ATTACHMENTS, application, authorisation, minutes, pdf, site_photo

__all__ = ["ATTACHMENTS", "application", "authorisation", "disguised_program", "minutes", "pdf", "site_photo"]


def disguised_program() -> bytes:
    """The beginning of a Windows program, to be offered under the name of a photo; never runnable."""
    return b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(44) + b"\x80\x00\x00\x00" + bytes(512)
