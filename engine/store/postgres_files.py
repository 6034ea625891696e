"""What lies around the embedded PostgreSQL in VAR: places, passwords, settings, pid file, socket and log.

Nothing here starts or stops anything; `engine.store.embedded` does.
"""

import contextlib
import hashlib
import json
import os
import secrets
import socket
import stat
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from engine.model.errors import Broken

SOCKET_NAME = ".s.PGSQL.5432"
_SUN_PATH_BYTES = 107
_LOG_BYTES = 10 * 1024 * 1024
_LOG_FILES = 5

_SETTINGS = """\
# Written at each start. Your own settings go into operator.conf beside this file; they win.
listen_addresses = ''
unix_socket_directories = {socket}
unix_socket_permissions = 0700
max_connections = {connections}
shared_buffers = 128MB
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
recovery_init_sync_method = {sync}
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
logging_collector = on
log_directory = {log_folder}
log_filename = 'postgresql.log'
log_file_mode = 0640
log_rotation_age = 0
log_rotation_size = 0
log_line_prefix = '%m [%p] %u@%d '
# Details and parameters of failed statements may be personal data: they stay out of the log.
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
include_if_exists = 'operator.conf'
"""

_ACCESS = "# Written at each start: the socket only, and a password even there.\nlocal all all scram-sha-256\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Absolute paths of one VAR. `socket` is the socket file itself."""

    var: Path
    data: Path
    keys: Path
    mutex: Path
    users: Path
    log_file: Path
    socket: Path

    @classmethod
    def of(cls, var: Path) -> "Places":
        """The places of `var`; a socket path longer than the kernel allows moves to /tmp."""
        home = Path(var).resolve()
        run = home / "run"
        if len(os.fsencode(run / SOCKET_NAME)) > _SUN_PATH_BYTES:
            run = Path("/tmp") / f"mingjing-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"  # noqa: S108 - checked by safe_folder
        return cls(
            var=home,
            data=home / "pg",
            keys=home / "keys",
            mutex=home / "lock" / "pg.mutex",
            users=home / "lock" / "pg.users",
            log_file=home / "log" / "postgresql.log",
            socket=run / SOCKET_NAME,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Passwords:
    """Random passwords of the three roles."""

    superuser: str
    owner: str
    app: str


def passwords(file: Path, *, make: bool) -> Passwords:
    """Read the passwords; with `make`, make them when the file is missing. Broken when they are lost or damaged."""
    try:
        return Passwords(**json.loads(file.read_text()))
    except FileNotFoundError as problem:
        if not make:
            raise Broken(
                "database.password", f"{file} is missing: without it nobody can open the database"
            ) from problem
    except (ValueError, TypeError) as problem:
        raise Broken("database.password", f"{file} is damaged") from problem
    fresh = Passwords(
        superuser=secrets.token_urlsafe(32), owner=secrets.token_urlsafe(32), app=secrets.token_urlsafe(32)
    )
    temporary = file.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as target:
        json.dump(asdict(fresh), target)
        target.flush()
        os.fsync(target.fileno())
    temporary.rename(file)
    return fresh


def conninfo(*, user: str, password: str, database: str, places: Places) -> str:
    """A ``postgresql://`` URL over the Unix socket."""
    return f"postgresql://{user}:{quote(password)}@/{database}?host={quote(str(places.socket.parent), safe='')}"


def write_settings(places: Places, *, durable: bool) -> None:
    """Write postgresql.conf and pg_hba.conf into the data folder, keeping its owner."""
    text = _SETTINGS.format(
        socket=_quoted(f'"{places.socket.parent}"'),
        log_folder=_quoted(str(places.log_file.parent)),
        durable="on" if durable else "off",
        # After a crash, one call for the file system instead of one for each of thousands of files.
        sync="syncfs" if sys.platform == "linux" else "fsync",
        connections=60 if durable else 120,
    )
    for name, content in (("postgresql.conf", text), ("pg_hba.conf", _ACCESS)):
        # Opened for writing in place: initdb made both files with the right owner and mode.
        (places.data / name).write_text(content, encoding="utf-8")


def postmaster(data: Path) -> int | None:
    """The pid of the living postmaster of this data folder, or None (none, dead, or the pid is a stranger's)."""
    pid = _written_pid(data / "postmaster.pid")
    return pid if pid is not None and _is_postgres_of(pid, data) else None


def settle_stale_pid(places: Places) -> None:
    """Make pid files harmless whose number meanwhile belongs to a stranger; PostgreSQL would refuse to start.

    A killed server that nobody has reaped yet counts as a stranger. The files are not removed: the last line of one
    names the shared memory by which PostgreSQL notices that sessions of a killed server still write. Our own pid
    takes the place of the stale one: `pg_ctl` tells the new server that we are its grandparent, and a pid file with
    that number counts as stale.
    """
    for file in (places.data / "postmaster.pid", places.socket.with_name(f"{SOCKET_NAME}.lock")):
        pid = _written_pid(file)
        if pid is not None and _lives(pid) and not _is_postgres_of(pid, places.data):
            _, _, rest = file.read_text().partition("\n")
            file.write_text(f"{os.getpid()}\n{rest}")


def listening(path: Path) -> bool:
    """Whether somebody accepts connections on this Unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(10)
        try:
            probe.connect(str(path))
        except TimeoutError:
            return True
        except OSError:
            return False
    return True


def rotate_log(file: Path) -> bool:
    """Move a log of more than 10 MiB aside, keeping five old ones. True when moved; the server must then reopen it."""
    try:
        if file.stat().st_size <= _LOG_BYTES:
            return False
    except FileNotFoundError:
        return False
    for number in range(_LOG_FILES - 1, 0, -1):
        with contextlib.suppress(FileNotFoundError):
            file.with_name(f"{file.name}.{number}").rename(file.with_name(f"{file.name}.{number + 1}"))
    file.rename(file.with_name(f"{file.name}.1"))
    return True


def last_fatal(log_file: Path, *, since: int) -> str:
    """Why the last start failed: the last FATAL line that the log gained after byte `since`."""
    try:
        with log_file.open("rb") as log:
            log.seek(since)
            lines = log.read().decode(errors="replace").splitlines()
    except OSError:
        lines = []
    telling = [line for line in lines if "FATAL:" in line] or lines or ["no message; see log/postgresql.log"]
    return telling[-1].partition("FATAL:")[2].strip() or telling[-1]


def trusted_folder(path: Path, *, uid: int) -> None:
    """Refuse a socket folder in /tmp that somebody else made before us."""
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (0, os.geteuid(), uid):
        raise Broken("database.socket_folder", f"{path} belongs to somebody else; remove it")


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _written_pid(file: Path) -> int | None:
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_postgres_of(pid: int, data: Path) -> bool:
    """Whether the living process `pid` is a postmaster that works in this data folder."""
    if not _lives(pid):
        return False
    proc = Path("/proc") / str(pid)
    if not proc.exists():
        command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return "postgres" in command.stdout and str(data) in command.stdout
    try:
        # A zombie has no current folder; a postmaster works inside its data folder.
        return (proc / "cwd").samefile(data)
    except OSError:
        return False
