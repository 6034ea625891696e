"""Report-only supervision betrays nothing. Two equal cities; in one an applicant is a cadre's undeclared cousin.

The same people do the same in both; then everything that any role of the unit can be shown, every row that a database
administrator can count, and every statement that ran is compared. Only the discipline desk differs.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.model.errors import NotAllowed, NotFound, Refused
from engine.model.views import CaseRow
from engine.service import (
    alert_board,
    alerts,
    datasets,
    demonstration_supervision,
    deployment,
    discipline,
    instances,
    replay,
    system_trace,
    worklist,
)
from engine.service.demonstration_city import SampleStep, _receipt, build_city
from engine.service.equipment import Work
from engine.store.embedded import Dsns
from tests.conftest import fresh_database
from tests.integration.office import TESTER, Office
from tests.integration.service.test_statements import counted

CITY = build_city()
HOME = demonstration_supervision.cousin(CITY)
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
UNIT = ("lin", "wang", "zhao", "sun", "zhou", "wu", "chen", "he", "yan", "ren", "du", "sysadmin", "secadmin", "auditor")
"""Everybody of the units and their administrators."""

SEAL = re.compile(r"\b[0-9a-f]{64}\b|[0-9a-f]{12}\b")


@pytest.fixture
def pair(cluster: Dsns, city: tuple[str, Path], tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    """Two equal cities on one day: in the first the filed relative is the applicant, in the second somebody else."""
    name, var = city
    opened = []
    for number, databases in enumerate([fresh_database(cluster, name), fresh_database(cluster, name)]):
        folder = tmp_path / str(number) / "var"
        shutil.copytree(var, folder)
        office = Office.open(next(databases), folder)
        office.equipment = replace(office.equipment, clock=lambda: NOW)
        opened.append((office, databases))
    first, second = opened[0][0], opened[1][0]
    for office, relative in ((first, HOME.members[0].id_number), (second, "31010119900101123X")):
        with office.work() as uow:
            refile(uow, relative)
    yield first, second
    for office, databases in opened:
        office.close()
        next(databases, None)


def refile(uow: Work, relative: str) -> None:
    """File one relative of the cadre, in place of all others."""
    row = {**demonstration_supervision._kin(CITY)[0], "relative_id_no": relative}
    datasets.load(uow, "kin", name="备案", owner="民政", version="v", as_of=NOW, keys=("relative_id_no",), rows=[row])


def receive(office: Office) -> CaseRow:
    """The clerk registers the application of the household."""
    case = office.start("lin")
    step: SampleStep = _receipt(HOME)
    office.do(case, step)
    return case


def shown(office: Office, case: CaseRow) -> dict[str, str]:
    """Everything that each role of the unit is shown, or how it is refused."""
    looks: dict[str, Callable[[Work, str], object]] = {
        "case": lambda uow, who: instances.case_view(uow, office.actor(who), TESTER, case.key),
        "replay": lambda uow, who: replay.view(uow, office.actor(who), TESTER, case.key),
        "moment": lambda uow, who: replay.moment(uow, office.actor(who), TESTER, case.key, 2, 1),
        "variables": lambda uow, who: instances.variables(uow, office.actor(who), case.key),
        "todo": lambda uow, who: worklist.todo(uow, office.actor(who)),
        "cases": lambda uow, who: worklist.cases(uow, office.actor(who), None),
        "alerts": lambda uow, who: alerts.search(uow, office.actor(who)),
        "counts": lambda uow, who: alerts.counts(uow, office.actor(who)),
        "rates": lambda uow, who: alerts.rates(uow, office.actor(who)),
        "board": lambda uow, who: alert_board.board(uow, office.actor(who)),
        "system": lambda uow, who: system_trace.read(uow, office.actor(who), TESTER, None),
        "model": lambda uow, who: deployment.definition_xml(uow, office.actor(who), case.definition_key),
        "desk": lambda uow, who: discipline.desk(uow, office.actor(who)),
    }
    found = {}
    for who in UNIT:
        for what, look in looks.items():
            try:
                with office.work() as uow:
                    found[f"{who} {what}"] = SEAL.sub("·", repr(look(uow, who)))
            except (NotAllowed, NotFound, Refused) as error:
                found[f"{who} {what}"] = f"{error.code} {error}"
    return found


def counts(office: Office) -> dict[str, tuple[int, int]]:
    """Rows and bytes of every table, as somebody with the database would count them."""
    with office.work() as uow:
        tables = [row[0] for row in uow.rows(text("select tablename from pg_tables where schemaname = 'public'"))]
        wide = {"sealed_report": "box", "alert": "body", "watched_place": "body", "trace_entry": "body"}
        measured = {}
        for table in sorted(tables):
            size = f"coalesce(sum(length({wide[table]})), 0)" if table in wide else "0"
            row = uow.row(text(f"select count(*), {size} from {table}"))
            measured[table] = (int(row[0]), int(row[1])) if row else (0, 0)
        return measured


def test_nobody_of_the_unit_sees_a_difference(pair: tuple[Office, Office]) -> None:
    """Pages' views, lists, counters, trace, model, system trace; rows, bytes and keys; statements.

    Everybody has chosen mail: among the rows are notices, deliveries and background jobs, and none is of the finding.
    """
    seen, rows, statements = [], [], []
    for office in pair:
        with office.work() as uow:
            chosen = (
                "insert into person_preference (person_key, email, by_email) select key, 'a@b.cn', true from person"
            )
            uow.write(text(chosen))
        with counted(office) as found:
            case = receive(office)
        statements.append([SEAL.sub("·", one) for one in found])
        rows.append(counts(office))
        seen.append(shown(office, case))
    assert statements[0] == statements[1]
    assert rows[0] == rows[1]
    assert [rows[0][table] for table in ("notice", "delivery")] == [(0, 0), (0, 0)]
    assert seen[0] == seen[1]
    assert "XDB-02" not in repr(seen)
    assert "陶建军" not in repr(seen)


def test_the_discipline_body_gets_the_evidence(pair: tuple[Office, Office]) -> None:
    """With the cousin there is one report, without there is none; both tell that the check was judged."""
    desks = []
    for office in pair:
        receive(office)
        with office.work() as uow:
            desks.append(discipline.desk(uow, office.actor("ji")))
    assert [len(desk.reports) for desk in desks] == [1, 0]
    assert desks[0].judged == desks[1].judged == 1
    (report,) = desks[0].reports
    assert (report.code, report.acting_name, report.unit_name) == ("XDB-02", "林晓燕", "柳荫社区")
    assert "未申报" in report.reason
    assert "陶建军" in repr(report.evidence)


def test_the_discipline_body_replays_what_was_reported_and_nothing_else(pair: tuple[Office, Office]) -> None:
    """It sees the case whole with the finding at its entry; its look stands in its own trail, not in the unit's."""
    reported, other = pair
    for office in pair:
        case = receive(office)
        before = counts(office)
        try:
            with office.work() as uow:
                replay.opened(uow, office.actor("ji"), TESTER, case.key)
                view = replay.view(uow, office.actor("ji"), TESTER, case.key)
                story = replay.entry(uow, office.actor("ji"), TESTER, case.key, 2)
            assert office is reported
            assert [(mark.seq, mark.element_name) for mark in view.silent] == [(2, "收件登记")]
            assert story.changes
        except NotFound:
            assert office is other
        assert counts(office)["trace_entry"] == before["trace_entry"]


def test_a_report_is_for_one_body_alone(pair: tuple[Office, Office]) -> None:
    """The body above holds another key; who looked is noted."""
    office, _ = pair
    receive(office)
    with office.work() as uow:
        key = discipline.desk(uow, office.actor("ji")).reports[0].key
        assert discipline.one(uow, office.actor("ji"), key).key == key
    with pytest.raises(NotFound), office.work() as uow:
        discipline.one(uow, office.actor("shang"), key)
    with pytest.raises(NotAllowed), office.work() as uow:
        discipline.desk(uow, office.actor("gao"))
    with office.work() as uow:
        row = uow.row(text("select count(*) from discipline_log"))
    assert row is not None
    assert row[0] == 2
