"""What is known of where and when a photo was taken, beside the server's own time of its arrival."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoHints:
    """Hints, never proof: cameras have wrong clocks, and both kinds can be made up. None: it cannot be said.

    taken_at: as the camera wrote it into the photo, local time without a zone. latitude, longitude, camera: from there
    too, degrees of WGS 84. device_latitude, device_longitude, device_accuracy_m: what the browser that sent it told.
    """

    taken_at: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str | None = None
    device_latitude: float | None = None
    device_longitude: float | None = None
    device_accuracy_m: float | None = None

    @property
    def silent(self) -> bool:
        """Whether the photo itself says neither when nor where."""
        return self.taken_at is None and self.latitude is None
