"""Evidence packages: an outsider verifies one without us; any changed byte is found; erasure leaves the proof."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from engine.model.errors import NotAllowed, Refused
from engine.service import erasures, evidence, handing_out, rounds
from engine.service.demonstration_city import sample_cases
from engine.trace import standalone_verifier as verifier
from tests.integration.office import TESTER, Office

PERSON = sample_cases()[0].household.members[0]


def members(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def export(office: Office, key: int) -> bytes:
    with office.work() as uow:
        return evidence.export(uow, office.actor("gao"), TESTER, key).body


def test_a_package_is_verified_and_every_byte_counts(office: Office, tmp_path: Path) -> None:
    """The verifier inside is run by itself in an isolated Python; flipping a byte anywhere makes it say so."""
    case, _ = office.run(sample_cases()[0])
    with office.work() as uow:
        handing_out.make_head(uow)
    package = export(office, case.key)
    inside = members(package)
    assert PERSON.id_number in inside["record.json"].decode()
    assert PERSON.name.encode() not in inside["entries.jsonl"]
    assert {name.partition("/")[0] for name in inside} >= {
        "model",
        "forms",
        "files",
        "record.pdf",
        "four-properties.json",
    }
    (tmp_path / "p.zip").write_bytes(package)
    (tmp_path / "verify.py").write_bytes(inside["verify.py"])
    done = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "verify.py"), str(tmp_path / "p.zip")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "UNALTERED 未被改动")
    for name, body in inside.items():
        place = package.index(body) + len(body) // 2
        _refused(package, place, name)
    for place in range(0, len(package), len(package) // 40):
        _refused(package, place, str(place))


def _refused(package: bytes, place: int, what: str) -> None:
    changed = bytearray(package)
    changed[place] ^= 1
    with pytest.raises(verifier.Altered):
        pytest.fail(f"{what}: {verifier.verify(bytes(changed))}")


def test_what_was_repacked_and_signed_by_another_shows(office: Office) -> None:
    """Somebody who packs anew after a change needs the key; without it the signature of the list is wrong."""
    case, _ = office.run(sample_cases()[0])
    inside = members(export(office, case.key))
    inside["record.json"] = inside["record.json"].replace(PERSON.name.encode(), "王某某".encode())
    with pytest.raises(verifier.Altered, match=r"record\.json was changed"):
        verifier.verify(verifier.pack(list(inside.items())))


def test_erasing_takes_two_and_leaves_the_proof(office: Office) -> None:
    """The proposer cannot decide; afterwards nothing personal is readable and everything verifies."""
    running = office.start("lin")
    case, _ = office.run(sample_cases()[0])
    before = export(office, case.key)
    with office.work() as uow:
        handing_out.make_head(uow, everything=True)
        with pytest.raises(Refused):
            erasures.propose(uow, office.actor("secadmin"), TESTER, running.number, "个人信息保护法第四十七条")
    with office.work() as uow:
        key = erasures.propose(uow, office.actor("secadmin"), TESTER, case.number, "个人信息保护法第四十七条")
    with office.work() as uow, pytest.raises(NotAllowed):
        erasures.approve(uow, office.actor("secadmin"), TESTER, key)
    with office.work() as uow:
        erasures.approve(uow, office.actor("auditor"), TESTER, key)
    view = office.view("gao", case)
    assert PERSON.name not in repr(view)
    assert PERSON.id_number not in repr(view)
    told = view.timeline[-1]
    assert (told.kind, told.reason) == ("process_instance.erased.v1", "个人信息保护法第四十七条")
    with office.work() as uow:
        assert rounds.run(uow, "all", None, TESTER).faults == ()
    after = export(office, case.key)
    inside = members(after)
    assert "case-key.txt" not in inside
    assert not any(name.startswith("files/") for name in inside)
    assert PERSON.id_number.encode() not in b"".join(inside.values())
    assert "个人信息保护法第四十七条" in inside["record.json"].decode()
    assert any("已销毁" in line for line in verifier.verify(after))
    assert verifier.verify(before)
