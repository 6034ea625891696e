"""People: sign in and out, bearer tokens, create and change."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.identity import access, passwords, tokens
from engine.model.actors import Actor, Client, Permission, Scope, Unit
from engine.model.errors import Conflict, Detail, Invalid, NotFound, Refused
from engine.model.ids import PersonKey
from engine.model.trace_entries import EntryKind
from engine.service import payloads, recording, rights
from engine.service.equipment import Work, required
from engine.service.handling import new_command_id
from engine.store import people
from engine.store.people import Account, PersonRow

FAILURE_WINDOW = timedelta(minutes=15)
FAILURES_PER_NAME = 5
FAILURES_PER_ADDRESS = 50
TOKEN_LIFE = timedelta(hours=12)
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person to be created. Positions: (code, name); both positions and roles hold in the unit `unit_code`."""

    username: str
    name: str
    unit_code: str
    password: str | None
    positions: tuple[tuple[str, str], ...] = ()
    roles: tuple[tuple[str, Scope], ...] = ()
    demonstration: bool = False


def sign_in(uow: Work, username: str, password: str, client: Client, *, method: str = "password") -> tuple[Actor, int]:
    """Who signed in, and the epoch of their sessions. Good or bad, the attempt is traced.

    Raises Refused `sign_in.failed` (the same for an unknown name and a wrong password) and `sign_in.too_many` after
    too many failures of the name or from the address within a quarter of an hour.
    """
    username, now = username.strip().lower(), uow.now()
    by_name, by_address = people.failures_since(uow, username, client.address, now - FAILURE_WINDOW)
    account = people.account_by_username(uow, username)
    code = "sign_in.too_many" if by_name >= FAILURES_PER_NAME or by_address >= FAILURES_PER_ADDRESS else ""
    known = account if account and not account.disabled else None
    if not code and not passwords.verify(known.password_hash if known else None, password):
        code = "sign_in.failed"
        people.insert_failure(uow, username, client.address, now)
    if code or known is None:
        raise _sign_in_failed(uow, account, username, client, code or "sign_in.failed")
    people.clear_failures(uow, username, now - FAILURE_WINDOW * 4)
    actor, _ = required(people.actor(uow, known.key), f"person {known.key}")
    payload = {"method": method, "session": None}
    entry = recording.draft(uow, EntryKind.SESSION_SIGNED_IN, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)
    return actor, known.session_epoch


