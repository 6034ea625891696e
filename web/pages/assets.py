"""The built islands: which script and styles a page needs, read from Vite's manifest."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

ENTRY = "src/app.ts"
ISLANDS = {
    "form": "src/form/mount.ts",
    "diagram": "src/diagram/mount.ts",
    "files": "src/files/mount.ts",
    "process-editor": "src/designer/process/mount.ts",
    "decision-editor": "src/designer/decision/mount.ts",
    "form-editor": "src/designer/form/mount.ts",
    "chart": "src/chart/mount.ts",
    "replay": "src/replay/mount.ts",
}


@cache
def _read(path: str, changed_ns: int) -> dict[str, Any]:  # noqa: ARG001  # part of the cache's key
    found: dict[str, Any] = json.loads(Path(path).read_text())
    return found


def manifest() -> dict[str, Any]:
    """Vite's manifest; empty when nothing was built, so that pages still work, unstyled."""
    path = Path(str(current_app.static_folder)) / "dist" / ".vite" / "manifest.json"
    try:
        changed_ns = path.stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    return _read(str(path), changed_ns)


def _chunks(chunks: dict[str, Any], name: str, seen: set[str]) -> Iterator[dict[str, Any]]:
    """A chunk after everything that it imports statically."""
    if name in seen or name not in chunks:
        return
    seen.add(name)
    for imported in chunks[name].get("imports", []):
        yield from _chunks(chunks, imported, seen)
    yield chunks[name]


def _address(file: str) -> str:
    return url_for("static", filename=f"dist/{file}")


def page_assets() -> Markup:
    """Styles and script of every page."""
    found = list(_chunks(manifest(), ENTRY, set()))
    styles = [css for chunk in found for css in chunk.get("css", [])]
    links = [Markup('<link rel="stylesheet" href="{}">').format(_address(css)) for css in styles]
    scripts = [
        Markup('<script type="module" src="{}"></script>').format(_address(chunk["file"]))
        for chunk in found
        if chunk.get("isEntry")
    ]
    return Markup("\n  ").join(links + scripts)


def island_assets(name: str) -> Markup:
    """Lets the browser fetch an island together with the page, rather than after its script asked for it."""
    shell: set[str] = set()
    chunks = manifest()
    list(_chunks(chunks, ENTRY, shell))
    found = list(_chunks(chunks, ISLANDS[name], shell))
    scripts = [Markup('<link rel="modulepreload" href="{}">').format(_address(chunk["file"])) for chunk in found]
    styles = [
        Markup('<link rel="stylesheet" href="{}">').format(_address(css))
        for chunk in found
        for css in chunk.get("css", [])
    ]
    return Markup("\n  ").join(scripts + styles)


def icon(name: str) -> Markup:
    """An icon of the sprite (built from Tabler's icons, see web/islands/scripts/sprite.mjs)."""
    template = Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>')
    return template.format(url_for("static", filename="img/icons.svg"), name)
