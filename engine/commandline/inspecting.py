"""trace verify, doctor, checks list."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commandline.verbs import (
    CLIENT,
    Parser,
    Verbs,
    add_var,
    group,
    print_json,
    refuse_unfounded,
    say,
    verb,
    working_without_keys,
)
from engine.model.errors import Broken, NotFound

if TYPE_CHECKING:
    from engine.service.verification import StreamReport


def add(verbs: "Verbs[Parser]") -> None:
    """Declare the verbs of this group."""
    traces = group(verbs, "trace", about="The trace")
    example = "mingjing trace verify --instance 4711"
    parser = verb(traces, "verify", verify, about="Find out whether anything was altered", example=example)
    parser.add_argument("--instance", type=int, metavar="KEY", help="one process instance only")
    add_var(parser)
    about = "Find cases that nothing moves any more; exit status 1 when there are some"
    parser = verb(verbs, "doctor", doctor, about=about, example="mingjing doctor --var /srv/mingjing")
    add_var(parser)
    checks = group(verbs, "checks", about="The catalogue of checks")
    parser = verb(checks, "list", list_checks, about="List the checks", example="mingjing checks list --json")
    parser.add_argument("--json", action="store_true", help="as JSON")


def verify(arguments: argparse.Namespace) -> int:
    """Verify one case, or every stream; exit status 1 when something was altered. Needs no keys."""
    from engine.store.embedded import embedded

    refuse_unfounded(arguments.var)
    with embedded(arguments.var, say=say) as dsns:
        verify_everything(dsns.app, arguments.var, instance=arguments.instance)
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Name every active case in which nobody and nothing is waited for. Needs no keys."""
    from engine.service import stuck_cases
    from engine.store.embedded import embedded

    refuse_unfounded(arguments.var)
    count = 0
    with embedded(arguments.var, say=say) as dsns, working_without_keys(dsns.app, arguments.var) as uow:
        for found in stuck_cases.find(uow):
            count += 1
            print(f"{found.number} ({found.key}): nobody and nothing is waited for")
    print(f"{count} case(s) that nothing moves")
    return 1 if count else 0


def verify_everything(app_dsn: str, var: Path, *, instance: int | None = None) -> None:
    """Verify, print what was found, and record it in the system stream. Raises Broken when something was altered."""
    from engine.service import verification
    from engine.store import cases, entries

    with working_without_keys(app_dsn, var) as uow:
        found: Iterable[StreamReport]
        if instance is None:
            found = verification.all_streams(uow)
        elif cases.case(uow, instance) is None and not any(True for _ in entries.stream_entries(uow, instance)):
            raise NotFound("case.not_found", f"there is no process instance {instance}")
        else:
            found = [verification.stream_report(uow, instance)]
        reports = []
        for one in found:
            reports.append(one)
            if not one.report.ok:
                print(f"stream {one.stream}: first bad entry {one.report.first_bad_seq}: {one.report.reason}")
        verification.record(uow, None, CLIENT, reports)
    bad = sum(not one.report.ok for one in reports)
    entries_seen, files = (sum(getattr(one.report, name) for one in reports) for name in ("entries", "files"))
    sys.stdout.flush()
    if bad:
        raise Broken("trace.altered", f"{bad} of {len(reports)} stream(s) do not verify")
    print(f"ok: {len(reports)} stream(s), {entries_seen} entries, {files} files")


def list_checks(arguments: argparse.Namespace) -> int:
    """Print code, type, phases, level and source of every check."""
    from engine.supervision.checks import CHECKS

    rows = [
        {
            "code": check.code,
            "name": check.name,
            "type": check.kind,
            "phases": sorted(phase.value for phase in check.phases),
            "level": check.level.value,
            "source": check.source,
        }
        for check in sorted(CHECKS.values(), key=lambda check: check.code)
    ]
    if arguments.json:
        print_json(rows)
        return 0
    for row in rows:
        print(f"{row['code']}  {row['type']}  {'/'.join(row['phases'])}  {row['level']}  {row['source']}")
    return 0
