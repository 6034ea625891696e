"""What committed files hold, and never hold."""

import importlib
import json
import re
import shutil
import subprocess
import sys

import pytest

from scripts.licences import NODE_FOLDERS
from tests.conventions.tree import ROOT, committed_files, place

# Spelled in two halves, so that this file does not name them either.
REGISTRY = re.compile(
    "|".join(
        re.escape(first + second)
        for first, second in (
            ("pypi", ".org"),
            ("python", "hosted.org"),
            ("registry.npm", "js.org"),
            ("registry.npm", "mirror.com"),
            ("registry.yarn", "pkg.com"),
            ("repo.maven", ".apache.org"),
            ("deb.deb", "ian.org"),
            ("proxy.gol", "ang.org"),
            ("static.crates", ".io"),
        )
    )
)
TEXT_LIMIT_BYTES = 5_000_000


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an exported tree has no list of committed files")
def test_no_file_names_a_package_registry() -> None:
    """Registries are configured on the machine; a lock file that names one works in one country only."""
    named = []
    for path in committed_files():
        raw = path.read_bytes()
        if len(raw) < TEXT_LIMIT_BYTES and b"\0" not in raw[:8192] and REGISTRY.search(raw.decode(errors="replace")):
            named.append(place(path))
    assert named == []


def test_the_python_lock_is_exact() -> None:
    """Every line of constraints.txt pins one version and names no place."""
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


@pytest.mark.parametrize("folder", NODE_FOLDERS)
def test_the_node_locks_have_digests_and_no_places(folder: str) -> None:
    """Every package of package-lock.json carries its integrity digest, and nothing says where to fetch it."""
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_the_house_stands() -> None:
    """The import rules of setup.cfg are kept."""
    program = shutil.which("lint-imports", path=str(ROOT / ".venv" / "bin")) or shutil.which("lint-imports")
    assert program is not None
    done = subprocess.run([program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_licence_gate_refuses_and_allows() -> None:
    """GPL, AGPL, SSPL and BUSL are refused, also inside expressions; LGPL and alternatives are allowed."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        licences = importlib.import_module("licences")
    finally:
        sys.path.pop(0)
    refused = ["GPL-3.0-only", "AGPL-3.0", "SSPL-1.0", "BUSL-1.1", "MIT AND GPL-2.0", "(MIT AND AGPL-3.0) OR SSPL-1.0"]
    refused += ["GNU General Public License v3 (GPLv3)", "GNU Affero General Public License v3"]
    good = ["MIT", "LGPL-3.0-only", "MIT OR GPL-2.0", "(MPL-2.0 OR GPL-2.0) AND MIT", "BSD License OR Apache"]
    good += ["GNU Lesser General Public License v3 (LGPLv3)"]
    assert [licence for licence in refused if licences.allowed(licence)] == []
    assert [licence for licence in good if not licences.allowed(licence)] == []
