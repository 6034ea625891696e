"""The owner of the database alters the trace, or a file on disk: verification names the first bad entry."""

import psycopg
import pytest

from engine.service import verification
from engine.service.demonstration_city import sample_cases
from engine.store import drafts as stored
from tests.integration.office import TESTER, Office

SEALED = 3
"""The entry that the drill alters."""


def cheat(office: Office, statement: str, key: int) -> None:
    """Run SQL as the owner with all triggers off."""
    with psycopg.connect(office.dsns.owner) as connection:
        connection.execute("alter table trace_entry disable trigger all")
        for partition in connection.execute(
            "select inhrelid::regclass::text from pg_inherits where inhparent = 'trace_entry'::regclass"
        ).fetchall():
            connection.execute(f"alter table {partition[0]} disable trigger all".encode())
        connection.execute(statement.encode(), {"key": key, "seq": SEALED})


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("update trace_entry set body = body || ' '::bytea where stream = %(key)s and seq = %(seq)s", SEALED),
        ("update trace_entry set kind = 'user_task.assigned.v1' where stream = %(key)s and seq = %(seq)s", SEALED),
        ("update trace_entry set at = at + interval '1 day' where stream = %(key)s and seq = %(seq)s", SEALED),
        ("delete from trace_entry where stream = %(key)s and seq = %(seq)s", SEALED),
        ("delete from trace_entry where stream = %(key)s and seq > %(seq)s", SEALED + 1),
        (
            (
                "insert into trace_entry select stream, seq, at + interval '1 second', kind, algorithm, body, hash,"
                " previous_hash from trace_entry where stream = %(key)s and seq = %(seq)s"
            ),
            SEALED,
        ),
        (
            (
                "update trace_entry set seq = case seq when %(seq)s then %(seq)s + 1 else %(seq)s end"
                " where stream = %(key)s and seq in (%(seq)s, %(seq)s + 1)"
            ),
            SEALED,
        ),
    ],
    ids=["update body", "update kind", "update time", "delete", "delete the end", "insert", "reorder"],
)
def test_an_altered_entry_is_named(office: Office, statement: str, bad: int) -> None:
    """UPDATE, DELETE, INSERT and reordering in SQL are found, at the right entry."""
    case, _ = office.run(sample_cases()[0])
    cheat(office, statement, case.key)
    with office.work() as uow:
        report = verification.verify(uow, office.actor("gao"), TESTER, case.key)
    assert not report.ok
    assert report.first_bad_seq == bad
    assert report.reason


def test_a_changed_file_is_named(office: Office) -> None:
    """One byte of a stored attachment changes: verification names the entry that it travelled with."""
    case, _ = office.run(sample_cases()[0])
    with office.work() as uow:
        record = min(stored.case_files(uow, case.key).values(), key=lambda found: found.key)
    path = office.equipment.blobs.path(record.stored_digest)
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(body)
    with office.work() as uow:
        report = verification.verify(uow, office.actor("gao"), TESTER, case.key)
    assert not report.ok
    assert report.first_bad_seq == record.bound_seq
