"""A program outside, as anybody's worker would be: takes jobs over HTTP, has its effect, then says that it is done.

Arguments: URL, its name, the file to which it writes the key of each job as its effect outside, *before* it completes
the job. It goes on until it is killed; what it held is handed out again, and its effect comes a second time.
"""

import sys
from pathlib import Path
from typing import Any

from tests.e2e.caller import Caller, RefusedError

LENT_MS = 4000


def main(url: str, name: str, effects: str) -> None:
    """Work for ever."""
    program = Caller(url, "program")
    wanted = {"type": "outside", "worker": name, "timeout": LENT_MS, "maxJobsToActivate": 3, "requestTimeout": 5000}
    while True:
        for job in program.call("POST", "/v2/jobs/activation", wanted)["jobs"]:
            with Path(effects).open("a") as out:
                print(job["jobKey"], file=out, flush=True)
            try:
                do(program, job)
            except RefusedError as refused:
                if refused.status != 409:  # another one has completed it
                    raise


def do(program: Caller, job: dict[str, Any]) -> None:
    """What the header says, and then the completion."""
    key, found = f"/v2/jobs/{job['jobKey']}", job["variables"]
    match job["customHeaders"]["does"]:
        case "fail":
            program.call("POST", f"{key}/error", {"errorCode": "E1", "errorMessage": "not right"})
            return
        case "double":
            program.call("POST", f"{key}/completion", {"variables": {"result": found["item"] * 2}})
            return
        case "answer":
            publish(program, "answered", job)
        case "pay":
            publish(program, "paid", job)
            publish(program, "moved", job)
    program.call("POST", f"{key}/completion", {})


def publish(program: Caller, name: str, job: dict[str, Any]) -> None:
    """A message that is the same one, however often it is sent for this job."""
    body = {"name": name, "correlationKey": job["variables"]["key"], "timeToLive": 3_600_000,
            "messageId": job["jobKey"], "variables": {}}  # fmt: skip
    try:
        program.call("POST", "/v2/messages/publication", body)
    except RefusedError as refused:
        if "message.already_published" not in str(refused):
            raise


if __name__ == "__main__":
    main(*sys.argv[1:])
