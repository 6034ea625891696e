"""Statements about units, people, positions, roles, tokens and sign-in failures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, text, update

from engine.model.actors import Actor, PositionHolding, RoleGrant, Scope, Unit, UnitLevel
from engine.model.ids import PersonKey, UnitKey
from engine.store import tables as t
from engine.store.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What signing in needs to know of a person."""

    key: PersonKey
    username: str
    name: str
    password_hash: str | None
    disabled: bool
    demonstration: bool
    session_epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person in the administrator's list."""

    key: PersonKey
    username: str
    name: str
    unit_name: str
    positions: tuple[str, ...]
    roles: tuple[str, ...]
    disabled: bool
    demonstration: bool


def _account(row: t.Person) -> Account:
    return Account(
        key=PersonKey(row.key),
        username=row.username,
        name=row.name,
        password_hash=row.password_hash,
        disabled=row.disabled,
        demonstration=row.demonstration,
        session_epoch=row.session_epoch,
    )


_ACCOUNT = t.Person.__table__

_HOLDERS = text("""
    select distinct h.position, h.unit_key
      from position_holding h join person p on p.key = h.person_key
     where h.position = any(:positions) and h.unit_key = any(:units) and not p.disabled
""")

_ACTOR = """
    select p.*, u.parent_key, u.code as unit_code, u.name as unit_name, u.level, u.path,
           (select json_agg(json_build_array(h.position, h.position_name, h.unit_key, w.name) order by h.position)
              from position_holding h join org_unit w on w.key = h.unit_key
             where h.person_key = p.key) as positions,
           (select json_agg(json_build_array(g.role, g.scope, g.unit_key, w.path) order by g.role)
              from role_grant g join org_unit w on w.key = g.unit_key
             where g.person_key = p.key) as grants
      from person p
      join org_unit u on u.key = p.unit_key
"""
ACTOR = text(f"{_ACTOR} where p.key = :key")
_BEARER = """
     where p.key = (select t.person_key from api_token t
                     where t.digest = :digest and t.expires_at > :now and t.revoked_at is null)
"""
ACTOR_OF_TOKEN = text(_ACTOR + _BEARER)


def account_by_username(uow: UnitOfWork, username: str) -> Account | None:
    """The account of a sign-in name (lower case), disabled ones included."""
    row = uow.row(select(_ACCOUNT).where(_ACCOUNT.c.username == username))
    return _account(row) if row else None


def unit(row: object) -> Unit:
    """A unit from a row of org_unit."""
    return Unit(
        key=UnitKey(row.key),  # type: ignore[attr-defined]  # a database row
        parent_key=row.parent_key,  # type: ignore[attr-defined]
        code=row.code,  # type: ignore[attr-defined]
        name=row.name,  # type: ignore[attr-defined]
        level=UnitLevel(row.level),  # type: ignore[attr-defined]
        path=row.path,  # type: ignore[attr-defined]
    )


def actor(uow: UnitOfWork, person_key: int) -> tuple[Actor, Account] | None:
    """A person as an actor, with unit, positions and grants as they are now; None when there is no such person."""
    return _actor(uow.row(ACTOR, {"key": person_key}))


def _actor(found: Any) -> tuple[Actor, Account] | None:
    if found is None:
        return None
    person = Actor(
        person_key=PersonKey(found.key),
        username=found.username,
        name=found.name,
        unit=Unit(
            key=UnitKey(found.unit_key),
            parent_key=found.parent_key,
            code=found.unit_code,
            name=found.unit_name,
            level=UnitLevel(found.level),
            path=found.path,
        ),
        positions=tuple(
            PositionHolding(position=code, position_name=name, unit_key=UnitKey(key), unit_name=unit_name)
            for code, name, key, unit_name in found.positions or ()
        ),
        grants=tuple(
            RoleGrant(role=role, scope=Scope(scope), unit_key=UnitKey(key), unit_path=path)
            for role, scope, key, path in found.grants or ()
        ),
        locale=found.locale,
    )
    return person, _account(found)


def holders(uow: UnitOfWork, positions: Iterable[str], unit_keys: Iterable[int]) -> set[tuple[str, UnitKey]]:
    """Which of the positions are held, by somebody who may sign in, in which of the units."""
    rows = uow.rows(_HOLDERS, {"positions": list(positions), "units": list(unit_keys)})
    return {(row[0], UnitKey(row[1])) for row in rows}


