"""What a gate hands its checks over: the case's trace and the act that is judged, and rows of datasets."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from engine.model.errors import Refused
from engine.model.views import CaseRow, TimelineEntry, WarningView
from engine.service import datasets
from engine.store import tables as t
from tests.integration.models import ask, check, form, line
from tests.integration.office import Office

DATASETS = {
    "public_payee": (("id_no",), [{"id_no": "21019419500508116X", "unit": "柳荫街道", "post": "科员"}]),
    "kin": (("relative_id_no",), [{"id_no": "1", "relative_id_no": "210193195706114458", "relation": "配偶"}]),
    "grants": (("id_no", "scheme"), [{"id": "G-7", "id_no": "A1", "scheme": "低保", "date": "2026-01-01"}]),
}


def told(office: Office, case: CaseRow) -> list[tuple[str, str]]:
    """Outcome and reason of every answer in the case's trace."""
    return [(found.outcome, found.reason) for entry in office.view("gao", case).timeline for found in answers(entry)]


def answers(entry: TimelineEntry) -> tuple[WarningView, ...]:
    return (*entry.warnings, *entry.passed)


@pytest.fixture
def stocked(office: Office) -> Office:
    """The office with three small datasets."""
    with office.work() as uow:
        for code, (keys, rows) in DATASETS.items():
            datasets.load(
                uow,
                code,
                name=code,
                owner="演示",
                version=f"{code}-2026-01",
                as_of=datetime(2026, 1, 1, tzinfo=UTC),
                keys=keys,
                rows=rows,
            )
    return office


def deploy(office: Office, drawn: str) -> None:
    """Two user tasks a and b of one position; the check stands on b."""
    model = line("facts", ask("a"), ask("b", more=drawn), ids=("a", "b"))
    office.deploy(facts_bpmn=model, note_form=form("note", "id_no"))


@pytest.mark.parametrize("blocking", [True, False])
def test_one_person_may_not_do_both_of_two_incompatible_nodes(office: Office, blocking: bool) -> None:
    """SEP-01 knows who did the node before, and who is about to do this one."""
    deploy(office, check("SEP-01", ("pairs", "a/b"), blocking=blocking))
    case = office.start("lin", "facts")
    office.answer("lin", case, "a")
    if blocking:
        with pytest.raises(Refused, match="forbids"):
            office.answer("lin", case, "b")
    else:
        office.answer("lin", case, "b")
    ((outcome, reason),) = told(office, case)
    assert outcome == "hit"
    assert "林晓燕" in reason


def test_a_required_step_that_was_done_is_clear(office: Office) -> None:
    """SEQ-01 sees the node that was passed in an earlier transaction, and misses the one that was not."""
    deploy(office, check("SEQ-01", ("steps", "a"), ("before", "b")))
    case = office.start("lin", "facts")
    office.answer("lin", case, "a")
    office.answer("lin", case, "b")
    assert [outcome for outcome, _ in told(office, case)] == ["clear"]


@pytest.mark.parametrize(
    ("id_no", "outcome"),
    [("21019419500508116x", "hit"), ("210193195706114458", "hit"), ("310101199001011234", "clear")],
)
def test_a_public_payee_and_filed_kin_are_found(stocked: Office, id_no: str, outcome: str) -> None:
    """XDB-02 looks the person up in both datasets, however the number is written."""
    deploy(stocked, check("XDB-02", ("persons", "=id_no")))
    case = stocked.start("lin", "facts")
    stocked.answer("lin", case, "a")
    stocked.answer("lin", case, "b", id_no=id_no)
    assert [found for found, _ in told(stocked, case)] == [outcome]


def test_an_undeclared_dataset_is_no_pass(office: Office) -> None:
    """A source that nobody connected is an open question, by its name."""
    deploy(office, check("XDB-02", ("persons", "=id_no"), ("payees", "nobody_has_it")))
    case = office.start("lin", "facts")
    office.answer("lin", case, "a")
    office.answer("lin", case, "b", id_no="1")
    ((outcome, reason),) = told(office, case)
    assert outcome == "cannot_say"
    assert "nobody_has_it" in reason


@pytest.mark.parametrize(("scheme", "outcome"), [("低保", "hit"), ("高龄补贴", "clear")])
def test_a_row_must_agree_in_every_field_of_the_key(stocked: Office, scheme: str, outcome: str) -> None:
    """DUP-01 over a dataset with a key of two fields."""
    key = f"={{id_no: id_no, scheme: &quot;{scheme}&quot;}}"
    deploy(stocked, check("DUP-01", ("source", "grants"), ("match", key)))
    case = stocked.start("lin", "facts")
    stocked.answer("lin", case, "a")
    stocked.answer("lin", case, "b", id_no="a-1")
    assert [found for found, _ in told(stocked, case)] == [outcome]


def test_rows_of_a_dataset_rest_encrypted(stocked: Office) -> None:
    """Neither the number nor the post can be read in the tables."""
    with stocked.work() as uow:
        rows = uow.rows(
            select(t.DatasetRow.body, t.DatasetIndex.value_index)
            .join(t.DatasetIndex)
            .where(t.DatasetRow.dataset.in_(DATASETS))
        )
    assert len(rows) == 4
    assert not any(
        text in bytes(row.body) + bytes(row.value_index) for row in rows for text in (b"2101", "科员".encode())
    )
