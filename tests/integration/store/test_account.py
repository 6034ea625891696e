"""The OS account of the database, made by several starters at once on a new machine."""

import os
import shutil
import subprocess
import sys
import uuid

import pytest

MAKE = """
import sys
from engine.store.postgres_programs import provide_account
print(provide_account(sys.argv[1]).pw_uid)
"""


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("useradd") is None, reason="only root makes accounts")
def test_several_starters_at_once_get_one_account() -> None:
    """Every one of four simultaneous first starts sees the same uid; no later one gives the name another."""
    name = f"mj-{uuid.uuid4().hex[:12]}"
    try:
        starters = [
            subprocess.Popen([sys.executable, "-c", MAKE, name], stdout=subprocess.PIPE, text=True) for _ in range(4)
        ]
        uids = {starter.communicate(timeout=60)[0].strip() for starter in starters}
    finally:
        subprocess.run(["userdel", name], capture_output=True, check=False)
    assert len(uids) == 1
    assert uids != {""}
