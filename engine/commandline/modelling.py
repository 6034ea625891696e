"""deploy, lint, decide, feel: for those who draw processes."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commandline.verbs import (
    CLIENT,
    Parser,
    Verbs,
    add_var,
    person,
    print_json,
    read_file,
    read_json_object,
    say,
    verb,
    working,
)
from engine.model.approval import Verb
from engine.model.definitions import LintFinding, Severity
from engine.model.errors import Invalid, MingjingError

if TYPE_CHECKING:
    from engine.feel.dmn import DecisionModel

ENDINGS = (".bpmn", ".dmn", ".form")
SQL_DIALECTS = ("duckdb", "postgres", "spark", "trino", "clickhouse")
"""`engine.feel.sql.Dialect`, which takes too long to import for the other verbs."""
Resources = tuple[tuple[str, bytes], ...]


UNREADABLE = ("xml.malformed", "xml.unsafe", "xml.too_large", "deployment.too_large")
"""Rules of files that cannot be read at all."""


def add(verbs: "Verbs[Parser]") -> None:
    """Declare the verbs of this group."""
    example = "mingjing deploy processes/dibao forms"
    parser = verb(verbs, "deploy", deploy, about="Deploy files and folders, all or nothing", example=example)
    parser.add_argument("path", nargs="+", type=Path, metavar="PATH")
    parser.add_argument(
        "--as", dest="username", metavar="USERNAME", help="in the name of this person (else the system)"
    )
    add_var(parser)
    example = "mingjing lint processes/dibao forms --json"
    parser = verb(verbs, "lint", lint, about="Say what would not run, and why", example=example)
    parser.add_argument("path", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--json", action="store_true", help="findings as JSON")
    example = "mingjing approvals processes/dibao/dibao.bpmn"
    parser = verb(
        verbs,
        "approvals",
        approvals,
        about="Print what each user task allows: verbs, votes, ways back",
        example=example,
    )
    parser.add_argument("file", type=Path, metavar="FILE.bpmn")
    parser.add_argument("--json", action="store_true", help="as JSON")
    example = "mingjing decide processes/dibao/dibao-limits.dmn --decision dibao_limits --input case.json"
    parser = verb(verbs, "decide", decide, about="Take a decision of a DMN file", example=example)
    parser.add_argument("file", type=Path, metavar="FILE.dmn")
    parser.add_argument("--decision", required=True, metavar="ID")
    parser.add_argument("--input", type=Path, metavar="FILE.json", help="the variables (a JSON object)")
    about = "a file that it imports; may be repeated, in any order"
    parser.add_argument(
        "--import", dest="imports", action="append", default=[], type=Path, metavar="FILE.dmn", help=about
    )
    example = "mingjing feel 'income / members <= 830' --context case.json"
    parser = verb(verbs, "feel", feel, about="Evaluate a FEEL expression", example=example)
    parser.add_argument("expression", metavar="EXPR")
    parser.add_argument("--context", type=Path, metavar="FILE.json", help="the variables (a JSON object)")
    parser.add_argument("--sql", choices=SQL_DIALECTS, help="print it in SQL instead; it is not evaluated")
    parser.add_argument("--types", type=Path, metavar="FILE.json", help="for --sql: the columns and their types")


def deploy(arguments: argparse.Namespace) -> int:
    """Deploy; prints each definition with its version, and the gate's warnings on stderr."""
    from engine.model.commands import Deploy
    from engine.service import bootstrap, deployment
    from engine.service.handling import new_command_id

    resources = _read(arguments.path)
    with working(arguments.var) as uow:
        actor = person(uow, arguments.username) if arguments.username else bootstrap.system_actor(uow)
        command = Deploy(command_id=new_command_id(), resources=resources)
        deployed = deployment.deploy(uow, command, actor, CLIENT)
    for made in deployed.definitions:
        print(f"{made.kind} {made.id} version {made.version}{'' if made.new else ' (unchanged)'}")
    for warning in deployed.warnings:
        say(f"warning: {warning}")
    return 0


def lint(arguments: argparse.Namespace) -> int:
    """0: no error was found; 1: some were; 2: a file cannot be read.

    Forms, decisions and called processes that the files refer to are looked for in the files themselves, in their
    folders and in our own content.
    """
    from engine.service import bootstrap, deployment

    try:
        resources = _read(arguments.path)
    except (OSError, MingjingError) as problem:
        say(f"mingjing: {one_line(problem)}")
        return 2
    root = bootstrap.content_root()
    beside = {path if path.is_dir() else path.parent for path in arguments.path}
    others = [path for folder in beside for path in folder.iterdir() if path.suffix in ENDINGS]
    content = _files([path for path in (root / "forms", root / "processes") if path.exists()])
    forms, decisions, processes = _ids([*others, *content])
    findings = deployment.lint(resources, forms=forms, decisions=decisions, processes=processes)
    if arguments.json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(_line(finding))
        sys.stdout.flush()
        say(f"{len(resources)} file(s), {len(findings)} finding(s)")
    if any(finding.rule in UNREADABLE for finding in findings):
        return 2
    return 1 if any(finding.severity is Severity.ERROR for finding in findings) else 0


