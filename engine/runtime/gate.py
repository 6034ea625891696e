"""The model gate: says of a BPMN file, element by element, why it cannot run as drawn and how to mend it.

Nothing that we do not run correctly gets past it; nothing is ever run as a silent no-op.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.model.definitions import CheckShape, LintFinding, ProcessDefinition, Severity
from engine.model.errors import Invalid
from engine.model.ids import Digest
from engine.runtime import dialect, interchange, xml
from engine.runtime.rules import FAMILIES, JUDGING, references, schema
from engine.runtime.rules.model import Model, Reporter

MAX_PER_RULE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """processes: those of the file, empty when there are errors. findings: in rule order."""

    processes: tuple[ProcessDefinition, ...]
    findings: tuple[LintFinding, ...]

    @property
    def errors(self) -> tuple[LintFinding, ...]:
        """What forbids deployment."""
        return _errors(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A file as the interpreter takes it: each process as drawn and as defined; empty when there are errors."""

    processes: tuple[tuple[dialect.DrawnProcess, ProcessDefinition], ...]
    errors: tuple[LintFinding, ...]


def inspect(
    bpmn: bytes,
    *,
    resource: str,
    forms: Collection[str] | None,
    decisions: Collection[str] | None,
    checks: Collection[str] | Mapping[str, CheckShape] | None = None,
    called: Collection[str] | None = None,
) -> GateReport:
    """Look at a file before it is deployed.

    forms, decisions: ids that are deployed or come with it; called: processes likewise; checks: codes of the
    catalogue, with their shapes when parameters are to be judged. None: not asked (without `checks` only the form of a
    code is looked at). Unsafe or malformed XML is a finding too, its rule is the error code.
    """
    try:
        root, drawn, first = _open(bpmn, resource)
    except Invalid as error:
        return GateReport(processes=(), findings=(_unreadable(error, resource),))
    model = Model(
        root=root,
        processes=drawn,
        resource=resource,
        forms=forms,
        decisions=decisions,
        checks=checks,
        called=called,
    )
    findings = _bounded((*first, *_findings(model)))
    accepted = () if _errors(findings) else _define(bpmn, model.processes)
    return GateReport(processes=tuple(definition for _, definition in accepted), findings=findings)


def read(bpmn: bytes) -> Accepted:
    """Read a file for execution. Raises `Invalid` for XML that is unsafe, too large or malformed.

    Asks only whether the interpreter can run it. What was deployed once must stay executable when a later release
    judges drawings more strictly, so the rules that only judge (`schema`, `references`, `JUDGING`) are not asked.
    """
    root = xml.parse(bpmn)
    rewritten = tuple(interchange.rewrite(Reporter(resource=""), root))
    model = Model(root=root, processes=_running(root), resource="", forms=None, decisions=None, checks=None)
    found = (finding for family in FAMILIES if family not in JUDGING for finding in family(model))
    errors = _errors((*rewritten, *found))
    return Accepted(processes=() if errors else _define(bpmn, model.processes), errors=errors)


def drawn(bpmn: bytes) -> tuple[dialect.DrawnProcess, ...]:
    """The processes of a file that run, read as our dialect but not judged. Raises as `read` does."""
    root = xml.parse(bpmn)
    deque(interchange.rewrite(Reporter(resource=""), root), maxlen=0)
    return _running(root)


def process_ids(files: Iterable[bytes]) -> set[str]:
    """Ids of the processes in files, judged or not; a file that cannot be read has none."""
    found: set[str] = set()
    for body in files:
        try:
            found.update(process.id for process in dialect.processes(xml.parse(body)))
        except Invalid:
            continue
    return found


def _open(
    bpmn: bytes, resource: str
) -> tuple[etree._Element, tuple[dialect.DrawnProcess, ...], tuple[LintFinding, ...]]:
    """Root, processes that run, and what is to be said about the file as it was written."""
    root = xml.parse(bpmn)
    reporter = Reporter(resource=resource)
    findings = (
        *schema.inspect(reporter, root),
        *references.inspect(reporter, root),
        *interchange.rewrite(reporter, root),
    )
    return root, _running(root), findings


def _running(root: etree._Element) -> tuple[dialect.DrawnProcess, ...]:
    return tuple(process for process in dialect.processes(root) if process.executable)


def _findings(model: Model) -> tuple[LintFinding, ...]:
    return tuple(finding for family in FAMILIES for finding in family(model))


def _define(
    bpmn: bytes, drawn: tuple[dialect.DrawnProcess, ...]
) -> tuple[tuple[dialect.DrawnProcess, ProcessDefinition], ...]:
    digest = Digest(hashlib.sha256(bpmn).hexdigest())
    return tuple((process, dialect.definition(process, digest)) for process in drawn)


def _unreadable(error: Invalid, resource: str) -> LintFinding:
    return LintFinding(
        rule=error.code,
        severity=Severity.ERROR,
        element_id="",
        message=error.message,
        cure="Export the model again from the modeler.",
        resource=resource,
    )


def _bounded(findings: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
    """At most `MAX_PER_RULE` findings of each rule: more help nobody, and a hostile file could have 100,000."""
    count: Counter[str] = Counter()
    kept = []
    for finding in findings:
        count[finding.rule] += 1
        if count[finding.rule] <= MAX_PER_RULE:
            kept.append(finding)
    return tuple(kept)


def _errors(findings: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
