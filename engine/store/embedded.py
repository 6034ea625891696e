"""The embedded PostgreSQL of a VAR folder, shared safely by server, worker, command line and tests.

::

    VAR/pg/               the data folder (its settings are written anew at each start; `operator.conf` is yours)
    VAR/keys/db.json      passwords of the roles (0600)
    VAR/lock/pg.mutex     held while somebody starts or stops the server
    VAR/lock/pg.users     held shared by every user for as long as they use it
    VAR/run/              the Unix socket; in /tmp when the path is too long for a socket
    VAR/log/postgresql.log

The locks are `flock` locks: the kernel drops those of a process that is killed, so the reference count cannot be
wrong. The last user to leave stops the server. When the last user is killed instead, the server runs on, and the
next user finds it and stops it in turn.

Three roles: ``mingjing_owner`` owns the database and migrates; ``mingjing_app`` serves; ``postgres`` is the superuser
that makes the two, used by nothing else. Authentication is SCRAM, also over the socket; no TCP port is opened.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from engine.model.errors import Broken, Conflict, Unavailable
from engine.store import postgres_programs as programs
from engine.store.postgres_files import (
    Passwords,
    Places,
    conninfo,
    last_fatal,
    listening,
    passwords,
    postmaster,
    rotate_log,
    settle_stale_pid,
    trusted_folder,
    write_settings,
)

DATABASE = "mingjing"
OWNER = "mingjing_owner"
APP = "mingjing_app"

_SAY_EVERY_SECONDS = 5.0
_STOP_SECONDS = 600
_SHARED_MEMORY_BUSY = "shared memory block"
_NOT_YET = ("starting up", "not yet accepting", "recovery", "shutting down", "timeout")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dsns:
    """``postgresql://`` URLs: `owner` migrates, `app` serves."""

    owner: str
    app: str


