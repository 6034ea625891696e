"""Time stamps of RFC 3161, issued by an authority of openssl on this machine."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.model.errors import Invalid
from engine.trace import time_stamps

CONFIGURATION = """
[ tsa ]
default_tsa = here
[ here ]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root, and a signer for time stamps."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl on this machine")
    place = tmp_path_factory.mktemp("tsa")
    (place / "serial").write_text("01\n")
    (place / "tsa.cnf").write_text(CONFIGURATION)
    (place / "ext.cnf").write_text("extendedKeyUsage = critical, timeStamping\nkeyUsage = critical, digitalSignature\n")
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-batch"]
    for command in (
        ["req", "-x509", *new, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-days", "30"],
        ["req", *new, "-keyout", "signer.key", "-out", "signer.csr", "-subj", "/CN=Signer"],
        ["x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30",
         "-out", "signer.pem", "-extfile", "ext.cnf"],
    ):  # fmt: skip
        subprocess.run(["openssl", *command], cwd=place, check=True, capture_output=True)
    return place


def stamp(place: Path, request: bytes) -> bytes:
    (place / "request.tsq").write_bytes(request)
    subprocess.run(
        ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request.tsq", "-signer", "signer.pem",
         "-inkey", "signer.key", "-out", "answer.tsr"], cwd=place, check=True, capture_output=True,
    )  # fmt: skip
    return (place / "answer.tsr").read_bytes()


def test_a_stamp_is_asked_for_and_verified(authority: Path) -> None:
    """The token tells the moment; over other bytes, or under another root, it is refused."""
    token = time_stamps.accepted(stamp(authority, time_stamps.request(b"a signature")))
    root = (authority / "root.pem").read_bytes()
    at = time_stamps.verify(token, b"a signature", root)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=5)
    with pytest.raises(Invalid):
        time_stamps.verify(token, b"another signature", root)


def test_what_is_no_stamp_is_refused() -> None:
    """An answer that is not DER of a response."""
    with pytest.raises(Invalid):
        time_stamps.accepted(b"sorry")