def _sign_in_failed(uow: Work, account: Account | None, username: str, client: Client, code: str) -> Refused:
    payload = {
        "code": code,
        "method": "password",
        "person": payloads.person(account.key, account.username, account.name) if account else None,
        "attempt": uow.equipment.provider.blind_index(username, domain="sign-in").hex(),
    }
    entry = recording.draft(uow, EntryKind.SESSION_SIGN_IN_FAILED, None, client, new_command_id(), payload)
    recording.to_system(uow, entry)
    uow.commit()
    if code == "sign_in.too_many":
        minutes = str(int(FAILURE_WINDOW.total_seconds() // 60))
        return Refused(code, f"too many failed attempts; wait {minutes} minutes", params={"minutes": minutes})
    return Refused(code, "sign-in name or password is wrong")


def sign_out(uow: Work, actor: Actor, client: Client) -> None:
    """Note that a session ended by its owner's wish."""
    payload = {"cause": "user", "session": None}
    entry = recording.draft(uow, EntryKind.SESSION_SIGNED_OUT, actor, client, new_command_id(), payload)
    recording.to_system(uow, entry)


def actor(uow: Work, person_key: int, epoch: int | None = None) -> Actor:
    """A person as they stand now. NotFound when gone, disabled, or the session's epoch is over."""
    found = people.actor(uow, person_key)
    if found is None or found[1].disabled or (epoch is not None and epoch != found[1].session_epoch):
        raise NotFound("session.over", "this session is over; sign in again")
    return found[0]


def issue_token(uow: Work, who: Actor, client: Client, name: str) -> tuple[str, str]:
    """A new bearer token of the person and when it ends (ISO 8601, UTC). Only its digest is stored."""
    issued, expires_at = tokens.issue(), uow.now() + TOKEN_LIFE
    people.insert_token(uow, bytes.fromhex(issued.digest), who.person_key, name[:100], expires_at)
    payload = {
        "name": name[:100],
        "person": payloads.person(who.person_key, who.username, who.name),
        "digest": issued.digest,
        "expires_at": expires_at,
    }
    entry = recording.draft(uow, EntryKind.TOKEN_ISSUED, who, client, new_command_id(), payload)
    recording.to_system(uow, entry)
    return issued.text, expires_at.isoformat()


def actor_of_token(uow: Work, token: str) -> Actor:
    """Whom a bearer token speaks for. NotFound when it is unknown, over or revoked, or the person is disabled."""
    found = people.actor_of_token(uow, bytes.fromhex(tokens.digest(token)), uow.now())
    if found is None:
        raise NotFound("token.unknown", "this bearer token is unknown or over; ask for a new one at /api/tokens")
    if found[1].disabled:
        raise NotFound("session.over", "this session is over; sign in again")
    return found[0]


def list_people(uow: Work, who: Actor) -> tuple[PersonRow, ...]:
    """Everybody, for whoever manages people."""
    rights.require(who, Permission.PEOPLE_MANAGE)
    return people.list_people(uow)


def demonstration_people(uow: Work) -> tuple[PersonRow, ...]:
    """Whom the sign-in page offers in demonstration mode; nobody otherwise."""
    return people.list_people(uow, demonstration_only=True) if uow.equipment.demonstration else ()


def create(uow: Work, new: NewPerson, by: Actor | None, client: Client) -> PersonKey:
    """Create a person; `by` None is the operator at the command line.

    Raises Invalid with the places, Conflict when the sign-in name is taken.
    """
    if by is not None:
        rights.require(by, Permission.PEOPLE_MANAGE)
    username = new.username.strip().lower()
    unit = _checked(uow, new, username)
    hashed = passwords.hash(new.password) if new.password else None
    account = Account(
        key=PersonKey(uow.keys(1)[0]),
        username=username,
        name=new.name,
        password_hash=hashed,
        disabled=False,
        demonstration=new.demonstration,
        session_epoch=1,
    )
    people.insert_person(
        uow,
        account,
        unit_key=unit.key,
        positions=[(code, name, unit.key) for code, name in new.positions],
        grants=[(role, scope, unit.key) for role, scope in new.roles],
    )
    payload = {"person": _person_payload(account, unit, new)}
    entry = recording.draft(uow, EntryKind.PERSON_CREATED, by, client, new_command_id(), payload)
    recording.to_system(uow, entry)
    return account.key


def _checked(uow: Work, new: NewPerson, username: str) -> Unit:
    if not _USERNAME.fullmatch(username):
        raise Invalid("person.username", "a sign-in name is 2 to 64 of a-z, 0-9, . _ - and begins with a letter")
    if not new.name.strip():
        raise Invalid("person.name", "a person needs a name")
    for role, _ in new.roles:
        if role not in access.ROLES:
            known = ", ".join(sorted(access.ROLES))
            raise Invalid("person.role", f"there is no role {role}; the roles are {known}", params={"roles": known})
    clash = access.conflicts([role for role, _ in new.roles])
    if clash:
        raise Refused(
            "person.roles_conflict",
            f"one person cannot hold {', '.join(clash)}: an administrator holds no other role",
            params={"roles": ", ".join(clash)},
        )
    if new.password is not None and not new.demonstration:
        _check_password(new.password, username)
    if people.account_by_username(uow, username) is not None:
        raise Conflict("person.username_taken", f"the sign-in name {username} is taken", params={"username": username})
    units = {unit.code: unit for unit in people.list_units(uow)}
    if new.unit_code in units:
        return units[new.unit_code]
    known = ", ".join(list(units)[:20])
    raise Invalid(
        "person.unit",
        f"there is no unit with the code {new.unit_code}; there are {known}",
        params={"unit": new.unit_code},
    )


def _check_password(password: str, username: str) -> None:
    weak = passwords.weaknesses(password, username=username)
    if weak:
        details = [Detail(place="password", code=found.value, message=found.value.replace("_", " ")) for found in weak]
        raise Invalid(
            "person.password_weak",
            f"the password is {', '.join(detail.message for detail in details)}; "
            f"use at least {passwords.MIN_LENGTH} characters",
            params={"minimum": str(passwords.MIN_LENGTH)},
            details=details,
        )


def _person_payload(account: Account, unit: Unit, new: NewPerson) -> dict[str, object]:
    return {
        "key": str(account.key),
        "username": account.username,
        "name": account.name,
        "unit": payloads.unit(unit),
        "positions": [
            {"position": code, "name": name, "unit": str(unit.key), "unit_name": unit.name}
            for code, name in new.positions
        ],
        "roles": [{"role": role, "scope": scope, "unit": str(unit.key)} for role, scope in new.roles],
        "disabled": False,
    }


def change(
    uow: Work,
    username: str,
    by: Actor | None,
    client: Client,
    *,
    password: str | None = None,
    disabled: bool | None = None,
    locale: str | None = None,
) -> None:
    """Change a person's password, locale, or whether they may sign in; password and `disabled` end their sessions.

    One may change one's own locale; all else needs the right to manage people. Raises NotFound, NotAllowed, Invalid.
    """
    account = people.account_by_username(uow, username.strip().lower())
    if account is None:
        raise NotFound("person.not_found", f"there is nobody with the sign-in name {username}")
    own_locale = by is not None and by.person_key == account.key and password is None and disabled is None
    if by is not None and not own_locale:
        rights.require(by, Permission.PEOPLE_MANAGE)
    values: dict[str, object] = {}
    changes: list[dict[str, object]] = []
    if password is not None:
        _check_password(password, account.username)
        values["password_hash"] = passwords.hash(password)
        changes.append({"field": "password", "old": None, "new": None})
    if disabled is not None and disabled != account.disabled:
        values["disabled"] = disabled
        changes.append({"field": "disabled", "old": account.disabled, "new": disabled})
    if locale is not None:
        values["locale"] = locale
    if values:
        people.update_person(uow, account.key, **values)
    if changes:
        payload = {"person": payloads.person(account.key, account.username, account.name), "changes": changes}
        entry = recording.draft(uow, EntryKind.PERSON_CHANGED, by, client, new_command_id(), payload)
        recording.to_system(uow, entry)


def bootstrap_unit(uow: Work, units: Sequence[Unit]) -> None:
    """Insert units, parents first."""
    for unit in units:
        people.insert_unit(uow, unit)
