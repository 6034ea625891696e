"""Small pictures, and what photos say of themselves."""

import io

from PIL import ExifTags, Image

from engine.files import pictures
from engine.model.photos import PhotoHints


def photo(*, exif: Image.Exif | None = None, size: tuple[int, int] = (1200, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG", **({"exif": exif} if exif else {}))
    return out.getvalue()


def told() -> Image.Exif:
    """Taken in Jinghu with a phone that was held upright."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Mirror", "M1"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:03:02 09:30:05"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (31.0, 20.0, 24.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "W", (118.0, 22.0, 12.0)
    return exif


def test_a_photo_says_when_where_and_by_what() -> None:
    """As degrees with their sign; the camera's own clock, without a zone."""
    found = pictures.hints(photo(exif=told()))
    assert found == PhotoHints(taken_at="2026-03-02 09:30:05", latitude=31.34, longitude=-118.37, camera="Mirror M1")
    assert not found.silent


def test_a_photo_that_says_nothing_is_silent_and_no_more() -> None:
    """Neither a fault nor a suspicion; the same for bytes that are no picture or claim to be enormous."""
    assert pictures.hints(photo()).silent
    assert pictures.hints(b"no picture").silent
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert pictures.small(bomb.getvalue()) is None


def test_nonsense_in_a_photo_is_not_believed() -> None:
    """A month of 13, a latitude of 95 degrees, places that are no numbers."""
    exif = told()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:13:02 09:30:05"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (95.0, 0.0, 0.0)
    found = pictures.hints(photo(exif=exif))
    assert (found.taken_at, found.latitude) == (None, None)


def test_the_small_picture_is_upright_and_says_nothing() -> None:
    """At most 480 pixels, turned as it was held, and where it was taken does not travel with it."""
    data = pictures.small(photo(exif=told()))
    assert data is not None
    with Image.open(io.BytesIO(data)) as made:
        assert made.size == (240, 480)
        assert not made.getexif()
    assert pictures.small(b"no picture") is None
