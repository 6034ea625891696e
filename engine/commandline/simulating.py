"""simulate: a model run in memory, without a database."""

import argparse
import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import simplejson

from engine.commandline.verbs import Parser, Verbs, plain, read_file, read_json_object, say, verb
from engine.model.definitions import Severity
from engine.model.errors import Invalid, MingjingError, Refused
from engine.model.ids import Digest

if TYPE_CHECKING:
    from engine.feel.dmn import DecisionModel
    from engine.runtime.environment import CalledProcess, Decided, Environment
    from engine.runtime.executable import ExecutableProcess
    from engine.runtime.simulate import Simulation

REFUSED = 2


def add(verbs: "Verbs[Parser]") -> None:
    """Declare the verb."""
    example = "mingjing simulate processes/dibao/dibao.bpmn --scenario processes/dibao/scenarios/confirmed.json"
    about = "Run a model in memory, without a database, and print what happens, one JSON object a line"
    parser = verb(verbs, "simulate", simulate, about=about, example=example)
    parser.add_argument("file", type=Path, metavar="FILE.bpmn")
    parser.add_argument("--process", metavar="ID", help="which process of the file (else the one that none calls)")
    parser.add_argument(
        "--scenario",
        type=Path,
        metavar="FILE.json",
        help="what happens, described in docs/user/en/designer.md (else everything completes)",
    )
    parser.add_argument(
        "--decisions",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="more .dmn files, or folders of them",
    )
    parser.add_argument("--json", action="store_true", help="why a model is refused as JSON, too")


def simulate(arguments: argparse.Namespace) -> int:
    """0: it ran as expected; 1: it failed, stuck or ran otherwise; 2: it was refused, or a file cannot be read."""
    from engine.runtime.scenario import read_scenario
    from engine.runtime.simulate import simulate as run

    try:
        scenario = read_scenario(read_json_object(arguments.scenario), now=datetime.now(UTC))
    except (OSError, MingjingError) as problem:
        say(f"mingjing: {arguments.scenario}: {_said(problem)}")
        return REFUSED
    try:
        shelf = Shelf(arguments.file, arguments.decisions)
        accepted = _inspect(shelf, arguments.file.name, as_json=arguments.json)
        process = shelf.choose(arguments.process) if accepted else None
    except MingjingError as problem:
        say(f"mingjing: {arguments.file}: {problem}")
        return REFUSED
    except OSError as problem:
        say(f"mingjing: {problem.filename or arguments.file}: {_said(problem)}")
        return REFUSED
    if process is None:
        return REFUSED
    found = run(process, scenario, shelf.world)
    for line in found.lines():
        print(_line(line))
    sys.stdout.flush()
    return _judge(found)


def _inspect(shelf: "Shelf", resource: str, *, as_json: bool) -> bool:
    """Ask the gate, and say why it refuses, or what it reads otherwise than it is written."""
    from engine.runtime import gate

    report = gate.inspect(
        shelf.main, resource=resource, forms=None, decisions=shelf.decisions, called=shelf.process_ids
    )
    if report.errors and as_json:
        print(_line({"state": "refused", "findings": [asdict(finding) for finding in report.errors]}))
    for finding in report.errors or report.findings:
        if finding.severity is not Severity.WARNING:
            place = f"{finding.resource}#{finding.element_id}".rstrip("#")
            say(f"{finding.severity.value}: {place}: {finding.message} {finding.cure} [{finding.rule}]")
    return not report.errors


def _judge(found: "Simulation") -> int:
    """Say what went wrong. What a scenario expects of the end is right, be it a failure."""
    if found.reason:
        say(f"mingjing: {found.reason}")
    if found.stuck:
        joins = ", ".join(found.stuck)
        say(f"mingjing: tokens wait for ever before {joins}: nothing is left that could lead one more there")
    for line in found.surprises or ():
        say(f"mingjing: not as expected: {line}")
    if found.surprises is not None:
        return 1 if found.surprises else 0
    return 1 if found.reason or found.stuck else 0


