"""Back up everything into one file, and bring it back.

A backup is a tar file: ``database.dump`` (`pg_dump`, custom format: one consistent snapshot), ``files/…``, with keys
``keys/…`` (never ``db.json``, whose passwords belong to one server), and last ``manifest.json`` with the SHA-256 of
every member. Files are written before the transaction that names them commits and are never changed, so a dump taken
first finds all its files, also while people work.

Without its master key nobody can read the personal data in a backup. Keep keys and backups apart.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict

from engine import __version__
from engine.model.errors import Broken, Conflict, Invalid
from engine.store import postgres_programs as programs

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
_CHUNK_BYTES = 1024 * 1024
_FOLDERS = ("files", "keys")
_NOT_KEPT = "db.json"
_KEYS_MISSING = "KEYS_MISSING"
_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds. `members`: SHA-256 by member name. `created_at`: ISO 8601, UTC."""

    format: int
    program: str
    schema_revision: str
    created_at: str
    with_keys: bool
    members: Mapping[str, str] = field(default_factory=dict)


def backup(owner_dsn: str, var: Path, target: Path, *, with_keys: bool) -> Manifest:
    """Write a backup of the database and of the folders of `var` to `target`, which must not exist.

    The file appears under its name only when it is complete, readable by its owner only.
    """
    if target.exists():
        raise Conflict("backup.exists", f"{target} exists; choose another name")
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    members: dict[str, str] = {}
    folders = _FOLDERS if with_keys else ("files",)
    try:
        with partial.open("wb") as sink, tarfile.open(fileobj=sink, mode="w") as tar:
            revision = _revision(owner_dsn)
            with TemporaryDirectory(prefix="mingjing-backup-", dir=target.absolute().parent) as place:
                dump = Path(place) / DUMP
                options = ["--format=custom", "--no-owner", f"--file={dump}"]
                programs.call("pg_dump", options, extra=_environment(owner_dsn))
                members[DUMP] = _add(tar, DUMP, dump)
            for name, path in _content(var, folders):
                members[name] = _add(tar, name, path)
            manifest = Manifest(
                format=FORMAT,
                program=__version__,
                schema_revision=revision,
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                with_keys=with_keys,
                members=members,
            )
            _add_bytes(tar, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def verify(source: Path) -> Manifest:
    """Read the whole backup and compare every member with the manifest. Raises Invalid or Broken; changes nothing."""
    found: dict[str, str] = {}
    manifest = None
    with _readable(source):
        for name, stream in _members(source):
            if name == MANIFEST:
                manifest = _manifest(stream.read())
            else:
                found[name] = _digest(stream)
    if manifest is None:
        raise Broken("backup.incomplete", f"{source} has no manifest: it is cut off or not a backup")
    wrong = sorted(
        name for name in found.keys() | manifest.members.keys() if found.get(name) != manifest.members.get(name)
    )
    if wrong:
        raise Broken("backup.altered", f"{source} is damaged or altered: {wrong[0]} does not match the manifest")
    if DUMP not in found:
        raise Broken("backup.incomplete", f"{source} holds no database")
    return manifest


def refuse_occupied(var: Path) -> None:
    """Raise Conflict when `var` already holds something."""
    if var.exists() and any(var.iterdir()):
        raise Conflict(
            "restore.occupied", f"{var} is not empty; restore into an empty folder, or use --force to replace it"
        )


def restore(owner_dsn: str, var: Path, source: Path) -> Manifest:
    """Replace the database's content by that of a verified backup, and add its files and keys to `var`.

    Call `verify` first. Nobody else may use the database meanwhile. Without keys in the backup or in `var`, a mark is
    left that keeps the program from making new ones, with which no old case could be read.
    """
    with _readable(source), TemporaryDirectory(prefix="mingjing-restore-", dir=var) as place:
        dump = Path(place) / DUMP
        manifest = None
        for name, stream in _members(source):
            if name == MANIFEST:
                manifest = _manifest(stream.read())
            else:
                _write(dump if name == DUMP else var / name, stream)
        if manifest is None:
            raise Broken("backup.incomplete", f"{source} has no manifest")
        _empty(owner_dsn)
        options = ["--no-owner", "--exit-on-error", "--single-transaction"]
        database = str(conninfo_to_dict(owner_dsn)["dbname"])
        programs.call("pg_restore", [*options, f"--dbname={database}", str(dump)], extra=_environment(owner_dsn))
    if not (var / "keys" / "master.key").exists():
        (var / "keys" / _KEYS_MISSING).touch()
    return manifest


def check_keys(var: Path) -> None:
    """Raise Broken while a restored database waits for its keys; forget the mark once they are there."""
    mark = var / "keys" / _KEYS_MISSING
    if not mark.exists():
        return
    if not (var / "keys" / "master.key").exists():
        raise Broken(
            "keys.missing",
            f"this database was restored without its keys; put master.key and signing.key into {var / 'keys'} first",
        )
    mark.unlink()


def _revision(dsn: str) -> str:
    with psycopg.connect(dsn) as connection:
        try:
            row = connection.execute("select version_num from alembic_version").fetchone()
        except psycopg.errors.UndefinedTable:
            return ""
    return str(row[0]) if row else ""


def _empty(dsn: str) -> None:
    """Drop everything in the public schema, leaving it as a new database has it."""
    with psycopg.connect(dsn, options="-c lock_timeout=5s") as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
        connection.execute("alter schema public owner to pg_database_owner")
        connection.execute("grant usage on schema public to public")


def _environment(dsn: str) -> dict[str, str]:
    """libpq's environment for a DSN, so that no password appears in a process list."""
    return {_VARIABLES[key]: str(value) for key, value in conninfo_to_dict(dsn).items() if key in _VARIABLES}


def _content(var: Path, folders: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in sorted((var / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith(".") and path.name != _NOT_KEPT:
                yield path.relative_to(var).as_posix(), path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as stream:
        digest = _digest(stream)
        stream.seek(0)
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = path.stat().st_size, 0o600, int(path.stat().st_mtime)
        tar.addfile(info, stream)
    return digest


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def _members(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The members of a backup, streamed. Invalid for anything that a backup never holds (links, paths that climb)."""
    with tarfile.open(source, mode="r:") as tar:
        for info in tar:
            stream = tar.extractfile(info) if info.isreg() else None
            if stream is None or not _is_ours(info.name):
                raise Invalid("backup.foreign", f"{source} holds {info.name!r}, which no backup of ours holds")
            yield info.name, stream


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    try:
        yield
    except tarfile.TarError as problem:
        raise Broken("backup.unreadable", f"{source} cannot be read as a backup: {problem}") from problem


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    if name in (DUMP, MANIFEST):
        return True
    return str(path) == name and path.parts[0] in _FOLDERS and len(path.parts) > 1 and ".." not in path.parts


def _manifest(raw: bytes) -> Manifest:
    try:
        manifest = Manifest(**json.loads(raw))
    except (ValueError, TypeError) as problem:
        raise Broken("backup.manifest", "the manifest of the backup is damaged") from problem
    if manifest.format != FORMAT:
        raise Invalid("backup.format", f"the backup has format {manifest.format}; this program reads {FORMAT}")
    return manifest


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _write(target: Path, stream: IO[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(f".{target.name}.restoring")
    with partial.open("wb") as sink:
        while chunk := stream.read(_CHUNK_BYTES):
            sink.write(chunk)
    partial.chmod(0o600)
    partial.replace(target)
