"""Who sees what of a case: the table 谁看得到什么 of processes/dibao/README.md, as the server keeps it."""

import pytest

from engine.model.errors import NotFound
from engine.model.views import CaseRow, FileView, TimelineEntry
from engine.service import attachments, system_trace, task_pages, verification
from engine.service.demonstration_city import sample_cases
from tests.integration.office import TESTER, Office

SAMPLE = sample_cases()[2]


def entry(office: Office, username: str, case: CaseRow, element: str) -> TimelineEntry:
    """The last trace entry of an element as somebody sees it."""
    return [found for found in office.view(username, case).timeline if found.element_id == element][-1]


def paths(found: TimelineEntry) -> set[str]:
    return {change.path for change in found.changes}


def files(found: TimelineEntry) -> tuple[FileView, ...]:
    return (*found.attachments, *found.photos)


def test_the_data_check_sees_nothing_of_the_visit_that_was_done_beside_it(office: Office) -> None:
    """Neither fields, opinion nor photos, on no page and at no address: each forms a judgement alone."""
    case, _ = office.run(SAMPLE, until="DataCheck")
    seen = entry(office, "chen", case, "HouseholdVisit")
    assert (paths(seen), seen.opinion, files(seen), seen.withheld) == (set(), "", (), True)
    assert (seen.person_name, seen.outcome_name) == ("孙丽", "提交调查")
    task = office.task("chen", case, "DataCheck")
    with office.work() as uow:
        page = task_pages.view(uow, office.actor("chen"), TESTER, task.key)
    assert all(not files(found) for found in page.timeline if found.element_id == "HouseholdVisit")
    photo = files(entry(office, "gao", case, "HouseholdVisit"))[0]
    with pytest.raises(NotFound), office.work() as uow:
        attachments.read(uow, office.actor("chen"), TESTER, photo.key)
    visit = next(task for task in office.view("sun", case).tasks if task.element_id == "HouseholdVisit")
    with office.work() as uow:
        other = task_pages.view(uow, office.actor("chen"), TESTER, visit.key)
    assert "living_conditions" not in other.data
    assert other.data["applicant_name"]


def test_a_clerk_sees_the_application_and_nothing_of_what_others_verified(office: Office) -> None:
    """lin started the case: her own entries whole; of the others that they happened, with their results."""
    case, _ = office.run(SAMPLE)
    story = office.view("lin", case).timeline
    own = entry(office, "lin", case, "Receipt")
    assert {"applicant_name", "id_number", "members"} <= paths(own)
    assert len(own.attachments) == 2
    assert own.opinion == entry(office, "gao", case, "Receipt").opinion
    assert {path for found in story for path in paths(found)}.isdisjoint(
        {"verified_monthly_income", "savings", "vehicle_value", "living_conditions", "observed_income"}
    )
    assert not any(found.warnings or found.passed for found in story if found.element_id != "Receipt")
    assert [one.code for one in own.passed] == ["XDB-03"]
    assert all(found.client == "" for found in story)
    check = entry(office, "lin", case, "DataCheck")
    assert (check.opinion, check.outcome_name, check.withheld) == ("", "提交核对结果", True)


def test_the_reviewer_reads_what_was_found_before_and_the_inspector_everything(office: Office) -> None:
    """The collective review comes after visit, data check and gateway; the confirmation after it is not its own."""
    case, _ = office.run(SAMPLE)
    for element in ("HouseholdVisit", "DataCheck"):
        seen, whole = entry(office, "wu", case, element), entry(office, "gao", case, element)
        assert (seen.opinion, files(seen), seen.warnings) == (whole.opinion, files(whole), whole.warnings)
    assert "verified_monthly_income" in paths(entry(office, "wu", case, "DataCheck"))
    assert "data_source" not in paths(entry(office, "wu", case, "DataCheck"))
    assert entry(office, "wu", case, "Confirmation").opinion == ""
    assert entry(office, "gao", case, "Confirmation").opinion
    whole_story = office.view("gao", case).timeline
    assert all(found.client and not found.withheld for found in whole_story)


def test_what_came_before_ones_own_task_explains_it(office: Office) -> None:
    """Who has to correct an application reads why it came back, with what was attached."""
    sample = next(found for found in sample_cases() if any(step.element == "Correction" for step in found.steps))
    case, _ = office.run(sample, until="Correction")
    assert entry(office, "lin", case, "Acceptance").opinion == entry(office, "gao", case, "Acceptance").opinion != ""
    assert paths(entry(office, "lin", case, "Acceptance")) == {"correction_list"}
    assert [found.element_id for found in office.view("gao", case).timeline if found.returned] == ["Acceptance"]
    named = {file.name: file.material for file in entry(office, "gao", case, "Receipt").attachments}
    assert named == {"application.pdf": "申请书", "authorisation.pdf": "核对授权书"}


def test_the_auditor_reads_which_case_was_looked_at_and_nothing_of_it(office: Office) -> None:
    """Readings, downloads and verifications name the case by its number, with the reason that was given."""
    case, _ = office.run(SAMPLE, until="Acceptance")
    gao = office.actor("gao")
    with office.work() as uow:
        verification.verify(uow, gao, TESTER, case.key)
    seen = office.view("gao", case)
    with office.work() as uow:
        attachments.read(uow, gao, TESTER, files(seen.timeline[1])[0].key)
    with office.work() as uow:
        rows = system_trace.read(uow, office.actor("auditor"), TESTER).rows[:3]
    assert [(row.case_number, *dict(row.about)) for row in rows] == [
        (case.number, "file", "reason"),
        (case.number, "view", "reason"),
        (case.number, "result"),
    ]
    assert case.subject not in repr(rows) or not case.subject


def test_a_case_shows_its_last_verification(office: Office) -> None:
    """With its time and result, for whoever may verify; before the first there is none."""
    case, _ = office.run(SAMPLE, until="Acceptance")
    other, _ = office.run(SAMPLE, until="Acceptance")
    assert office.view("gao", case).verification is None
    with office.work() as uow:
        verification.verify(uow, office.actor("gao"), TESTER, case.key)
    found = office.view("gao", case).verification
    assert found is not None
    assert (found.ok, found.entries, found.files) == (True, 2, 2)
    assert office.view("gao", other).verification is None
    assert office.view("lin", case).verification is None
