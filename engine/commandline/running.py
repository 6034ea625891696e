"""serve, worker, db upgrade, db url, backup, restore."""

import argparse
from pathlib import Path

from engine.commandline.verbs import Parser, Verbs, add_var, group, refuse_unfounded, say, verb
from engine.model.errors import Broken


def add(verbs: "Verbs[Parser]") -> None:
    """Declare the verbs of this group."""
    parser = verb(verbs, "serve", serve, about="Run everything on this machine", example="mingjing serve --port 8000")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (8000)")
    add_var(parser)
    add_var(verb(verbs, "worker", worker, about="Run background jobs", example="mingjing worker --var var"))
    databases = group(verbs, "db", about="The database")
    example = "mingjing db upgrade"
    add_var(verb(databases, "upgrade", upgrade, about="Bring the database to the newest schema", example=example))
    parser = verb(databases, "url", url, about="Print the DSN in use", example='psql "$(mingjing db url)"')
    parser.add_argument("--owner", action="store_true", help="the role that owns the schema, not the one that serves")
    add_var(parser)
    example = "mingjing backup /safe/2026-01-05.tar"
    parser = verb(verbs, "backup", backup, about="Write database and files into one file", example=example)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--with-keys", action="store_true", help="the keys too: then whoever has the file can read it")
    add_var(parser)
    example = "mingjing restore /safe/2026-01-05.tar --var var"
    parser = verb(verbs, "restore", restore, about="Bring a backup back and verify the trace", example=example)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--force", action="store_true", help="replace the database of a folder that is not empty")
    add_var(parser)


def serve(arguments: argparse.Namespace) -> int:
    """Run database, web server and worker until Ctrl-C."""
    from engine.service.parent import Address
    from engine.service.parent import serve as run

    return run(Address(host=arguments.host, port=arguments.port), arguments.var, say)


def worker(arguments: argparse.Namespace) -> int:
    """Run background jobs until Ctrl-C; joins the embedded database when no other is configured."""
    from engine.service import worker as workers
    from engine.store.backup import check_keys
    from engine.store.embedded import embedded

    check_keys(arguments.var)
    with embedded(arguments.var, say=say) as dsns:
        workers.run(dsns.app, arguments.var)
    return 0


def upgrade(arguments: argparse.Namespace) -> int:
    """Apply the migrations that are missing."""
    from engine.store import migrate
    from engine.store.embedded import embedded

    with embedded(arguments.var, say=say) as dsns:
        print(f"The database stands at revision {migrate.upgrade(dsns.owner)}.")
    return 0


def url(arguments: argparse.Namespace) -> int:
    """Print the DSN. An embedded database answers there only while somebody uses it."""
    from engine.store.embedded import embedded

    refuse_unfounded(arguments.var)
    with embedded(arguments.var, say=say) as dsns:
        print(dsns.owner if arguments.owner else dsns.app)
    return 0


def backup(arguments: argparse.Namespace) -> int:
    """Write a backup; people may go on working meanwhile."""
    from engine.store import backup as backups
    from engine.store.embedded import embedded

    refuse_unfounded(arguments.var)
    with embedded(arguments.var, say=say) as dsns:
        manifest = backups.backup(dsns.owner, arguments.var, arguments.file, with_keys=arguments.with_keys)
    print(f"{arguments.file}: schema {manifest.schema_revision}, {len(manifest.members)} members")
    if not manifest.with_keys:
        say(f"The keys are not in it. Without {arguments.var / 'keys'} nobody can read it: keep a copy elsewhere.")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Verify the backup, replace the database, bring it to the newest schema, verify every chain of the trace."""
    from engine.commandline.inspecting import verify_everything
    from engine.store import backup as backups
    from engine.store import migrate
    from engine.store.embedded import embedded

    manifest = backups.verify(arguments.file)
    if not arguments.force:
        backups.refuse_occupied(arguments.var)
    say(f"The backup of {manifest.created_at} is whole ({len(manifest.members)} members). Restoring …")
    with embedded(arguments.var, alone=True, say=say) as dsns:
        backups.restore(dsns.owner, arguments.var, arguments.file)
        migrate.upgrade(dsns.owner)
        say("Verifying the trace …")
        verify_everything(dsns.app, arguments.var)
    print("Restored; the trace verifies.")
    _say_when_keys_are_missing(arguments.var)
    return 0


def _say_when_keys_are_missing(var: Path) -> None:
    from engine.store.backup import check_keys

    try:
        check_keys(var)
    except Broken as problem:
        say(str(problem))


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number