def approvals(arguments: argparse.Namespace) -> int:
    """One line for each user task: its id, verbs, how votes count, and where it may be sent back to."""
    from engine.service import approval_table

    rows = approval_table.of_file(read_file(arguments.file))
    if arguments.json:
        print_json([asdict(row) for row in rows])
        return 0
    for row in rows:
        vote = row.options.vote
        verbs = [f"{code}={name}" if name else code for code, name in row.options.verbs.items()]
        counted = f"{vote.mode} {vote.share}{' over' if vote.over else ''} {vote.disagreement}" if vote else "-"
        back = ",".join(target for target, _ in row.targets) if row.options.allows(Verb.SEND_BACK) else "-"
        print(f"{row.element_id}\t{' '.join(verbs)}\tvote: {counted}\tback to: {back}")
    return 0


def decide(arguments: argparse.Namespace) -> int:
    """Print the decision's value, the rules that matched, the inputs and the errors, as JSON.

    What is wrong in the file and each error of the decision are also a line on stderr.
    """
    model = _load(arguments.file, arguments.imports)
    for fault in model.problems:
        say(f"warning: {arguments.file}: {fault}")
    result = model.evaluate(arguments.decision, read_json_object(arguments.input), now=datetime.now(UTC))
    shown = {"value": result.value, "matched": result.matched, "inputs": dict(result.inputs), "errors": result.errors}
    print_json(shown)
    for error in result.errors:
        say(f"mingjing: {error}")
    return 1 if result.errors else 0


def _load(main: Path, others: Sequence[Path]) -> "DecisionModel":
    """The model of a file, with those of the files that it or they import. DmnError says which file is wrong."""
    from engine.feel import DmnError, dmn

    loaded: list[DecisionModel] = []
    waiting = [*others, main]
    while True:
        failed: dict[Path, DmnError] = {}
        for path in waiting:
            try:
                loaded.append(dmn.load(read_file(path), imports=loaded))
            except DmnError as problem:
                failed[path] = problem
        if main not in failed:
            return loaded[-1]
        if len(failed) == len(waiting):
            wrong, reason = next(iter(failed.items()))
            raise DmnError(f"{wrong}: {reason}") from reason
        waiting = list(failed)


def feel(arguments: argparse.Namespace) -> int:
    """Print the value as JSON; with --sql the rule in SQL instead."""
    from engine.feel import compile_expression

    text = arguments.expression.removeprefix("=")
    if arguments.types is not None and arguments.sql is None:
        say("mingjing feel: --types goes with --sql; for the variables use --context")
        return 2
    if arguments.context is not None and arguments.sql is not None:
        say("mingjing feel: with --sql nothing is evaluated; give the columns and their types with --types")
        return 2
    if arguments.sql is not None:
        return _feel_in_sql(text, arguments.sql, arguments.types)
    context = read_json_object(arguments.context)
    print_json(compile_expression(text, names=context.keys())(context, now=datetime.now(UTC)))
    return 0


def _feel_in_sql(text: str, dialect: str, types: Path | None) -> int:
    """Print the kind, the SQL of the value and, of a condition, that for WHERE."""
    from engine.feel.sql import Dialect, columns_of, translate_expression

    columns = columns_of(read_json_object(types))
    made = translate_expression(text, columns, Dialect(dialect), now=datetime.now(UTC))
    shown = {"kind": made.kind.value, "value": made.sql()}
    print_json(shown | ({"where": made.where()} if made.is_condition else {}))
    return 0


def one_line(problem: Exception) -> str:
    """An error as one line, with the places where input is wrong."""
    if isinstance(problem, OSError) and problem.strerror and problem.filename:
        return f"{problem.filename}: {problem.strerror}"
    places = [f"{detail.place}: {detail.message}" for detail in getattr(problem, "details", ())]
    return " ".join("; ".join([str(problem) or type(problem).__name__, *places]).split())


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(one for one in path.rglob("*") if one.suffix in ENDINGS) if path.is_dir() else [path]
    return found


def _read(paths: Sequence[Path]) -> Resources:
    resources = tuple((str(path), read_file(path)) for path in _files(paths))
    if not resources:
        raise Invalid("deployment.empty", "there is no .bpmn, .dmn or .form file in these folders")
    return resources


def _ids(paths: Iterable[Path]) -> tuple[set[str], set[str], set[str]]:
    """Ids of the forms, decisions and processes in files; a file that is broken has none."""
    from engine.feel import FeelError, dmn
    from engine.forms import schema
    from engine.runtime import gate

    forms: set[str] = set()
    decisions: set[str] = set()
    processes: set[str] = set()
    for path in paths:
        try:
            body = read_file(path)
            if path.suffix == ".form":
                forms.add(schema.parse(body, resource=path.name).form_id)
            elif path.suffix == ".dmn":
                decisions.update(dmn.load(body).decisions)
            else:
                processes |= gate.process_ids([body])
        except (OSError, MingjingError, FeelError):
            continue
    return forms, decisions, processes


def _line(finding: LintFinding) -> str:
    place = f"{finding.resource}#{finding.element_id}" if finding.element_id else finding.resource
    return f"{finding.severity.value}: {place}: {finding.message} {finding.cure} [{finding.rule}]"
