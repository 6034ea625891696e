"""trace verify, trace head, doctor, checks list."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commandline.verbs import (
    CLIENT,
    Parser,
    Verbs,
    add_var,
    group,
    person,
    print_json,
    refuse_unfounded,
    say,
    verb,
    working,
    working_without_keys,
)
from engine.model.errors import Broken, NotFound

if TYPE_CHECKING:
    from engine.service.equipment import Work
    from engine.service.rounds import Progress

Found = tuple[list[dict[str, Any]], int, str]
"""Faults, how many streams were looked at, and what was found good in words."""


def add(verbs: "Verbs[Parser]") -> None:
    """Declare the verbs of this group."""
    traces = group(verbs, "trace", about="The trace")
    example = "mingjing trace verify --instance 4711"
    parser = verb(traces, "verify", verify, about="Find out whether anything was altered", example=example)
    parser.add_argument("--instance", type=int, metavar="KEY", help="one process instance only")
    parser.add_argument("--new", action="store_true", help="only what came in since the last round")
    parser.add_argument("--resume", action="store_true", help="go on with a round that was interrupted")
    parser.add_argument(
        "--heads",
        type=Path,
        metavar="DIR",
        help="compare with the tree heads in this folder (MINGJING_HEADS, or VAR/heads)",
    )
    add_var(parser)
    about = "Sign a tree head now and hand it out"
    add_var(verb(traces, "head", head, about=about, example="mingjing trace head --var /srv/mingjing"))
    about = "Write the evidence package of a case, which anybody can check"
    parser = verb(traces, "export", export, about=about, example="mingjing trace export 4711 --output case.zip")
    parser.add_argument("key", type=int, metavar="KEY", help="the process instance")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to (evidence-KEY-N.zip here)")
    add_var(parser)
    example = "mingjing trace erase propose DB-2026-000001 --basis '…' --by secadmin"
    parser = verb(traces, "erase", erase, about="Erase personal data of a case, two persons together", example=example)
    parser.add_argument("step", choices=("propose", "approve", "decline"))
    parser.add_argument("what", metavar="NUMBER|KEY", help="the case's number to propose, the proposal's key to decide")
    parser.add_argument("--basis", help="the legal basis, in plain words; names nobody")
    parser.add_argument("--by", required=True, metavar="NAME", help="sign-in name of whoever does it")
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
        handed = arguments.heads or Path(os.environ.get("MINGJING_HEADS") or arguments.var / "heads")
        how = {"new": arguments.new, "resume": arguments.resume, "heads": handed}
        verify_everything(dsns.app, arguments.var, instance=arguments.instance, **how)
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


def verify_everything(app_dsn: str, var: Path, *, instance: int | None = None, **how: Any) -> None:
    """Verify, print what was found, and record it in the system stream. Raises Broken when something was altered.

    how: `new`, `resume`, `heads` of the verb; for everything only.
    """
    with working_without_keys(app_dsn, var) as uow:
        found = _round(uow, **how) if instance is None else _one_case(uow, instance)
    faults, streams, counted = found
    for one in faults:
        print(f"stream {one['stream']}: first bad entry {one['seq']}: {one['reason']}")
    sys.stdout.flush()
    if faults:
        raise Broken("trace.altered", f"{len(faults)} of {streams} stream(s) do not verify")
    print(f"ok: {streams} stream(s), {counted}")


def _one_case(uow: "Work", instance: int) -> Found:
    from engine.service import verification
    from engine.store import cases, entries

    if cases.case(uow, instance) is None and not any(True for _ in entries.stream_entries(uow, instance)):
        raise NotFound("case.not_found", f"there is no process instance {instance}")
    one = verification.stream_report(uow, instance)
    verification.record(uow, None, CLIENT, [one])
    faults = [] if one.report.ok else [verification.fault(one)]
    return faults, 1, f"{one.report.entries} entries, {one.report.files} files"


def _round(uow: "Work", *, new: bool = False, resume: bool = False, heads: Path | None = None) -> Found:
    from engine.service import rounds

    def tell(step: "Progress") -> None:
        say(f"{step.streams} stream(s), {step.entries} entries, {step.files} files …")

    done = rounds.run(uow, "new" if new else "all", None, CLIENT, resume=resume, heads=heads, tell=tell)
    log = done.log
    compared = f", {log.entries} in the log, {log.heads} tree heads" if log else ""
    return list(done.faults), done.streams, f"{done.entries} entries, {done.files} files{compared}"


def head(arguments: argparse.Namespace) -> int:
    """Sign a tree head now and hand it out; prints it."""
    from engine.service import handing_out, proof_log
    from engine.trace import tree_heads

    with working(arguments.var) as uow:
        handing_out.make_head(uow, everything=True)
        newest = proof_log.heads(uow, limit=1, newest_first=True)
        if newest:
            print_json(tree_heads.shown(newest[0]))
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write the evidence package of a case into a file."""
    from engine.service import evidence

    with working(arguments.var) as uow:
        made = evidence.export(uow, None, CLIENT, arguments.key)
    place = arguments.output or Path(made.name)
    place.write_bytes(made.body)
    print(f"{place}: {len(made.body)} bytes; check it with verify.py, which is inside")
    return 0


def erase(arguments: argparse.Namespace) -> int:
    """Propose, or decide about, the erasure of a case's personal data."""
    from engine.service import erasures

    with working(arguments.var) as uow:
        actor = person(uow, arguments.by)
        match arguments.step:
            case "propose":
                key = erasures.propose(uow, actor, CLIENT, arguments.what, arguments.basis or "")
                print(f"proposed; somebody else decides: mingjing trace erase approve {key} --by NAME")
            case "approve":
                erasures.approve(uow, actor, CLIENT, int(arguments.what))
                print("erased")
            case _:
                erasures.decline(uow, actor, CLIENT, int(arguments.what))
                print("declined")
    return 0


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
