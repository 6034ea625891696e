"""What a page makes people download, measured on the files that were built."""

import gzip
import json

from tests.conventions.tree import ROOT

DIST = ROOT / "web" / "static" / "dist"
TASK_PAGE = ("src/app.ts", "src/form/mount.ts", "src/files/mount.ts", "src/diagram/mount.ts")
LIMIT_BYTES = 300 * 1024


def test_the_script_of_the_task_page_stays_under_300_kilobytes() -> None:
    """Everything that a task page can load, diagram included, compressed as it travels."""
    manifest = json.loads((DIST / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    wanted, seen = list(TASK_PAGE), set()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            wanted += manifest[name].get("imports", [])
    files = {manifest[name]["file"] for name in seen}
    weight = sum(len(gzip.compress((DIST / file).read_bytes())) for file in files)
    assert len(files) >= len(TASK_PAGE)
    assert weight < LIMIT_BYTES, f"{weight / 1024:.0f} KB"
