"""users create, list, set-password, disable, token: for operators, and for the very first administrator."""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from engine.commandline.verbs import CLIENT, Parser, Verbs, add_var, group, person, print_json, say, verb, working
from engine.model.errors import Invalid

if TYPE_CHECKING:
    from engine.model.actors import Scope


def add(verbs: "Verbs[Parser]") -> None:
    """Declare the verbs of this group."""
    users = group(verbs, "users", about="The people who sign in")
    example = "mingjing users create admin --name 王芳 --unit ROOT --role security_admin"
    parser = verb(users, "create", create, about="Create a person", example=example)
    parser.add_argument("username")
    parser.add_argument("--name", required=True, help="the person's name")
    parser.add_argument("--unit", default="ROOT", metavar="CODE", help="code of the unit (ROOT)")
    parser.add_argument("--role", action="append", default=[], metavar="ROLE[:SCOPE]", help="own, unit, subtree or all")
    parser.add_argument("--position", action="append", default=[], metavar="CODE:NAME", help="a position in the unit")
    _with_password(parser)
    parser = verb(users, "list", list_people, about="List everybody", example="mingjing users list --json")
    parser.add_argument("--json", action="store_true", help="as JSON")
    add_var(parser)
    example = "mingjing users set-password admin"
    parser = verb(users, "set-password", set_password, about="Set a password; ends the sessions", example=example)
    parser.add_argument("username")
    _with_password(parser)
    example = "mingjing users disable admin"
    parser = verb(users, "disable", disable, about="Keep a person from signing in", example=example)
    parser.add_argument("username")
    parser.add_argument("--enable", action="store_true", help="let them sign in again")
    add_var(parser)
    example = 'curl -H "Authorization: Bearer $(mingjing users token lin)" …'
    parser = verb(users, "token", token, about="Issue a bearer token for the API", example=example)
    parser.add_argument("username")
    parser.add_argument("--label", default="command line", help="what it is for")
    add_var(parser)


def create(arguments: argparse.Namespace) -> int:
    """Create a person with roles and positions in one unit."""
    from engine.service import people
    from engine.service.people import NewPerson

    roles = [_scope(role, scope) for role, _, scope in (one.partition(":") for one in arguments.role)]
    positions = [(code, name or code) for code, _, name in (one.partition(":") for one in arguments.position)]
    new = NewPerson(
        username=arguments.username,
        name=arguments.name,
        unit_code=arguments.unit,
        password=_password(arguments),
        positions=tuple(positions),
        roles=tuple(roles),
    )
    with working(arguments.var) as uow:
        people.create(uow, new, None, CLIENT)
    print(f"{arguments.username} was created.")
    return 0


def list_people(arguments: argparse.Namespace) -> int:
    """Print everybody: sign-in name, name, unit, positions, roles."""
    from engine.store import people

    with working(arguments.var) as uow:
        rows = people.list_people(uow)
    if arguments.json:
        fields = ("username", "name", "unit_name", "positions", "roles", "disabled", "demonstration")
        print_json([{name: getattr(row, name) for name in fields} for row in rows])
        return 0
    for row in rows:
        state = "  (disabled)" if row.disabled else ""
        print(f"{row.username}  {row.name}  {row.unit_name}  {'、'.join(row.positions)}  {', '.join(row.roles)}{state}")
    return 0


def set_password(arguments: argparse.Namespace) -> int:
    """Set a password; the person's sessions end."""
    from engine.service import people

    with working(arguments.var) as uow:
        people.change(uow, arguments.username, None, CLIENT, password=_password(arguments))
    print(f"The password of {arguments.username} was set.")
    return 0


def disable(arguments: argparse.Namespace) -> int:
    """Disable or enable a person; disabling ends their sessions."""
    from engine.service import people

    with working(arguments.var) as uow:
        people.change(uow, arguments.username, None, CLIENT, disabled=not arguments.enable)
    print(f"{arguments.username} can{'' if arguments.enable else ' no longer'} sign in.")
    return 0


def token(arguments: argparse.Namespace) -> int:
    """Print a new bearer token; it is shown once."""
    from engine.service import people

    with working(arguments.var) as uow:
        text, expires_at = people.issue_token(uow, person(uow, arguments.username), CLIENT, arguments.label)
    print(text)
    say(f"It ends at {expires_at}.")
    return 0


def _with_password(parser: Parser) -> None:
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add_var(parser)


def _password(arguments: argparse.Namespace) -> str:
    """From standard input or asked twice at the terminal; never from the command line, which everybody can list."""
    if arguments.password_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise Invalid("person.password", "the two passwords differ")
    return first


def _scope(role: str, written: str) -> "tuple[str, Scope]":
    from engine.model.actors import Scope

    try:
        return role, Scope(written or _usual_scope(role))
    except ValueError as error:
        known = ", ".join(scope.value for scope in Scope)
        raise Invalid("person.scope", f"there is no scope {written}; the scopes are {known}") from error


def _usual_scope(role: str) -> str:
    """Clerks see their own work unless told otherwise; administrators and inspectors everything below their unit."""
    return "own" if role == "clerk" else "subtree"
