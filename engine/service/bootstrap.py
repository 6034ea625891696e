"""The first start: a root unit and the system's own account, the demonstration city if asked for, and the content."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import simplejson

from engine.model.actors import Actor, Client, Scope, Unit, UnitLevel
from engine.model.commands import Deploy
from engine.model.ids import PersonKey, UnitKey
from engine.model.trace_entries import EntryKind
from engine.service import (
    calendars,
    demonstration_cases,
    demonstration_indicators,
    demonstration_offices,
    demonstration_supervision,
    deployment,
    people,
    recording,
)
from engine.service.demonstration_city import SEED, City, build_city
from engine.service.demonstration_offices import DemonstrationPerson
from engine.service.demonstration_residents import Household
from engine.service.equipment import Equipment, Work, required
from engine.service.handling import new_command_id
from engine.service.people import NewPerson
from engine.store import definitions, residents
from engine.store import people as stored_people
from engine.store.work import DatabaseSession, open_engine
from engine.trace.crypto import CaseCipher

DEMONSTRATION_PASSWORD = "mingjing-demo"  # noqa: S105 -- shown on the sign-in page of demonstrations
SYSTEM = "system"
START = Client(channel="cli", program="mingjing serve")
ENDINGS = (".bpmn", ".dmn", ".form")


def demonstrates() -> bool:
    """Whether this installation is a demonstration: environment variable ``MINGJING_DEMO``."""
    return os.environ.get("MINGJING_DEMO", "").strip().lower() in {"1", "true", "yes", "on"}


def content_root() -> Path:
    """Where `processes/` and `forms/` are: beside the packages in a checkout, else in the installed share folder."""
    beside = Path(__file__).resolve().parents[2]
    return beside if (beside / "processes").is_dir() else Path(sys.prefix) / "share" / "mingjing"


def prepare(app_dsn: str, var: Path, say: Callable[[str], None], *, cases: bool = True) -> None:
    """Bring a migrated database to where people can sign in and start cases. Repeating it changes nothing.

    cases: a demonstration also gets the sample cases, played through the ordinary commands.
    """
    engine = open_engine(app_dsn)
    equipment = Equipment.open(var, demonstration=demonstrates())

    @contextmanager
    def work() -> Iterator[Work]:
        with DatabaseSession(engine) as session, Work(session, equipment) as uow:
            yield uow

    try:
        with work() as uow:
            definitions.lock_deployments(uow)
            first = not stored_people.list_units(uow)
            if first:
                _found(uow, say)
            elif equipment.demonstration and not stored_people.list_people(uow, demonstration_only=True):
                say("This is no demonstration database; it stays as it is.")
        with work() as uow:
            deploy_content(uow, content_root(), say)
        if first and cases and equipment.demonstration:
            say(f"Played {demonstration_cases.play(work)} sample cases")
    finally:
        engine.dispose()


def _found(uow: Work, say: Callable[[str], None]) -> None:
    if uow.equipment.demonstration:
        say("Loading the demonstration city …")
        load_city(uow, build_city())
    else:
        root = UnitKey(uow.keys(1)[0])
        name = os.environ.get("MINGJING_ORGANISATION", "本单位")
        stored_people.insert_unit(
            uow, Unit(key=root, parent_key=None, code="ROOT", name=name, level=UnitLevel.CITY, path=f"/{root}/")
        )
    top = stored_people.list_units(uow)[0]
    account = NewPerson(
        username=SYSTEM, name="系统", unit_code=top.code, password=None, roles=(("designer", Scope.ALL),)
    )
    people.create(uow, account, None, START)


def system_actor(uow: Work) -> Actor:
    """The system's own account: nobody can sign in as it."""
    account = required(stored_people.account_by_username(uow, SYSTEM), "the system's account")
    return required(stored_people.actor(uow, account.key), "the system's account")[0]


def deploy_content(uow: Work, root: Path, say: Callable[[str], None]) -> None:
    """Deploy `processes/` and `forms/`, unless the last deployment of the system had exactly these files."""
    files = sorted(
        path for folder in ("processes", "forms") for path in (root / folder).rglob("*") if path.suffix in ENDINGS
    )
    resources = tuple((str(path.relative_to(root)), path.read_bytes()) for path in files)
    actor = system_actor(uow)
    if not resources or definitions.same_as_last(uow, actor.person_key, resources):
        return
    command = Deploy(command_id=new_command_id(), resources=resources)
    deployed = deployment.deploy(uow, command, actor, START)
    for made in deployed.definitions:
        if made.new:
            say(f"Deployed {made.kind} {made.id} version {made.version}")


def load_city(uow: Work, city: City) -> None:
    """Write a demonstration city: units, people with a shown password, residents encrypted."""
    keys: dict[str, Unit] = {}
    for unit, key in zip(city.units, uow.keys(len(city.units)), strict=True):
        parent = keys[unit.parent_code] if unit.parent_code else None
        made = Unit(
            key=UnitKey(key),
            parent_key=parent.key if parent else None,
            code=unit.code,
            name=unit.name,
            level=unit.level,
            path=f"{parent.path if parent else '/'}{key}/",
        )
        stored_people.insert_unit(uow, made)
        keys[unit.code] = made
    made_people = {person.username: _create(uow, city, person) for person in city.people}
    for household in city.households:
        _settle(uow, household, keys[household.community_code].key)
    demonstration_supervision.load(uow, city)
    inventor = required(stored_people.account_by_username(uow, city.people[0].username), "somebody of the city").key
    calendars.invented(uow, range(uow.now().year, uow.now().year + 2), inventor)
    keepers = [people.actor(uow, made_people[username]) for username in demonstration_offices.KEEPERS]
    demonstration_indicators.load(uow, keepers[0], keepers[1], START)
    payload = {
        "generator": "engine.service.demonstration_city",
        "seed": SEED,
        "counts": {
            "units": len(city.units),
            "people": len(city.people),
            "residents": sum(len(household.members) for household in city.households),
        },
    }
    entry = recording.draft(uow, EntryKind.DEMONSTRATION_LOADED, None, START, new_command_id(), payload)
    recording.to_system(uow, entry)


def _create(uow: Work, city: City, person: DemonstrationPerson) -> PersonKey:
    new = NewPerson(
        username=person.username,
        name=person.name,
        unit_code=person.unit_code,
        password=DEMONSTRATION_PASSWORD,
        positions=tuple((code, city.positions[code]) for code in person.positions),
        roles=((person.role, person.scope),),
        demonstration=True,
    )
    return people.create(uow, new, None, START)


def _settle(uow: Work, household: Household, unit_key: int) -> None:
    """Store a household's members, each under a key of its own household."""
    data_key, wrapped = uow.equipment.provider.new_case_key()
    cipher = CaseCipher(uow.equipment.provider, data_key)
    rows = []
    for member in household.members:
        index = uow.equipment.provider.blind_index(member.id_number)
        body = simplejson.dumps(
            {
                "name": member.name,
                "id_number": member.id_number,
                "relation": member.relation,
                "monthly_income": member.monthly_income,
                "address": household.address,
                "phone": household.phone,
                "household_type": household.household_type,
            },
            ensure_ascii=False,
        )
        rows.append((index, cipher.encrypt(body.encode(), context=b"mingjing.resident.v1:" + index)))
    residents.insert_household(uow, unit_key, wrapped, rows)
