"""The embedded PostgreSQL under everything that happens to a server: two users, kills, stale files, moved folders."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from engine.model.errors import Broken
from engine.store.embedded import Cluster, embedded
from engine.store.postgres_files import SOCKET_NAME, Places, listening, postmaster

USER = """
import sys
from pathlib import Path
from engine.store.embedded import embedded
with embedded(Path(sys.argv[1]), environ={}) as dsns:
    print("up", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def other_user(var: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the database until its stdin closes or it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(var)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "up\n"
            yield process
        finally:
            process.kill()


def pid_of(var: Path) -> int:
    """The postmaster's pid; fails when none lives."""
    pid = postmaster(Places.of(var).data)
    assert pid is not None
    return pid


def soon(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def var(short_var: Path) -> Iterator[Path]:
    """A VAR whose server is killed at the end, whatever the test left."""
    yield short_var
    leftover = postmaster(Places.of(short_var).data)
    if leftover is not None:
        os.kill(leftover, signal.SIGKILL)
        soon(lambda: postmaster(Places.of(short_var).data) is None)


def test_the_last_user_stops_the_server(var: Path) -> None:
    """While anybody uses it the server stays the same; when the last one leaves it stops."""
    with other_user(var) as other:
        pid = pid_of(var)
        with embedded(var, environ={}) as dsns, psycopg.connect(dsns.app) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert pid_of(var) == pid
        assert other.communicate("leave\n")[0] == ""
    assert postmaster(Places.of(var).data) is None


def test_a_killed_user_does_not_count(var: Path) -> None:
    """The kernel gives up the share of a user killed with -9, and the last living one still stops the server."""
    with embedded(var, environ={}):
        with other_user(var) as other:
            other.kill()
            other.wait()
        pid_of(var)
    assert postmaster(Places.of(var).data) is None


def test_a_server_without_users_is_found_again(var: Path) -> None:
    """When the only user is killed the server runs on; the next user joins it and stops it."""
    with other_user(var) as other:
        pid = pid_of(var)
        other.kill()
        other.wait()
    with embedded(var, environ={}):
        assert pid_of(var) == pid
    assert postmaster(Places.of(var).data) is None


def test_a_killed_postmaster_is_restarted_with_everything_committed(var: Path) -> None:
    """kill -9 of PostgreSQL under living users: one of them starts it again and nothing committed is lost."""
    cluster = Cluster(var)
    try:
        with psycopg.connect(cluster.dsns.owner) as connection:
            connection.execute("create table kept as select generate_series(1, 1000) as n")
        os.kill(pid_of(var), signal.SIGKILL)
        soon(lambda: not cluster.alive)
        assert cluster.ensure_running()
        assert not cluster.ensure_running()
        with psycopg.connect(cluster.dsns.owner) as connection:
            assert connection.execute("select count(*) from kept").fetchone() == (1000,)
    finally:
        cluster.close()


def test_a_stale_pid_of_a_stranger_hurts_neither(var: Path) -> None:
    """A pid file whose number now belongs to another process: the server starts, the stranger lives."""
    with embedded(var, environ={}):
        victim = pid_of(var)
        written = (var / "pg" / "postmaster.pid").read_text()
        os.kill(victim, signal.SIGKILL)
        soon(lambda: postmaster(Places.of(var).data) is None)
    lock = Places.of(var).socket.with_name(f"{SOCKET_NAME}.lock")
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (var / "pg" / "postmaster.pid").write_text(written.replace(str(victim), str(stranger.pid), 1))
        lock.write_text(lock.read_text().replace(str(victim), str(stranger.pid), 1))
        with embedded(var, environ={}) as dsns, psycopg.connect(dsns.app) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
            assert stranger.poll() is None
        stranger.kill()


def test_a_path_too_long_for_a_socket(var: Path) -> None:
    """A deep VAR has its socket in /tmp, and works."""
    deep = var / ("d" * 60) / ("e" * 60)
    with embedded(deep, environ={}) as dsns, psycopg.connect(dsns.app) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        assert Places.of(deep).socket.parent.parent == Path("/tmp")
    Places.of(deep).socket.parent.rmdir()


def test_a_folder_moved_under_a_running_server(var: Path) -> None:
    """Moving VAR while its server runs (its socket elsewhere) restarts it, never two servers on one folder."""
    deep = var / ("d" * 90)
    with other_user(deep) as other:
        pid = pid_of(deep)
        other.kill()
    moved = var / ("m" * 90)
    deep.rename(moved)
    with embedded(moved, environ={}) as dsns, psycopg.connect(dsns.app) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        assert pid_of(moved) != pid
    for place in (deep, moved):
        Places.of(place).socket.parent.rmdir()


def test_nobody_enters_without_a_password(var: Path) -> None:
    """SCRAM also over the socket, no TCP port, passwords readable by nobody else, restarts keep them."""
    with embedded(var, environ={}) as dsns:
        bare = f"postgresql://mingjing_owner:wrong@/mingjing?host={Places.of(var).socket.parent}"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(bare)
        with psycopg.connect(dsns.owner) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
            assert connection.execute("show fsync").fetchone() == ("on",)
            assert connection.execute("show timezone").fetchone() == ("UTC",)
            assert connection.execute("select rolsuper from pg_roles where rolname = user").fetchone() == (False,)
    assert (var / "keys" / "db.json").stat().st_mode & 0o777 == 0o600
    (var / "keys" / "db.json").unlink()
    with pytest.raises(Broken, match=r"db\.json is missing"), embedded(var, environ={}):
        pass


def test_a_first_start_that_was_killed_is_repeated(var: Path) -> None:
    """A half-made data folder is thrown away; a cluster without its roles gets them."""
    (var / "pg.new" / "base").mkdir(parents=True)
    cluster = Cluster(var)
    try:
        assert listening(Places.of(var).socket)
        assert not (var / "pg.new").exists()
    finally:
        cluster.close()


def test_a_configured_server_is_used_as_it_is(short_var: Path) -> None:
    """With DATABASE_URL nothing is started and no folder is made."""
    environ = {"DATABASE_URL": "postgresql://app@db/x", "DATABASE_OWNER_URL": "postgresql://owner@db/x"}
    with embedded(short_var, environ=environ) as dsns:
        assert (dsns.app, dsns.owner) == ("postgresql://app@db/x", "postgresql://owner@db/x")
    assert not short_var.exists()