def _said(problem: Exception) -> str:
    return (problem.strerror or "") if isinstance(problem, OSError) else str(problem)


class Shelf:
    """The models beside a file: its own processes first, then those of its folder; decisions by id."""

    def __init__(self, file: Path, more: Iterable[Path] = ()) -> None:
        from engine.runtime import dialect, gate, xml

        self.main = read_file(file)
        xml.parse(self.main)
        others = [path for path in sorted(file.parent.glob("*.bpmn")) if path.resolve() != file.resolve()]
        self._processes: dict[str, list[bytes]] = {}
        self._tags: dict[tuple[str, str], bytes] = {}
        self._callers: set[str] = set()
        for body in (self.main, *(read_file(path) for path in others)):
            try:
                drawn = gate.drawn(body)
            except Invalid:
                continue
            for process in drawn:
                self._processes.setdefault(process.id, []).append(body)
                if dialect.version_tag(process):
                    self._tags[process.id, dialect.version_tag(process)] = body
        self.decisions = _decisions([file.parent, *more])
        self._loaded: dict[tuple[str, str], ExecutableProcess] = {}

    @property
    def process_ids(self) -> frozenset[str]:
        """Processes that can be called."""
        return frozenset(self._processes)

    def choose(self, process_id: str | None) -> "ExecutableProcess":
        """The process named, else the first of the file that no other of its processes calls."""
        from engine.runtime import activities, gate

        drawn = gate.drawn(self.main)
        if process_id is None:
            called = {name for one in drawn for name in activities.called_ids(one)}
            process_id = next((one.id for one in drawn if one.id not in called), drawn[0].id)
        return self._load(self.main, process_id)

    def world(self, now: datetime) -> "Environment":
        """Decisions and called processes from the shelf, checks judged."""
        from engine.runtime.environment import Environment, monday_to_friday
        from engine.service.judging import judge_with

        judge = judge_with(self._decide, now)
        return Environment(now=now, decide=self._decide, judge=judge, call=self._call, working_days=monday_to_friday)

    def _decide(self, decision: str, variables: Mapping[str, object], now: datetime) -> "Decided":
        from engine.runtime.environment import Decided

        digest, model = self.decisions[decision]
        result = model.evaluate(decision, variables, now=now)
        return Decided(digest=digest, matched=result.matched, inputs=result.inputs, output=result.value)

    def _call(self, called: "CalledProcess") -> "ExecutableProcess":
        body = next(iter(self._processes.get(called.process_id, ())), None)
        if called.binding == "versionTag":
            body = self._tags.get((called.process_id, called.version_tag or ""))
        if body is None:
            what = f"{called.process_id!r} {called.version_tag or ''}".strip()
            raise Refused("process.not_called", f"The process {what} that is called is not in the folder.")
        return self._load(body, called.process_id)

    def _load(self, body: bytes, process_id: str) -> "ExecutableProcess":
        from engine.runtime import interpreter

        key = (hashlib.sha256(body).hexdigest(), process_id)
        if key not in self._loaded:
            self._loaded[key] = interpreter.load(body, process_id)
        return self._loaded[key]


def _decisions(paths: Iterable[Path]) -> "dict[str, tuple[Digest, DecisionModel]]":
    """Decisions by id; those of an earlier path win, and a file that is broken holds none."""
    from engine.feel import FeelError, dmn

    found: dict[str, tuple[Digest, DecisionModel]] = {}
    for path in paths:
        for file in sorted(path.glob("*.dmn")) if path.is_dir() else [path]:
            body = read_file(file)
            try:
                model = dmn.load(body)
            except (FeelError, MingjingError):
                continue
            for decision in model.decisions:
                found.setdefault(decision, (Digest(hashlib.sha256(body).hexdigest()), model))
    return found


def _line(value: object) -> str:
    text: str = simplejson.dumps(value, use_decimal=True, ensure_ascii=False, default=plain, tuple_as_array=True)
    return text
