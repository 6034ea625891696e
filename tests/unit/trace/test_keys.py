"""The key folder: made once, by one process, for its owner's eyes only."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.model.errors import Broken
from engine.trace.keys import MASTER, SIGNING, KeyFolder

_PRINT_KEYS = """
import sys; from pathlib import Path; from engine.trace.keys import KeyFolder
sys.stdin.read(1)
keys = KeyFolder(Path(sys.argv[1]))
print(keys.master.hex(), keys.signing.public_key().public_bytes_raw().hex())
"""


def test_keys_are_made_once(tmp_path: Path) -> None:
    """The second opening finds the keys of the first; nothing else lies in the folder."""
    first, second = KeyFolder(tmp_path / "keys"), KeyFolder(tmp_path / "keys")
    assert first.master == second.master
    assert first.signing.private_bytes_raw() == second.signing.private_bytes_raw()
    assert sorted(file.name for file in (tmp_path / "keys").iterdir()) == [MASTER, SIGNING]


def test_keys_are_the_owners_alone(tmp_path: Path) -> None:
    """Folder 0700, files 0600."""
    folder = tmp_path / "keys"
    KeyFolder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_keys_open_to_others_are_refused(tmp_path: Path) -> None:
    """A key that others could have read is told, with the cure."""
    KeyFolder(tmp_path)
    (tmp_path / MASTER).chmod(0o640)
    with pytest.raises(Broken, match="chmod 600"):
        KeyFolder(tmp_path)


def test_lost_master_key_is_not_replaced(tmp_path: Path) -> None:
    """A new master key would make every case unreadable for ever: stop instead."""
    KeyFolder(tmp_path)
    (tmp_path / MASTER).unlink()
    with pytest.raises(Broken) as caught:
        KeyFolder(tmp_path)
    assert caught.value.code == "keys.master_lost"
    assert not (tmp_path / MASTER).exists()


@pytest.mark.parametrize(("name", "content"), [(MASTER, b"short"), (SIGNING, b"no key")])
def test_damaged_keys_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    """A damaged key is named."""
    KeyFolder(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Broken, match=name):
        KeyFolder(tmp_path)


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    """Several processes on an empty folder all end with the same keys."""
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", _PRINT_KEYS, str(tmp_path / "keys")]
    started = [
        subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    told = {process.communicate("x")[0] for process in started}
    assert {process.returncode for process in started} == {0}
    assert len(told) == 1
