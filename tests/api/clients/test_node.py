"""Camunda's own npm client, unchanged, with its strict validation of every request and answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.api.clients.conftest import Place
from tests.api.clients.models import job_then_user_task

FOLDER = Path(__file__).parent / "node"
ROOT = Path(__file__).parents[3]


def test_a_case_by_the_npm_client(place: Place, tmp_path: Path) -> None:
    """Deploy, start, work the job by the client's worker, complete the user task, search."""
    file = tmp_path / "npm_story.bpmn"
    file.write_text(job_then_user_task("npm_story"))
    given = {"url": place.url, "tokens": place.tokens, "file": str(file), "processId": "npm_story"}
    command = [sys.executable, str(ROOT / "scripts" / "bootstrap.py"), "node-in", str(FOLDER), "node", "story.mjs"]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=False, timeout=180, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "clusterSize": 1,
        "deployed": "npm_story",
        "job": {"variables": {"amount": 5}, "headers": {"source": "民政"}},
        "task": "查看",
        "state": "COMPLETED",
        "versions": [1],
        "unknown": 404,
    }
