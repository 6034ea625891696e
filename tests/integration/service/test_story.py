"""The main job through the service functions, on real PostgreSQL: from receipt to the sealed trace."""

import json

import pytest

from engine.model.actors import Client
from engine.service import instances, verification
from engine.service.demonstration_city import SampleCase, sample_cases
from engine.store import entries
from engine.trace import schemas
from tests.integration.office import TESTER, Office


@pytest.mark.parametrize("sample", sample_cases(), ids=lambda sample: sample.code)
def test_a_sample_case_runs_to_its_end_and_verifies(office: Office, sample: SampleCase) -> None:
    """Every step is accepted, the expected checks warn, the case ends where told, and its trace is whole."""
    case, last = office.run(sample)
    assert last is not None
    assert last.ended
    inspector = office.actor("gao")
    with office.work() as uow:
        view = instances.case_view(uow, inspector, TESTER, case.key)
    assert view.case.state == "COMPLETED"
    assert [entry.seq for entry in view.timeline] == list(range(1, len(view.timeline) + 1))
    assert sum(entry.kind.startswith("user_task.completed") for entry in view.timeline) == len(sample.steps)
    assert sample.end in view.diagram.completed
    hits = {warning.name for entry in view.timeline for warning in entry.warnings if warning.outcome == "hit"}
    assert len(hits) == len(sample.hits)
    with office.work() as uow:
        report = verification.verify(uow, inspector, Client(channel="api"), case.key)
    assert report.ok, report.reason
    assert report.entries == len(view.timeline)
    assert report.files == sum(len(step.materials) for step in sample.steps)


def test_the_trace_says_everything_the_standard_asks(office: Office) -> None:
    """Time, person, unit, position, opinion, result, fields old → new, attachments, photos and flows (5.5.4)."""
    sample = sample_cases()[0]
    case, _ = office.run(sample)
    with office.work() as uow:
        story = instances.case_view(uow, office.actor("gao"), TESTER, case.key).timeline
    receipt = story[1]
    assert (receipt.person_name, receipt.unit_name, receipt.position_name) == ("林晓燕", "柳荫社区", "社区经办人")
    assert receipt.outcome_name
    assert {change.path: change.new for change in receipt.changes}["applicant_name"]
    assert len(receipt.attachments) == len(sample.steps[0].materials)
    assert receipt.flows
    visit = next(entry for entry in story if entry.element_id == "HouseholdVisit")
    assert visit.photos
    assert any(entry.opinion for entry in story)


def test_every_stored_entry_matches_its_schema(office: Office) -> None:
    """Entries of cases and of the system stream are valid against the frozen schemas."""
    case, _ = office.run(sample_cases()[2])
    with office.work() as uow:
        found = [*entries.stream_entries(uow, case.key), *entries.stream_entries(uow, 0)]
    for entry in found:
        schemas.validate(json.loads(entry.body))
    assert {json.loads(entry.body)["kind"] for entry in found} >= {
        "process_instance.started.v2",
        "user_task.completed.v2",
        "deployment.created.v1",
    }
