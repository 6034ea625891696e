"""The model gate: says of a BPMN file, element by element, why it cannot run as drawn and how to mend it.

Nothing that we do not run correctly gets past it; nothing is ever run as a silent no-op.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from engine.model.definitions import LintFinding, ProcessDefinition, Severity
from engine.model.errors import Invalid
from engine.model.ids import Digest
from engine.runtime import dialect, xml
from engine.runtime.rules import FAMILIES
from engine.runtime.rules.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """processes: those of the file, empty when there are errors. findings: errors and warnings, in rule order."""

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
    checks: Collection[str] | None = None,
    called: Collection[str] | None = None,
) -> GateReport:
    """Look at a file before it is deployed.

    forms, decisions: ids that are deployed or come with it; called: processes likewise; checks: codes of the
    catalogue. None: not asked
    (without `checks` only the form of a code is looked at). Unsafe or malformed XML is a finding too, its rule is
    the error code.
    """
    try:
        root = xml.parse(bpmn)
    except Invalid as error:
        return GateReport(processes=(), findings=(_unreadable(error, resource),))
    model = Model(
        root=root,
        processes=dialect.processes(root),
        resource=resource,
        forms=forms,
        decisions=decisions,
        checks=checks,
        called=called,
    )
    findings = _findings(model)
    accepted = () if _errors(findings) else _define(bpmn, model.processes)
    return GateReport(processes=tuple(definition for _, definition in accepted), findings=findings)


def read(bpmn: bytes) -> Accepted:
    """Read a file for execution. Raises `Invalid` for XML that is unsafe, too large or malformed."""
    root = xml.parse(bpmn)
    drawn = dialect.processes(root)
    errors = _errors(_findings(Model(root=root, processes=drawn, resource="", forms=None, decisions=None, checks=None)))
    return Accepted(processes=() if errors else _define(bpmn, drawn), errors=errors)


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


def _errors(findings: tuple[LintFinding, ...]) -> tuple[LintFinding, ...]:
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
