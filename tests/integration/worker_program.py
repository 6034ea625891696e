"""A worker in a process of its own, as a program outside would be: takes jobs and completes each, one commit a job.

Arguments: DSN, VAR folder, its name, the file to which it writes the key of each job *before* it completes it, and the
number of the job at which it dies by kill -9 (0: never). It ends when there is no job any more.
"""

import os
import signal
import sys
from pathlib import Path

from engine.model.actors import Client
from engine.model.commands import CompleteJob
from engine.model.errors import Conflict
from engine.service import jobs, people
from engine.service.equipment import Equipment, Work, required
from engine.service.handling import new_command_id
from engine.store.people import account_by_username
from engine.store.work import DatabaseSession, open_engine


def main(dsn: str, var: str, name: str, log: str, dies_at: str) -> None:
    """Work until there is nothing to do."""
    engine, equipment = open_engine(dsn), Equipment.open(Path(var))

    def work() -> Work:
        return Work(DatabaseSession(engine), equipment)

    with work() as uow:
        actor = people.actor(uow, required(account_by_username(uow, "program"), "the program").key)
    count = 0
    with Path(log).open("a") as out:
        while True:
            with work() as uow:
                given = jobs.activate(uow, actor, "post", worker=name, lock_ms=3_600_000, limit=7)
            if not given:
                return
            for one in given:
                count += 1
                print(one.job.key, file=out, flush=True)
                if count == int(dies_at):
                    os.kill(os.getpid(), signal.SIGKILL)
                command = CompleteJob(command_id=new_command_id(), key=one.job.key, variables={"by": name})
                try:
                    with work() as uow:
                        jobs.complete(uow, command, actor, Client(channel="api", program=name))
                except Conflict:
                    print("conflict", file=out, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