def list_people(uow: UnitOfWork, *, demonstration_only: bool = False) -> tuple[PersonRow, ...]:
    """Everybody, by sign-in name."""
    positions = (
        select(func.array_agg(t.PositionHolding.position_name))
        .where(t.PositionHolding.person_key == t.Person.key)
        .scalar_subquery()
    )
    roles = select(func.array_agg(t.RoleGrant.role)).where(t.RoleGrant.person_key == t.Person.key).scalar_subquery()
    statement = (
        select(
            t.Person.key,
            t.Person.username,
            t.Person.name,
            t.OrgUnit.name.label("unit_name"),
            positions.label("positions"),
            roles.label("roles"),
            t.Person.disabled,
            t.Person.demonstration,
        )
        .join(t.OrgUnit, t.OrgUnit.key == t.Person.unit_key)
        .order_by(t.Person.key)
    )
    if demonstration_only:
        statement = statement.where(t.Person.demonstration, ~t.Person.disabled)
    return tuple(
        PersonRow(
            key=PersonKey(row.key),
            username=row.username,
            name=row.name,
            unit_name=row.unit_name,
            positions=tuple(row.positions or ()),
            roles=tuple(row.roles or ()),
            disabled=row.disabled,
            demonstration=row.demonstration,
        )
        for row in uow.rows(statement)
    )


def list_units(uow: UnitOfWork) -> tuple[Unit, ...]:
    """All units, parents before children."""
    units = t.OrgUnit.__table__
    return tuple(unit(row) for row in uow.rows(select(units).order_by(units.c.path)))


def unit_by_key(uow: UnitOfWork, key: int) -> Unit | None:
    """A unit by its key."""
    units = t.OrgUnit.__table__
    row = uow.row(select(units).where(units.c.key == key))
    return unit(row) if row else None


def insert_unit(uow: UnitOfWork, row: Unit) -> None:
    """Add a unit."""
    uow.write(
        insert(t.OrgUnit),
        {
            "key": row.key,
            "parent_key": row.parent_key,
            "code": row.code,
            "name": row.name,
            "level": row.level.value,
            "path": row.path,
        },
    )


def insert_person(
    uow: UnitOfWork,
    account: Account,
    *,
    unit_key: int,
    positions: Sequence[tuple[str, str, int]],
    grants: Sequence[tuple[str, Scope, int]],
) -> None:
    """Add a person with positions (code, name, unit) and grants (role, scope, unit)."""
    uow.write(
        insert(t.Person),
        {
            "key": account.key,
            "username": account.username,
            "name": account.name,
            "unit_key": unit_key,
            "password_hash": account.password_hash,
            "demonstration": account.demonstration,
        },
    )
    for position, position_name, where in positions:
        uow.write(
            insert(t.PositionHolding),
            {"person_key": account.key, "position": position, "position_name": position_name, "unit_key": where},
        )
    for role, scope, where in grants:
        uow.write(
            insert(t.RoleGrant),
            {"person_key": account.key, "role": role, "scope": scope.value, "unit_key": where},
        )


def update_person(uow: UnitOfWork, key: int, **values: object) -> None:
    """Change columns of a person; changing password or `disabled` also ends their sessions."""
    if {"password_hash", "disabled"} & values.keys():
        values["session_epoch"] = t.Person.session_epoch + 1
    uow.write(update(t.Person).where(t.Person.key == key).values(**values))


def insert_token(uow: UnitOfWork, digest: bytes, person_key: int, name: str, expires_at: datetime) -> None:
    """Store a bearer token by its digest."""
    uow.write(insert(t.ApiToken), {"digest": digest, "person_key": person_key, "name": name, "expires_at": expires_at})


def actor_of_token(uow: UnitOfWork, digest: bytes, now: datetime) -> tuple[Actor, Account] | None:
    """Whom a bearer token speaks for; None when unknown, expired or revoked."""
    return _actor(uow.row(ACTOR_OF_TOKEN, {"digest": digest, "now": now}))


def failures_since(uow: UnitOfWork, username: str, address: str, since: datetime) -> tuple[int, int]:
    """How often signing in failed since then: for this name, and from this address."""
    row = uow.row(
        select(
            func.count().filter(t.SignInFailure.username == username),
            func.count().filter(t.SignInFailure.address == address),
        ).where(
            t.SignInFailure.at > since,
            or_(t.SignInFailure.username == username, t.SignInFailure.address == address),
        )
    )
    return (row[0], row[1]) if row else (0, 0)


def insert_failure(uow: UnitOfWork, username: str, address: str, at: datetime) -> None:
    """Note a failed sign-in."""
    uow.write(insert(t.SignInFailure), {"username": username[:200], "address": address, "at": at})


def clear_failures(uow: UnitOfWork, username: str, before: datetime) -> None:
    """Forget a name's failures after a good sign-in, and everybody's from before `before`."""
    uow.write(delete(t.SignInFailure).where(or_(t.SignInFailure.username == username, t.SignInFailure.at < before)))