@contextmanager
def embedded(
    var: Path,
    *,
    durable: bool = True,
    alone: bool = False,
    say: Say = lambda _line: None,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[Dsns]:
    """Use the database of `var` for the length of a ``with`` block.

    With DATABASE_URL set (and DATABASE_OWNER_URL for migrations), that server is used and nothing is started.
    durable: False turns fsync off, for clusters that only tests use: a power cut may then destroy them.
    alone: refuse with Conflict when somebody else uses it, and let newcomers wait until we leave (embedded only).
    say: called with a line of progress where waiting is long. Raises Unavailable when the server does not come up.
    """
    configured = configured_dsns(environ)
    if configured is not None:
        yield configured
        return
    cluster = Cluster(var, durable=durable, alone=alone, say=say)
    try:
        yield cluster.dsns
    finally:
        cluster.close()


def configured_dsns(environ: Mapping[str, str] = os.environ) -> Dsns | None:
    """The server named by the environment, or None when the embedded one is to be used."""
    url = environ.get("DATABASE_URL", "")
    return Dsns(owner=environ.get("DATABASE_OWNER_URL") or url, app=url) if url else None


class Cluster:
    """One user's hold on the embedded PostgreSQL: started (or joined) on creation, given up by `close`."""

    def __init__(self, var: Path, *, durable: bool = True, alone: bool = False, say: Say = lambda _line: None) -> None:
        self._say = say
        self._durable = durable
        self._places = Places.of(var)
        self._prepare_folders()
        self._account = programs.account(self._places.var)
        self._passwords = self._give_folders()
        self._users = self._places.users.open("a")
        try:
            with self._mutex():
                self._take_share(alone=alone)
                self._ready()
        except BaseException:
            self._users.close()
            raise

    def _take_share(self, *, alone: bool) -> None:
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        except BlockingIOError as problem:
            raise Conflict(
                "database.in_use", "somebody else uses the database; stop `mingjing serve` first"
            ) from problem

    @property
    def dsns(self) -> Dsns:
        """Where to connect; stable for the life of the cluster, restarts included."""
        return Dsns(owner=self._dsn(OWNER, self._passwords.owner), app=self._dsn(APP, self._passwords.app))

    @property
    def alive(self) -> bool:
        """Whether the postmaster lives. Cheap: asks the kernel, opens no connection."""
        return postmaster(self._places.data) is not None

    def ensure_running(self) -> bool:
        """Start the server again if it died. True when it had to be started. Waits for crash recovery."""
        with self._mutex():
            if self.alive and listening(self._places.socket):
                return False
            self._ready()
            return True

    def rotate_log(self) -> None:
        """Begin a new log file when the present one is large."""
        if rotate_log(self._places.log_file):
            self._pg_ctl("logrotate")

    def close(self) -> None:
        """Leave; the last user stops the server (fast: sessions of strangers are cut, nothing committed is lost)."""
        if self._users.closed:
            return
        with self._mutex():
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                if self.alive:
                    self._stop()
            finally:
                self._users.close()

    @contextmanager
    def _mutex(self) -> Iterator[IO[str]]:
        with self._places.mutex.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _prepare_folders(self) -> None:
        places = self._places
        if not places.var.exists():
            places.var.mkdir(parents=True, exist_ok=True)
            places.var.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for path in (places.keys, places.mutex.parent):
            path.mkdir(mode=0o700, exist_ok=True)

    def _give_folders(self) -> Passwords:
        programs.own(self._places.log_file.parent, self._account, mode=0o750)
        sockets = self._places.socket.parent
        sockets.mkdir(mode=0o700, exist_ok=True)
        trusted_folder(sockets, uid=self._account.uid)
        programs.own(sockets, self._account, mode=0o700)
        with self._mutex():
            fresh = not (self._places.data / "PG_VERSION").exists()
            return passwords(self._places.keys / "db.json", make=fresh)

    def _ready(self) -> None:
        """The server answers and has both roles and the database. Called under the mutex."""
        for _ in range(3):
            if not (self.alive and listening(self._places.socket)):
                self._start()
            try:
                self._provide_roles()
            except psycopg.OperationalError as problem:
                if self.alive:
                    raise Unavailable(
                        "database.unreachable", f"PostgreSQL does not answer: {_line(problem)}"
                    ) from problem
            else:
                return
        raise Unavailable("database.not_started", "PostgreSQL died again and again; see log/postgresql.log")

    def _start(self) -> None:
        data = self._places.data
        self._initialise()
        version = (data / "PG_VERSION").read_text().strip()
        if version != programs.MAJOR_VERSION:
            raise Unavailable(
                "database.version",
                f"the data folder is of PostgreSQL {version}, the program of {programs.MAJOR_VERSION}: "
                "back up with the old version, restore with the new one",
            )
        if postmaster(data) is not None:
            # It lives but cannot be reached, for example because the folder was moved while it ran.
            self._stop()
        write_settings(self._places, durable=self._durable)
        rotate_log(self._places.log_file)
        began = time.monotonic()
        while True:
            settle_stale_pid(self._places)
            mark = self._places.log_file.stat().st_size if self._places.log_file.exists() else 0
            if self._pg_ctl("start", "-w", "-t", "31536000", "-l", str(self._places.log_file)) == 0:
                return
            reason = last_fatal(self._places.log_file, since=mark)
            if _SHARED_MEMORY_BUSY not in reason or time.monotonic() - began > _STOP_SECONDS:
                raise Unavailable("database.not_started", f"PostgreSQL did not start: {reason}")
            # Sessions of a killed postmaster finish their last statement before they notice.
            time.sleep(0.1)

    def _stop(self) -> None:
        if self._pg_ctl("stop", "-w", "-m", "fast", "-t", str(_STOP_SECONDS)) != 0 and self.alive:
            raise Unavailable("database.not_stopped", "PostgreSQL did not stop; see log/postgresql.log")

    def _initialise(self) -> None:
        """Make the data folder, all or nothing: a first start that was killed leaves only a folder to be removed."""
        data = self._places.data
        if (data / "PG_VERSION").exists():
            return
        self._say("Making the database (once) …")
        fresh = data.with_name("pg.new")
        shutil.rmtree(fresh, ignore_errors=True)
        programs.own(fresh, self._account, mode=0o700)
        secret = self._places.socket.parent / "initdb.password"
        secret.touch(mode=0o600)
        secret.write_text(self._passwords.superuser)
        if self._account.switch:
            os.chown(secret, self._account.uid, self._account.gid)
        options = ("-U", "postgres", "-A", "scram-sha-256", "--pwfile", str(secret), "-E", "UTF8", "--no-instructions")
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        try:
            process = programs.start(
                "initdb", [*options, *locale, "-D", str(fresh)], by=self._account, keep_errors=True
            )
            _, errors = process.communicate()
        finally:
            secret.unlink()
        if process.returncode:
            lines = errors.decode(errors="replace").strip().splitlines() or ["no message"]
            raise Unavailable("database.not_made", f"initdb failed: {lines[-1]}")
        fresh.rename(data)

    def _pg_ctl(self, verb: str, *options: str) -> int:
        process = programs.start("pg_ctl", [verb, "-D", str(self._places.data), *options], by=self._account)
        began = said = time.monotonic()
        while process.poll() is None:
            time.sleep(0.02)
            if time.monotonic() - said > _SAY_EVERY_SECONDS:
                said = time.monotonic()
                self._say(f"Waiting for PostgreSQL to {verb} ({said - began:.0f} s) …")
        return process.returncode

    @contextmanager
    def _superuser(self) -> Iterator[psycopg.Connection]:
        """A superuser session; waits while the server is still coming up."""
        dsn = conninfo(user="postgres", password=self._passwords.superuser, database="postgres", places=self._places)
        while True:
            try:
                connection = psycopg.connect(dsn, autocommit=True, connect_timeout=10)
                break
            except psycopg.OperationalError as problem:
                text = str(problem)
                if "password authentication failed" in text:
                    raise Broken("database.password", "keys/db.json does not belong to this database") from problem
                if not self.alive or not any(words in text for words in _NOT_YET):
                    raise
            time.sleep(0.1)
        with connection:
            yield connection

    def _provide_roles(self) -> None:
        """Make the two roles and the database where they are missing. Safe to repeat after a kill at any point."""
        with self._superuser() as connection:
            known = {row[0] for row in connection.execute("select rolname from pg_roles").fetchall()}
            for role, password, right in (
                (OWNER, self._passwords.owner, "CREATEDB"),
                (APP, self._passwords.app, "NOCREATEDB"),
            ):
                if role not in known:
                    create = sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}")
                    connection.execute(create.format(sql.Identifier(role), sql.SQL(right), sql.Literal(password)))
            _provide_database(connection)

    def _dsn(self, role: str, password: str) -> str:
        return conninfo(user=role, password=password, database=DATABASE, places=self._places)


def _provide_database(connection: psycopg.Connection) -> None:
    found = connection.execute("select datacl is null from pg_database where datname = %s", (DATABASE,)).fetchone()
    if found is None:
        create = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
    if found is None or found[0]:
        both = sql.SQL("REVOKE ALL ON DATABASE {0} FROM PUBLIC; GRANT CONNECT ON DATABASE {0} TO {1}")
        connection.execute(both.format(sql.Identifier(DATABASE), sql.Identifier(APP)))


def _line(problem: Exception) -> str:
    return " ".join(str(problem).split())
