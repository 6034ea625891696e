"""What all verbs share: how they are declared, how they open the database, how they read and print JSON."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

import simplejson

from engine.feel import Function, to_text
from engine.feel.decimals import fit
from engine.feel.values import NATIVE
from engine.model.actors import Actor, Client
from engine.model.errors import Invalid, NotFound

if TYPE_CHECKING:
    from engine.service.equipment import Equipment, Work

Verbs = argparse._SubParsersAction
Run = Callable[[argparse.Namespace], int]

MAX_BYTES = 16 * 1024 * 1024
"""More than any model, form, decision or case may have; what reads them knows the exact limit of each."""
WHOLE_DIGITS = 4000
"""Python writes and reads no longer whole numbers."""
CLIENT = Client(channel="cli", program="mingjing")


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit status 2."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def verb(verbs: "Verbs[Parser]", name: str, run: Run, *, about: str, example: str) -> Parser:
    """Declare a verb with a line about it and an example in its help."""
    parser = verbs.add_parser(
        name,
        help=about,
        description=about,
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def group(verbs: "Verbs[Parser]", name: str, *, about: str) -> "Verbs[Parser]":
    """Declare a verb that has verbs of its own."""
    parser = verbs.add_parser(name, help=about, description=about)
    return parser.add_subparsers(dest=f"{name}_verb", required=True, metavar="VERB", parser_class=Parser)


def add_var(parser: Parser) -> None:
    """The option for the folder that holds database, files and keys."""
    parser.add_argument(
        "--var",
        type=lambda text: Path(text).resolve(),
        default=Path(os.environ.get("MINGJING_VAR", "var")).resolve(),
        metavar="FOLDER",
        help="folder of database, files and keys (MINGJING_VAR, or ./var)",
    )


def say(line: str) -> None:
    """Progress, on stderr, at once."""
    print(line, file=sys.stderr, flush=True)


def refuse_unfounded(var: Path) -> None:
    """Raise Unavailable where nothing was ever started, instead of founding a database by a slip of the pen."""
    from engine.model.errors import Unavailable

    if not os.environ.get("DATABASE_URL") and not (var / "pg" / "PG_VERSION").exists():
        raise Unavailable(
            "database.unfounded", f"there is no Mingjing in {var}; start it once: mingjing serve --var {var}"
        )


@contextmanager
def working(var: Path) -> Iterator["Work"]:
    """One unit of work on the database of `var`: return commits, raise rolls back."""
    from engine.service.equipment import Equipment
    from engine.store.backup import check_keys
    from engine.store.embedded import embedded

    refuse_unfounded(var)
    check_keys(var)
    with embedded(var, say=say) as dsns, _work(dsns.app, Equipment.open(var)) as uow:
        yield uow


@contextmanager
def working_without_keys(app_dsn: str, var: Path) -> Iterator["Work"]:
    """A unit of work that needs no keys of `var` and makes none: for verifying. It hands out no tree heads."""
    from engine.files.blobs import FolderStore
    from engine.service.equipment import Equipment
    from engine.trace.crypto import DefaultProvider
    from engine.trace.keys import KeyFolder

    with TemporaryDirectory(prefix="mingjing-keys-") as place:
        equipment = Equipment(DefaultProvider(KeyFolder(Path(place))), FolderStore(var / "files"))
        with _work(app_dsn, equipment) as uow:
            yield uow


@contextmanager
def _work(dsn: str, equipment: "Equipment") -> Iterator["Work"]:
    from engine.service.equipment import Work
    from engine.store.work import DatabaseSession, open_engine

    engine = open_engine(dsn, pool_size=1)
    try:
        with DatabaseSession(engine, expire_on_commit=False) as session, Work(session, equipment) as uow:
            yield uow
    finally:
        engine.dispose()


def person(uow: "Work", username: str) -> Actor:
    """The person with this sign-in name, as they stand now. NotFound when there is none."""
    from engine.service.people import actor
    from engine.store.people import account_by_username

    account = account_by_username(uow, username.strip().lower())
    if account is None:
        raise NotFound("person.not_found", f"there is nobody with the sign-in name {username}")
    return actor(uow, account.key)


def read_file(path: Path) -> bytes:
    """The bytes of a file. Invalid when it is larger than any that is accepted, so that no memory is filled with it."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Invalid("input.too_large", f"{path} is larger than {MAX_BYTES} bytes; nothing so large is accepted")
    return content


def read_json_object(path: Path | None) -> dict[str, object]:
    """A JSON object from a file, numbers exact; empty without a file. Invalid when it is none.

    Refused too: a key that stands twice, half of a pair of surrogates, and what is beyond the numbers of FEEL.
    """
    if path is None:
        return {}
    try:
        value = simplejson.loads(
            read_file(path), parse_int=_whole, parse_float=_fraction, object_pairs_hook=_unambiguous, allow_nan=False
        )
        simplejson.dumps(value, use_decimal=True, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Invalid("input.json", f"{path} holds half of a character; write the whole pair of surrogates") from None
    except UnicodeDecodeError:
        raise Invalid("input.json", f"{path} is not JSON: it is not in UTF-8; save it in UTF-8") from None
    except ValueError as problem:
        raise Invalid("input.json", f"{path} is not JSON: {problem}") from problem
    except RecursionError:
        raise Invalid("input.json", f"{path} is nested too deeply") from None
    if not isinstance(value, dict):
        raise Invalid("input.json", f"{path} must hold a JSON object")
    return value


def _whole(digits: str) -> int:
    if len(digits) > WHOLE_DIGITS:
        raise ValueError(f"{digits[:20]}… is no number of at most {WHOLE_DIGITS} digits")
    return int(Decimal(digits))


def _fraction(digits: str) -> Decimal:
    number = Decimal(digits)
    try:
        fit(number)
    except ArithmeticError:
        raise ValueError(f"{digits[:40]} is no number of FEEL; the largest are about 1e6144") from None
    return number


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key `{twice}` stands twice")
    return result


def print_json(value: object) -> None:
    """JSON on stdout; decimals exact, instants and dates in ISO 8601, what JSON has no kind for as FEEL writes it."""
    print(simplejson.dumps(value, use_decimal=True, ensure_ascii=False, indent=1, default=plain, tuple_as_array=True))


def plain(value: object) -> object:
    """What JSON has no word for: instants and dates in ISO 8601, decimals exact, the rest as text."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return value
    if type(value) in NATIVE or isinstance(value, Function):
        return to_text(value)
    return str(value)
