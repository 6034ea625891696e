"""Personal data rests encrypted: a resident's name and number are in no column and in no stored file."""

import psycopg
from psycopg import sql

from engine.model.commands import DraftInput
from engine.service import drafts
from engine.service.demonstration_city import sample_cases
from tests.integration.office import Office


def test_nothing_personal_can_be_read_from_the_database_or_the_files(office: Office) -> None:
    """The applicant's name, ID number and file names appear nowhere in plain after a whole case and a draft."""
    sample = sample_cases()[0]
    case, _ = office.run(sample)
    open_case = office.start("lin")
    receipt = office.task("lin", open_case, "Receipt")
    with office.work() as uow:
        drafts.save(uow, office.actor("lin"), receipt.key, DraftInput(data=sample.steps[0].variables))
    person = sample.household.members[0]
    needles = [person.name.encode(), person.id_number.encode(), b"application.pdf"]
    haystack = _everything(office) + [
        path.read_bytes() for path in office.equipment.blobs.root.rglob("*") if path.is_file()
    ]
    assert len(haystack) > 20
    for needle in needles:
        assert not any(needle in hay for hay in haystack), needle
    assert any(case.number.encode() in hay for hay in haystack)


def _everything(office: Office) -> list[bytes]:
    """Every row of every table as bytes: text as it is, binary columns as their bytes."""
    found = []
    with psycopg.connect(office.dsns.owner) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        for (table,) in tables:
            for row in connection.execute(sql.SQL("select * from {}").format(sql.Identifier(table))):
                found.append(b"\x00".join(v if isinstance(v, bytes) else str(v).encode() for v in row))
    return found
