"""A PostgreSQL of our own as production has it (fsync on), with the demonstration city, and copies of it."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.runtime.shapes import FORM, Shape
from engine.model.actors import Actor, Client
from engine.model.commands import Deploy
from engine.service import bootstrap, deployment, people
from engine.service.equipment import Equipment, Work
from engine.service.handling import new_command_id
from engine.store import migrate
from engine.store.embedded import Dsns, embedded
from engine.store.people import account_by_username
from engine.store.work import DatabaseSession, open_engine

CLIENT = Client(channel="api", address="127.0.0.1", program="bench")
CITY = "bench_city"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class House:
    """The server's DSNs and the VAR folder whose keys fit the databases."""

    dsns: Dsns
    var: Path

    def copy(self, of: str = CITY) -> str:
        """A copy of a database that nobody is connected to; its name."""
        name = f"bench_{next(_numbers)}"
        with psycopg.connect(self.dsns.owner, autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(of)))
        return name

    def app(self, database: str) -> str:
        """The serving role's DSN of a database."""
        return self.dsns.app.replace("/mingjing?", f"/{database}?")

    def owner(self, database: str) -> str:
        """The owner's DSN of a database."""
        return self.dsns.owner.replace("/mingjing?", f"/{database}?")


@contextmanager
def house() -> Iterator[House]:
    """Started, filled, and taken away again."""
    folder = Path(tempfile.mkdtemp(prefix="mj-bench-", dir="/tmp"))
    folder.chmod(0o711)
    os.environ["MINGJING_DEMO"] = "1"
    try:
        with embedded(folder / "var", environ={}) as dsns:
            made = House(dsns, folder / "var")
            with psycopg.connect(dsns.owner, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {CITY}")
            migrate.upgrade(made.owner(CITY))
            bootstrap.prepare(made.app(CITY), made.var, lambda _: None, cases=False)
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def actor(uow: Work, username: str) -> Actor:
    """A person of the city."""
    account = account_by_username(uow, username)
    if account is None:
        raise LookupError(username)
    return people.actor(uow, account.key)


def deploy(house: House, database: str, *shapes: Shape) -> None:
    """Deploy shapes with their form, as the city's designer."""
    engine = open_engine(house.app(database))
    equipment = Equipment.open(house.var)
    try:
        with DatabaseSession(engine) as session, Work(session, equipment) as uow:
            files = [(f"{shape.name}.bpmn", shape.ours()) for shape in shapes]
            command = Deploy(command_id=new_command_id(), resources=(("bench.form", FORM), *files))
            deployment.deploy(uow, command, actor(uow, "du"), CLIENT)
    finally:
        engine.dispose()
