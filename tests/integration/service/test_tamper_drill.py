"""Twenty-four ways to cheat, as the owner of the database with all triggers off and as root in the file store.

Each is found by a round of verification against the tree heads that were handed out before, and the first bad entry is
named. The cheats recompute what they can: bodies, hashes, chains, heads of streams, the log and its tiles. What they do
not have is the signing key, and the copies of the heads that others keep.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engine.model.views import CaseRow
from engine.service import handing_out, integrity, proof_log, rounds
from engine.service.demonstration_city import sample_cases
from engine.service.rounds import Progress
from engine.store import proof
from engine.store.embedded import Dsns
from engine.trace import crypto, merkle
from tests.conftest import fresh_database
from tests.integration.office import TESTER, Office

BAD = 3
"""The entry that the drill alters."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Two finished cases whose heads were handed out, at two moments: `a` before the first, `b` between them."""

    dsns: Dsns
    var: Path
    a: CaseRow
    b: CaseRow


@pytest.fixture(scope="module")
def scene(cluster: Dsns, city: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Made once; each drill works on it, and what it does is put back."""
    name, var = city
    folder = tmp_path_factory.mktemp("drill") / "var"
    shutil.copytree(var, folder)
    for dsns in fresh_database(cluster, name):
        office = Office.open(dsns, folder)
        cases = []
        for number in (0, 1):
            case, _ = office.run(sample_cases()[number])
            cases.append(case)
            with office.work() as uow:
                assert handing_out.make_head(uow, everything=True) is not None
        office.close()
        yield Scene(dsns=dsns, var=folder, a=cases[0], b=cases[1])


@dataclass(frozen=True, kw_only=True)
class Drill:
    """What a cheat works with."""

    office: Office
    connection: psycopg.Connection
    scene: Scene
    var: Path

    def run(self, statement: str, **more: object) -> list[tuple[Any, ...]]:
        """SQL with %(a)s and %(b)s for the two cases, %(bad)s for the entry."""
        values = {"a": self.scene.a.key, "b": self.scene.b.key, "bad": BAD, **more}
        found = self.connection.execute(statement.encode(), values)
        return found.fetchall() if found.description else []

    def rewrite(self, stream: int, first: int, old: str, new: str) -> None:
        """Change a word in an entry, and recompute every hash from there to the head of the stream."""
        rows = self.run("select seq, body, hash from trace_entry where stream = %(s)s order by seq", s=stream)
        hashes = {seq: bytes(value) for seq, _, value in rows}
        assert old.encode() in bytes(rows[first - 1][1])
        previous = hashes.get(first - 1, b"")
        for seq, body, _ in rows[first - 1 :]:
            told = json.loads(bytes(body))
            told["prev"] = previous.hex()
            text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            made = (text.replace(old, new) if seq == first else text).encode()
            value = crypto.leaf_hash(made)
            self.run(
                "update trace_entry set body = %(body)s, hash = %(hash)s, previous_hash = %(previous)s"
                " where stream = %(s)s and seq = %(seq)s",
                body=made, hash=value, previous=previous, s=stream, seq=seq,
            )  # fmt: skip
            previous = value
        for head in ("update process_instance set head_hash = %(hash)s where key = %(s)s",
                     "update trace_stream set head_hash = %(hash)s where stream = %(s)s"):  # fmt: skip
            self.run(head, hash=previous, s=stream)

    def relog(self) -> None:
        """Make the log say what the trace says now, tiles too, and forget every signed head."""
        self.run(
            "update log_leaf set hash = entry.hash from trace_entry entry"
            " where entry.stream = log_leaf.stream and entry.seq = log_leaf.seq"
        )
        self.run("delete from log_leaf where not exists (select from trace_entry entry"
                 " where entry.stream = log_leaf.stream and entry.seq = log_leaf.seq)")  # fmt: skip
        self.run("delete from log_tile")
        self.run("delete from tree_head")


KEPT = (
    "trace_entry", "trace_stream", "log_leaf", "log_tile", "tree_head", "head_recipient", "verification_round",
    "integrity_alarm",
)  # fmt: skip
"""Tables that a drill may change, put back after each."""


@pytest.fixture(scope="module")
def ground(scene: Scene) -> Iterator[psycopg.Connection]:
    """The owner's connection, triggers off, with a copy of what the drills change."""
    with psycopg.connect(scene.dsns.owner, autocommit=True) as connection:
        for (table,) in connection.execute(
            "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
            " and (relname like 'trace_entry%' or relname in ('log_leaf', 'log_tile', 'tree_head'))"
        ).fetchall():
            connection.execute(f"alter table {table} disable trigger user".encode())
        connection.execute("create schema kept")
        for table in (*KEPT, "process_instance"):
            connection.execute(f"create table kept.{table} as select * from {table}".encode())
        yield connection


@pytest.fixture
def drill(scene: Scene, ground: psycopg.Connection) -> Iterator[Drill]:
    """The scene as it was made; whatever a drill does to it is put back."""
    kept = {path: path.read_bytes() for path in scene.var.rglob("*") if path.is_file()}
    office = Office.open(scene.dsns, scene.var)
    yield Drill(office=office, connection=ground, scene=scene, var=scene.var)
    office.close()
    for path, body in kept.items():
        if not path.exists() or path.read_bytes() != body:
            path.write_bytes(body)
    for path in {path for path in scene.var.rglob("*") if path.is_file()} - set(kept):
        path.unlink()
    with ground.transaction():
        for table in KEPT:
            ground.execute(f"delete from {table}; insert into {table} select * from kept.{table}".encode())
        ground.execute(
            "update process_instance set last_seq = kept.last_seq, head_hash = kept.head_hash"
            " from kept.process_instance kept where kept.key = process_instance.key"
        )


def verify(drill: Drill) -> Progress:
    """A whole round against the heads in the folder."""
    with drill.office.work() as uow:
        return rounds.run(uow, "all", None, TESTER)


Cheat = Callable[[Drill], None]


def sql(*statements: str) -> Cheat:
    def cheat(drill: Drill) -> None:
        for statement in statements:
            drill.run(statement)

    return cheat


def rewritten_chain(drill: Drill) -> None:
    drill.rewrite(drill.scene.a.key, BAD, '"channel":"api"', '"channel":"cli"')


def rewritten_chain_and_log(drill: Drill) -> None:
    rewritten_chain(drill)
    drill.relog()


def newest_removed(drill: Drill) -> None:
    """The newest entries of a case with its head, the log and the signed heads: as if they had never been."""
    (last,) = drill.run("select seq, hash from trace_entry where stream = %(b)s and seq = %(bad)s - 1")
    drill.run("delete from trace_entry where stream = %(b)s and seq >= %(bad)s")
    drill.run(
        "update process_instance set last_seq = %(seq)s, head_hash = %(hash)s where key = %(b)s",
        seq=last[0],
        hash=last[1],
    )
    drill.relog()


def case_removed(drill: Drill) -> None:
    drill.run("delete from trace_entry where stream = %(b)s")
    drill.run("update process_instance set last_seq = 0, head_hash = '' where key = %(b)s")
    drill.relog()


def cases_swapped(drill: Drill) -> None:
    """The whole chains of two cases change places, stream, links, heads and log with them."""
    for old, new in (("a", "0 - 1"), ("b", "%(a)s"), ("c", "%(b)s")):
        drill.run(f"update trace_entry set stream = {new} where stream = %({old})s", c=-1)
    for key in (drill.scene.a.key, drill.scene.b.key):
        other = drill.scene.b.key if key == drill.scene.a.key else drill.scene.a.key
        drill.rewrite(key, 1, f'"stream":"{other}"', f'"stream":"{key}"')
        for seq, _ in drill.run("select seq, at from trace_entry where stream = %(s)s and seq > 1 order by seq", s=key):
            drill.rewrite(key, seq, f'"stream":"{other}"', f'"stream":"{key}"')
        drill.run("update process_instance set last_seq = (select max(seq) from trace_entry where stream = %(s)s)"
                  " where key = %(s)s", s=key)  # fmt: skip
    drill.relog()


def forged_head(drill: Drill) -> None:
    """A head with another root in the folder, signed by nobody."""
    file = max((drill.var / "heads").rglob("*.json"))
    told = json.loads(file.read_bytes())
    told["head"] = told["head"].replace('"root":"', '"root":"00')[:-2] + "}"
    file.write_bytes(json.dumps(told).encode())


def damaged_leaves(drill: Drill) -> None:
    """A handed-out file whose entries were changed, head untouched."""
    file = min((drill.var / "heads").rglob("*.json"))
    told = json.loads(file.read_bytes())
    told["leaves"][2][2] = "00" * 32
    file.write_bytes(json.dumps(told).encode())


def _stored(drill: Drill) -> Path:
    (row,) = drill.run(
        "select stored_digest from attachment where instance_key = %(a)s order by bound_seq, key limit 1"
    )
    return drill.office.equipment.blobs.path(row[0])


def file_changed(drill: Drill) -> None:
    path = _stored(drill)
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(body)


def file_removed(drill: Drill) -> None:
    _stored(drill).unlink()


def file_swapped(drill: Drill) -> None:
    rows = drill.run("select stored_digest from attachment where instance_key = %(a)s order by bound_seq, key limit 2")
    one, two = (drill.office.equipment.blobs.path(row[0]) for row in rows)
    first, second = one.read_bytes(), two.read_bytes()
    for path, body in ((one, second), (two, first)):
        path.chmod(0o600)
        path.write_bytes(body)


A, B = "a", "b"
ENTRY = "stream = %(a)s and seq = %(bad)s"
DRILLS: dict[str, tuple[Cheat, str, int | None, str]] = {
    "change a body": (sql(f"update trace_entry set body = body || ' '::bytea where {ENTRY}"), A, BAD, "hash"),
    "change a hash": (sql(f"update trace_entry set hash = sha256('x') where {ENTRY}"), A, BAD, "hash"),
    "change a kind": (sql(f"update trace_entry set kind = 'user_task.assigned.v1' where {ENTRY}"), A, BAD, "column"),
    "change a time": (sql(f"update trace_entry set at = at + interval '1 day' where {ENTRY}"), A, BAD, "column"),
    "change a link": (sql(f"update trace_entry set previous_hash = sha256('x') where {ENTRY}"), A, BAD, "column"),
    "change an algorithm": (sql(f"update trace_entry set algorithm = 'md5' where {ENTRY}"), A, BAD, "column"),
    "delete in the middle": (sql(f"delete from trace_entry where {ENTRY}"), A, BAD, "missing"),
    "delete the end": (sql("delete from trace_entry where stream = %(a)s and seq >= %(bad)s"), A, BAD, "missing"),
    "insert a second": (
        sql(
            "insert into trace_entry select stream, seq, at + interval '1 second', kind, algorithm, body, hash,"
            f" previous_hash from trace_entry where {ENTRY}"
        ),
        A, BAD, "repeated",
    ),
    "insert beyond the head": (
        sql(
            "insert into trace_entry select stream, (select last_seq + 1 from process_instance where key = %(a)s), at,"
            f" kind, algorithm, body, hash, previous_hash from trace_entry where {ENTRY}"
        ),
        A, None, "surplus",
    ),
    "reorder": (
        sql(
            "update trace_entry set seq = case seq when %(bad)s then %(bad)s + 1 else %(bad)s end"
            " where stream = %(a)s and seq in (%(bad)s, %(bad)s + 1)"
        ),
        A, BAD, "column",
    ),
    "move the head back": (
        sql(
            "update process_instance set last_seq = %(bad)s - 1, head_hash = (select hash from trace_entry where"
            " stream = %(a)s and seq = %(bad)s - 1) where key = %(a)s"
        ),
        A, BAD, "surplus",
    ),
    "change an entry of the system stream": (
        sql("update trace_entry set body = body || ' '::bytea where stream = 0 and seq = %(bad)s"), "0", BAD, "hash",
    ),
    "rewrite a chain": (rewritten_chain, A, BAD, "chain"),
    "rewrite a chain and the log": (rewritten_chain_and_log, A, BAD, "chain"),
    "remove the newest entries of a case with its head, and the log": (newest_removed, B, BAD, "missing"),
    "remove a whole case, and the log": (case_removed, B, 1, "missing"),
    "swap two cases, and the log": (cases_swapped, A, 1, "chain"),
    "change the log alone": (
        sql(f"update log_leaf set hash = sha256('x') where {ENTRY}", "delete from tree_head"), A, BAD, "chain",
    ),
    "put a forged head into the folder": (forged_head, "0", 1, "head"),
    "change a handed-out file": (damaged_leaves, "", None, "head"),
    "change a stored file": (file_changed, A, None, "file"),
    "remove a stored file": (file_removed, A, None, "file"),
    "swap two stored files": (file_swapped, A, None, "file"),
}  # fmt: skip


def test_nothing_is_reported_of_what_is_untouched(drill: Drill) -> None:
    """The scene itself is well: all entries are in the log, and both heads agree."""
    found = verify(drill)
    assert (found.faults, found.finished) == ((), True)
    assert found.log is not None
    assert found.log.heads == 2


@pytest.mark.parametrize("name", DRILLS)
def test_every_cheat_is_found_and_named(drill: Drill, name: str) -> None:
    """The first fault of the stream names entry and kind; an alarm is raised for the audit administrator."""
    cheat, stream, seq, fault = DRILLS[name]
    cheat(drill)
    found = verify(drill).faults
    keys = {"a": str(drill.scene.a.key), "b": str(drill.scene.b.key), "0": "0"}
    named = [one for one in found if stream == "" or one["stream"] == keys[stream]]
    assert named, found
    assert named[0]["fault"] == fault
    assert seq is None or named[0]["seq"] == seq
    assert named[0]["reason"]
    with drill.office.work() as uow:
        assert integrity.open_alarms(uow) >= 1


def test_an_older_backup_is_found(cluster: Dsns, scene: Scene, city: tuple[str, Path], tmp_path: Path) -> None:
    """The database of before the two cases, with the files and heads of today: the first entry that is gone."""
    var = tmp_path / "var"
    shutil.copytree(scene.var, var)
    for dsns in fresh_database(cluster, city[0]):
        office = Office.open(dsns, var)
        with office.work() as uow:
            found = rounds.run(uow, "all", None, TESTER)
        office.close()
        assert [one["fault"] for one in found.faults] == ["missing"]
        assert found.log is not None
        assert found.log.fault is not None
        assert found.log.fault.stream != 0 or found.log.fault.seq > 1


def test_only_what_is_new_is_read_and_a_round_goes_on(drill: Drill) -> None:
    """After a whole round the next reads the new entries only; one that was interrupted goes on where it stood."""
    whole = verify(drill)
    with drill.office.work() as uow:
        new = rounds.run(uow, "new", None, TESTER)
        assert 0 < new.entries < 5 < whole.entries
        interrupted = rounds.run(uow, "all", None, TESTER, limit_s=0)
        assert not interrupted.finished
        again = rounds.run(uow, "all", None, TESTER, resume=True)
    assert (again.key, again.finished) == (interrupted.key, True)
    assert again.entries >= whole.entries


def test_a_fold_of_tiles_is_the_tree(drill: Drill) -> None:
    """Whatever the tiles hold, the root that is signed is the one over all leaves."""
    with drill.office.work() as uow:
        head = handing_out.make_head(uow, everything=True) or proof_log.heads(uow, newest_first=True)[0]
        leaves = [leaf[2] for leaf in proof.leaves(uow, 0, head.size)]
    assert merkle.root(leaves) == head.root
