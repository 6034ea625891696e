"""Where log lines go."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from engine.service import parent
from web import observability
from web.settings import Settings


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[Path]:
    """Logging as in a terminal; afterwards as before."""
    before = structlog.get_config()
    path = tmp_path / "log" / "web.log"
    observability.configure_logging(path)
    yield path
    structlog.configure(**before)


def test_a_terminal_sees_warnings_and_no_requests(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Request lines are in the file; an error is in both places."""
    log = structlog.get_logger("mingjing.web")
    log.info("request", status=200)
    assert capsys.readouterr().out == ""
    log.error("failure", error="Broken")
    assert json.loads(capsys.readouterr().out)["event"] == "failure"
    assert [json.loads(line)["event"] for line in quiet.read_text().splitlines()] == ["request", "failure"]


def test_the_file_begins_anew_when_it_is_large(quiet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One old file stays."""
    monkeypatch.setattr(observability, "MAX_LOG_BYTES", 10)
    log = structlog.get_logger("mingjing.web")
    for number in range(3):
        log.info("request", number=number)
    assert json.loads(quiet.read_text())["number"] == 2
    assert json.loads(quiet.with_suffix(".log.1").read_text())["number"] == 1


@pytest.mark.parametrize(("terminal", "named"), [(True, True), (False, False)])
def test_only_a_terminal_is_kept_quiet(tmp_path: Path, *, terminal: bool, named: bool) -> None:
    """A service manager gets request lines on standard output, where it looks for them."""
    given = parent._environment(tmp_path, "postgresql://x", terminal=terminal)
    assert (Settings.from_environment(given).log_file == tmp_path / "log" / "web.log") == named
