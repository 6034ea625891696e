"""Deploying: atomic, versioned, content-addressed, refused by element with the reason."""

from pathlib import Path

import pytest

from engine.model.commands import Deploy, Deployed
from engine.model.errors import Invalid, NotAllowed, Refused
from engine.service import deployment, instances
from engine.service.bootstrap import content_root
from engine.service.handling import new_command_id
from engine.store import definitions
from tests.integration.office import TESTER, Office

DIBAO = content_root() / "processes" / "dibao"


def files(*paths: Path) -> tuple[tuple[str, bytes], ...]:
    return tuple((path.name, path.read_bytes()) for path in paths)


def deploy(office: Office, resources: tuple[tuple[str, bytes], ...], username: str = "du") -> Deployed:
    command = Deploy(command_id=new_command_id(), resources=resources)
    actor = office.actor(username)
    with office.work() as uow:
        return deployment.deploy(uow, command, actor, TESTER)


def versions(office: Office) -> dict[str, int]:
    with office.work() as uow:
        return {
            row.id: row.version
            for kind in ("process", "decision", "form")
            for row in definitions.latest(uow, kind).values()
        }


def test_the_same_bytes_make_no_new_version(office: Office) -> None:
    """Deploying what is there already gives the versions that are there."""
    before = versions(office)
    deployed = deploy(office, files(DIBAO / "dibao.bpmn", DIBAO / "dibao-limits.dmn"))
    assert [made.new for made in deployed.definitions] == [False, False]
    assert versions(office) == before


def test_a_changed_process_is_a_new_version_and_old_cases_keep_theirs(office: Office) -> None:
    """A running case goes on with the version it began with; the next case gets the new one."""
    old = office.start("lin")
    changed = (DIBAO / "dibao.bpmn").read_bytes().replace("低保审核确认".encode(), "低保审核确认（新）".encode())
    deployed = deploy(office, (("dibao.bpmn", changed),))
    assert (deployed.definitions[0].version, deployed.definitions[0].new) == (2, True)
    new = office.start("lin")
    with office.work() as uow:
        again = instances.case_view(uow, office.actor("lin"), TESTER, old.key).case
    assert (again.definition_version, new.definition_version) == (1, 2)
    assert (again.process_name, new.process_name) == ("低保审核确认", "低保审核确认（新）")


def test_what_cannot_run_is_refused_by_id_and_nothing_lands(office: Office) -> None:
    """One bad element refuses the whole deployment, names the element, and leaves no version of its neighbours."""
    before = versions(office)
    bad = (DIBAO / "dibao.bpmn").read_bytes().replace(b"dibao-visit", b"dibao-nowhere")
    form = (content_root() / "forms" / "dibao-visit.form").read_bytes().replace(b"dibao-visit", b"another-form")
    with pytest.raises(Refused) as caught:
        deploy(office, (("another.form", form), ("dibao.bpmn", bad)))
    places = [detail.place for detail in caught.value.details]
    assert places == ["dibao.bpmn#HouseholdVisit"]
    assert "dibao-nowhere" in caught.value.details[0].message
    assert versions(office) == before


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("evil.bpmn", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
        ("broken.bpmn", b"<definitions"),
        ("broken.dmn", b"<definitions"),
        ("broken.form", b"{"),
        ("script.py", b"print()"),
        ("empty.bpmn", b""),
        ("process.dmn", (DIBAO / "dibao.bpmn").read_bytes()),
        ("../../escape.bpmn", (DIBAO / "dibao.bpmn").read_bytes()),
        ("/etc/dibao.bpmn", (DIBAO / "dibao.bpmn").read_bytes()),
    ],
)
def test_files_that_are_no_models_are_refused(office: Office, name: str, body: bytes) -> None:
    """Hostile, broken and foreign files are refused by name, never stored."""
    with pytest.raises((Invalid, Refused)) as caught:
        deploy(office, ((name, body),))
    assert name in str(caught.value) or any(name in detail.place for detail in caught.value.details)


def test_only_designers_deploy(office: Office) -> None:
    """A clerk, an inspector and the administrators have no right to deploy."""
    for username in ("lin", "he", "gao", "sysadmin", "secadmin", "auditor"):
        with pytest.raises(NotAllowed):
            deploy(office, files(DIBAO / "dibao.bpmn"), username)


def test_two_files_with_the_same_process_are_refused(office: Office) -> None:
    """Which of the two would run is nobody's guess."""
    body = (DIBAO / "dibao.bpmn").read_bytes()
    with pytest.raises(Refused, match="dibao"):
        deploy(office, (("a.bpmn", body), ("b.bpmn", body + b"\n")))


def test_one_name_is_one_file(office: Office) -> None:
    """Two files of the same name are refused: only one of them would be kept."""
    body = (DIBAO / "dibao.bpmn").read_bytes()
    with pytest.raises(Invalid, match="twice"):
        deploy(office, (("dibao.bpmn", body), ("dibao.bpmn", body)))
