"""Slips at the command line are answered in one line, and found nothing by accident."""

import subprocess
import sys
from pathlib import Path


def mingjing(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_mistyped_folder_is_not_made_into_a_database(short_var: Path) -> None:
    """Verifying, listing and backing up where nothing was ever started says so and creates nothing."""
    for words in (("trace", "verify"), ("users", "list"), ("backup", "/tmp/never.tar"), ("db", "url")):
        done = mingjing(*words, "--var", str(short_var))
        assert done.returncode == 1
        assert "start it once" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not short_var.exists()


def test_an_unknown_scope_is_one_line(short_var: Path) -> None:
    """No traceback for a role with a scope that there is not."""
    done = mingjing("users", "create", "w2", "--name", "王", "--role", "clerk:galaxy", "--var", str(short_var))
    assert done.returncode == 1
    assert "own, unit, subtree, all" in done.stderr
    assert "Traceback" not in done.stderr
