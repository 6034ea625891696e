"""Fixtures for every test: one embedded PostgreSQL for all workers and runs of this checkout, a fresh database each.

The cluster lives in a folder of its own in /tmp and is shared through its locks, so that parallel workers, and
people who test in the same checkout at the same time, use one server. It runs without fsync (``durable=False``):
what it holds may be lost in a power cut, and nobody would miss it.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from engine.store.embedded import Dsns, embedded

ROOT = Path(__file__).resolve().parent.parent
_numbers = itertools.count(1)

# `make test` plays the same examples on every machine, so that red means: this change. `make fuzz` looks for new ones.
settings.register_profile("steady", derandomize=True, database=None)
settings.register_profile("fuzz", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Dsns]:
    """DSNs of the shared test server's own database; tests take `database` instead."""
    with embedded(_var(), durable=False, environ={}) as dsns:
        with (_var() / "lock" / "template").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _drop_leftovers(dsns)
        yield dsns


@pytest.fixture(scope="session")
def template(cluster: Dsns) -> str:
    """The name of a migrated, empty database; made once per state of the migrations."""
    name = f"template_{_digest_of_migrations()}"
    with (_var() / "lock" / "template").open("a") as lock, _administration(cluster) as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            from engine.store import migrate

            making = f"{name}_new"
            _drop(connection, making)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
            migrate.upgrade(dsns_of(cluster, making).owner)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(making), sql.Identifier(name)))
    return name


@pytest.fixture
def database(cluster: Dsns, template: str) -> Iterator[Dsns]:
    """A fresh migrated database for one test, free to commit and to use threads; dropped afterwards."""
    yield from fresh_database(cluster, template)


@pytest.fixture(scope="module")
def module_database(cluster: Dsns, template: str) -> Iterator[Dsns]:
    """Like `database`, shared by the tests of one module."""
    yield from fresh_database(cluster, template)


@pytest.fixture
def empty_database(cluster: Dsns) -> Iterator[Dsns]:
    """A database without any table, for tests of migrations."""
    yield from fresh_database(cluster, "template1")


@pytest.fixture
def short_var() -> Iterator[Path]:
    """A VAR folder with a short path that every OS account may pass; removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="mj-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder / "var"
    shutil.rmtree(folder, ignore_errors=True)


def dsns_of(cluster: Dsns, name: str) -> Dsns:
    """The same server and roles, another database."""
    return Dsns(
        owner=cluster.owner.replace("/mingjing?", f"/{name}?"), app=cluster.app.replace("/mingjing?", f"/{name}?")
    )


def _var() -> Path:
    name = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
    return Path("/tmp") / f"mingjing-tests-{os.geteuid()}-{name}"


def fresh_database(cluster: Dsns, template: str) -> Iterator[Dsns]:
    """A copy of a database for one test; dropped afterwards. Nobody may be connected to `template`."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with _administration(cluster) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    yield dsns_of(cluster, name)
    with _administration(cluster) as connection:
        _drop(connection, name)


def _administration(cluster: Dsns) -> psycopg.Connection:
    return psycopg.connect(cluster.owner, autocommit=True)


def _drop(connection: psycopg.Connection, name: str) -> None:
    """Only a superuser may end an autovacuum worker that happens to be in there; it soon leaves by itself."""
    dropping = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for last in range(100, -1, -1):
        try:
            connection.execute(dropping)
        except psycopg.errors.InsufficientPrivilege:
            if not last:
                raise
            time.sleep(0.1)
        else:
            return


def _drop_leftovers(cluster: Dsns) -> None:
    """Drop what killed test runs left behind, and templates of migrations that are no more."""
    with _administration(cluster) as connection:
        present = f"template_{_digest_of_migrations()}"
        for (name,) in connection.execute("select datname from pg_database").fetchall():
            killed = name.startswith("test_") and not Path(f"/proc/{name.split('_')[1]}").exists()
            if killed or (name.startswith("template_") and not name.startswith(present)):
                _drop(connection, name)


def _digest_of_migrations() -> str:
    digest = hashlib.sha256()
    store = ROOT / "engine" / "store"
    for path in sorted([*store.glob("migrations/**/*.py"), *store.glob("migrations/**/*.sql"), store / "migrate.py"]):
        digest.update(str(path.relative_to(store)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
