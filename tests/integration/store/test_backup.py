"""Backup and restore: the round trip, and what a damaged or foreign file meets."""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from engine.model.errors import Broken, Conflict, Invalid
from engine.store import backup as backups
from engine.store.embedded import Dsns


@contextmanager
def changed(source: Path, target: Path, *, name: str) -> Iterator[None]:
    """A copy of a backup in which one byte of a member is another."""
    content = bytearray(source.read_bytes())
    with tarfile.open(source) as tar:
        content[tar.getmember(name).offset_data] ^= 1
    target.write_bytes(content)
    yield
    target.unlink()


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A VAR with a file and keys."""
    for name in ("files/ab/cdef", "keys/master.key", "keys/signing.key", "keys/db.json"):
        path = tmp_path / "var" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path / "var"


def fill(dsn: str) -> None:
    """Something to lose."""
    with psycopg.connect(dsn) as connection:
        connection.execute("insert into org_unit (code, name, level, path) values ('X', '柳荫街道', 'street', '/1/')")


def names(dsn: str) -> list[str]:
    """What was filled in."""
    with psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute("select name from org_unit").fetchall()]


@pytest.mark.parametrize("with_keys", [True, False])
def test_the_round_trip_twice(database: Dsns, var: Path, tmp_path: Path, with_keys: bool) -> None:
    """Database, grants, files and (only if wished) keys come back; a backup of the restored state is as good."""
    fill(database.owner)
    source = tmp_path / "one.tar"
    manifest = backups.backup(database.owner, var, source, with_keys=with_keys)
    assert manifest.schema_revision
    assert "keys/db.json" not in manifest.members
    assert source.stat().st_mode & 0o777 == 0o600
    for number in range(2):
        empty = tmp_path / f"new{number}"
        empty.mkdir()
        (empty / "keys").mkdir()
        with psycopg.connect(database.owner) as connection:
            connection.execute("delete from org_unit")
        assert backups.verify(source) == backups.restore(database.owner, empty, source)
        assert names(database.app) == ["柳荫街道"]
        assert (empty / "files/ab/cdef").read_bytes() == b"files/ab/cdef"
        assert (empty / "keys/master.key").exists() is with_keys
        source = tmp_path / f"again{number}.tar"
        backups.backup(database.owner, empty, source, with_keys=with_keys)


def test_a_database_restored_without_keys_waits_for_them(database: Dsns, var: Path, tmp_path: Path) -> None:
    """No new master key may be made over old cases: the mark stays until the keys are put in place."""
    source = tmp_path / "one.tar"
    backups.backup(database.owner, var, source, with_keys=False)
    target = tmp_path / "new"
    (target / "keys").mkdir(parents=True)
    backups.restore(database.owner, target, source)
    with pytest.raises(Broken, match="restored without its keys"):
        backups.check_keys(target)
    (target / "keys" / "master.key").write_bytes(b"k")
    backups.check_keys(target)


@pytest.mark.parametrize("member", ["database.dump", "files/ab/cdef"])
def test_an_altered_backup_is_refused(database: Dsns, var: Path, tmp_path: Path, member: str) -> None:
    """One changed byte anywhere is found before anything is touched."""
    source = tmp_path / "one.tar"
    backups.backup(database.owner, var, source, with_keys=False)
    with changed(source, tmp_path / "bad.tar", name=member), pytest.raises(Broken, match="does not match"):
        backups.verify(tmp_path / "bad.tar")
    (tmp_path / "cut.tar").write_bytes(source.read_bytes()[:20000])
    with pytest.raises(Broken):
        backups.verify(tmp_path / "cut.tar")


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "files/../../x", "keys", "other"])
def test_a_foreign_member_is_refused(tmp_path: Path, name: str) -> None:
    """A tar that climbs out of VAR, or holds what no backup holds, is not even read on."""
    source = tmp_path / "foreign.tar"
    with tarfile.open(source, "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(Invalid, match="no backup of ours"):
        backups.verify(source)


def test_nothing_is_overwritten_by_accident(database: Dsns, var: Path, tmp_path: Path) -> None:
    """An existing backup file stays, and a VAR in use is not a place to restore into."""
    (tmp_path / "one.tar").touch()
    with pytest.raises(Conflict):
        backups.backup(database.owner, var, tmp_path / "one.tar", with_keys=False)
    with pytest.raises(Conflict):
        backups.refuse_occupied(var)
    backups.refuse_occupied(tmp_path / "nowhere")
