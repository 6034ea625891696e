"""The program printed in docs/developer/trace.md is right: an outsider needs nothing else."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.model.trace_entries import EntryKind, Head, TraceDraft
from engine.trace import chain
from engine.trace.crypto import CaseCipher
from engine.trace.verify import Fault

PAGE = Path(__file__).resolve().parents[3] / "docs" / "developer" / "trace.md"


@pytest.fixture
def exported(draft_of: Callable[[EntryKind], TraceDraft], cipher: CaseCipher, tmp_path: Path) -> tuple[Path, Head]:
    """A case of three entries, one body a line, and its head."""
    head, bodies = chain.EMPTY_HEAD, []
    for _ in range(3):
        entry = chain.seal(draft_of(EntryKind.USER_TASK_COMPLETED), stream=9001, head=head, cipher=cipher)
        bodies.append(entry.body)
        head = chain.head_after(entry)
    file = tmp_path / "entries.jsonl"
    file.write_bytes(b"\n".join(bodies) + b"\n")
    return file, head


def _check(tmp_path: Path, file: Path, head: Head) -> subprocess.CompletedProcess[str]:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    program = tmp_path / "check.py"
    program.write_text(found[1], encoding="utf-8")
    command = [sys.executable, "-I", str(program), "9001", str(file), str(head.seq), head.hash.hex()]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_untouched_export_verifies(exported: tuple[Path, Head], tmp_path: Path) -> None:
    """The printed program counts the entries."""
    done = _check(tmp_path, *exported)
    assert (done.returncode, done.stdout) == (0, "3 entries, unaltered\n")


@pytest.mark.parametrize("old", ["赵受理", '"seq":2', "Acceptance#1"])
def test_changed_export_is_refused(exported: tuple[Path, Head], tmp_path: Path, old: str) -> None:
    """One word changed in the second entry: refused."""
    file, head = exported
    lines = file.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(old.encode(), old.replace("2", "1").replace("1", "9").replace("赵", "钱").encode(), 1)
    file.write_bytes(b"\n".join(lines))
    assert _check(tmp_path, file, head).returncode == 1


def test_every_kind_and_fault_is_documented() -> None:
    """The page names each kind and each fault."""
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in [*EntryKind, *Fault] if f"`{name}`" not in page] == []
