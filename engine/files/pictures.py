"""Small pictures of photos, and what a photo says of itself. The original bytes are never changed.

What stands in a photo (EXIF) is a hint: cameras have wrong clocks, and anybody can write it. A photo that says nothing
says nothing: that is no sign of anything either way.
"""

import io
import warnings
from datetime import datetime

from PIL import ExifTags, Image, ImageOps

from engine.model.photos import PhotoHints

SMALL_PX = 480
MAX_PIXELS = 80_000_000
"""A picture that would be larger in memory is not opened: a few bytes can claim any size."""


def small(data: bytes) -> bytes | None:
    """A JPEG of at most `SMALL_PX` at its longer side, upright and without EXIF; None for what cannot be drawn."""
    picture = _opened(data)
    if picture is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.draft("RGB", (SMALL_PX, SMALL_PX))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((SMALL_PX, SMALL_PX))
            out = io.BytesIO()
            upright.save(out, "JPEG", quality=78)
    except (OSError, ValueError, SyntaxError):
        return None
    return out.getvalue()


def hints(data: bytes) -> PhotoHints:
    """What the photo says of when, where and by which camera it was taken."""
    picture = _opened(data)
    if picture is None:
        return PhotoHints()
    try:
        exif = picture.getexif()
        inner, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    except (OSError, ValueError, SyntaxError, KeyError):
        return PhotoHints()
    camera = " ".join(str(exif[tag]).strip("\0 ") for tag in (ExifTags.Base.Make, ExifTags.Base.Model) if tag in exif)
    return PhotoHints(
        taken_at=_moment(inner.get(ExifTags.Base.DateTimeOriginal)),
        latitude=_degrees(place.get(ExifTags.GPS.GPSLatitude), place.get(ExifTags.GPS.GPSLatitudeRef), "S", 90),
        longitude=_degrees(place.get(ExifTags.GPS.GPSLongitude), place.get(ExifTags.GPS.GPSLongitudeRef), "W", 180),
        camera=camera[:100] or None,
    )


def _opened(data: bytes) -> Image.Image | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return picture if picture.width * picture.height <= MAX_PIXELS else None


def _moment(value: object) -> str | None:
    try:
        return datetime.strptime(str(value), "%Y:%m:%d %H:%M:%S").isoformat(sep=" ")  # noqa: DTZ007 -- a camera knows no zone
    except ValueError:
        return None


def _degrees(parts: object, side: object, negative: str, limit: int) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        whole, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = whole + minutes / 60 + seconds / 3600
    if not 0 <= found <= limit:  # not a number fails here, too
        return None
    return round(-found if side == negative else found, 6)
