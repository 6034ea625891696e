"""Pure helpers between view models and templates: values as text, files by kind, props of islands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from engine.files import sniff
from engine.model.deadlines import Timing
from engine.model.definitions import MaterialKind
from engine.model.views import FileView, TimelineEntry, UserTaskView
from web.languages import BUSINESS_ZONE

_ZONE = ZoneInfo(BUSINESS_ZONE)
_KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialRow:
    """A required material with the files that the reader has prepared for it; the last row is for all others.

    limit_mb, types: what one file may be.
    """

    code: str
    name: str
    kind: str
    minimum: int
    outcomes: tuple[str, ...]
    files: tuple[FileView, ...]
    limit_mb: int
    types: str

    @property
    def done(self) -> bool:
        return bool(self.files) and len(self.files) >= self.minimum


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredFiles:
    """All files of a case by kind, the newest last."""

    attachments: tuple[FileView, ...]
    photos: tuple[FileView, ...]


def beijing(moment: datetime) -> str:
    """``2026-01-05 09:30`` in the business zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M")


def remaining(timing: Timing, now: datetime | None = None) -> str:
    """How long until a time limit, or since it, in days or hours of the wall clock; empty where nothing limits it."""
    if timing.due_at is None:
        return ""
    left = timing.due_at - (now or datetime.now(UTC))
    over, hours = left.total_seconds() < 0, abs(int(left.total_seconds())) // 3600
    amount = ngettext("%(num)d hour", "%(num)d hours", hours)
    if hours >= 48:
        amount = ngettext("%(num)d day", "%(num)d days", hours // 24)
    return str(gettext("%(time)s over", time=amount) if over else gettext("%(time)s left", time=amount))


def last_day(moment: datetime) -> str:
    """The limit that ends at a moment: the day that is over at midnight, else day and time."""
    local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(_ZONE)
    return f"{local.date() - timedelta(days=1):%Y-%m-%d}" if local.time() == time() else beijing(moment)


def size(count: int) -> str:
    """A number of bytes for people."""
    if count < _KIB:
        return f"{count} B"
    if count < _KIB * _KIB:
        return f"{count / _KIB:.0f} KB"
    return f"{count / _KIB / _KIB:.1f} MB"


_CHANNELS: Mapping[str, LazyString] = {
    "page": lazy_gettext("web page"),
    "api": lazy_gettext("interface"),
    "cli": lazy_gettext("command line"),
    "worker": lazy_gettext("background job"),
    "demonstration": lazy_gettext("Demonstration data"),
}
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def client(text: str) -> str:
    """The client of a trace entry in words: address, channel, browser. The entry keeps the whole text."""
    words = text.split(" ")
    place = next((number for number, word in enumerate(words) if word in _CHANNELS), None)
    if place is None:
        return text or "—"
    program = " ".join(words[place + 1 :])
    browser = next((name for mark, name in _BROWSERS if mark in program), "" if "/" in program else program)
    return " · ".join(part for part in (*words[:place], str(_CHANNELS[words[place]]), browser) if part)


def shown(value: object) -> str:
    """A value of a form, a check or a trace entry in one line."""
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, Mapping):
        return "；".join(f"{name}：{shown(inner)}" for name, inner in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(shown(inner) for inner in value)
    return _simple(value)


def _simple(value: object) -> str:
    if isinstance(value, datetime):
        return beijing(value)
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def lines(value: object) -> list[str]:
    """A value line by line: the rows of a list of records each get their own."""
    if isinstance(value, (list, tuple)) and any(isinstance(row, Mapping) for row in value):
        return [f"{number}. {shown(row)}" for number, row in enumerate(value, 1)]
    return [shown(value)]


def material_rows(view: UserTaskView) -> tuple[MaterialRow, ...]:
    """The checklist of required materials, then one row for other attachments."""
    names = {outcome.code: outcome.name for outcome in view.outcomes}
    rows = [
        MaterialRow(
            code=material.code,
            name=material.name,
            kind=material.kind.value,
            minimum=material.minimum,
            outcomes=tuple(names.get(code, code) for code in sorted(material.outcomes)) if len(names) > 1 else (),
            files=tuple(file for file in view.files if file.code == material.code),
            **_allowed(material.kind),
        )
        for material in view.materials
    ]
    known = {material.code for material in view.materials}
    others = tuple(file for file in view.files if file.code not in known)
    other = MaterialRow(
        code="",
        name=gettext("Other attachments"),
        kind="attachment",
        minimum=0,
        outcomes=(),
        files=others,
        **_allowed(MaterialKind.ATTACHMENT),
    )
    return (*rows, other)


def _allowed(kind: MaterialKind) -> dict[str, Any]:
    """What a file of a kind may be: pictures are named together where documents are let in, too."""
    names = [endings[0] for media_type, endings in sniff.ALLOWED[kind].items() if not media_type.startswith("image/")]
    pictures = [endings[0] for media_type, endings in sniff.ALLOWED[kind].items() if media_type.startswith("image/")]
    types = [*names, gettext("pictures")] if names else pictures
    return {"limit_mb": sniff.MAXIMUM_BYTES[kind] // _KIB // _KIB, "types": "、".join(types)}


def files_of(entries: Sequence[TimelineEntry], prepared: Iterable[FileView] = ()) -> GatheredFiles:
    """The files of a case's trace and those prepared for the task at hand."""
    attachments = [file for entry in entries for file in entry.attachments]
    photos = [file for entry in entries for file in entry.photos]
    for file in prepared:
        (photos if file.kind == "photo" else attachments).append(file)
    return GatheredFiles(attachments=tuple(attachments), photos=tuple(photos))


def field_name(form: Mapping[str, object] | None, place: str) -> str:
    """The label of the form field at a path like ``members[0].income``; the path itself when there is none."""
    plain = "".join(part.partition("]")[2] if "]" in part else part for part in place.split("["))
    return _labels(form, "").get(plain, "") or place


def _labels(component: object, prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    children = component.get("components") if isinstance(component, Mapping) else None
    for child in children if isinstance(children, list) else []:
        own = child.get("path") or child.get("key") or ""
        path = ".".join(part for part in (prefix, own) if part)
        if own and child.get("label"):
            found[path] = str(child["label"])
        found |= _labels(child, path if child.get("path") else prefix)
    return found
