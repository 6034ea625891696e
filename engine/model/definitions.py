"""A process definition as the other rooms see it: plain values read from the BPMN file by `engine.runtime`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from engine.model.approval import ApprovalOptions
from engine.model.findings import Action, CheckPhase, RiskLevel
from engine.model.ids import Digest, ElementId
from engine.model.working_days import Term


class FieldAccess(StrEnum):
    """The right to a form field at a node. Without rules every field of the node's form may be written.

    MASKED: read-only, and the value itself stays on the server; what travels shows only that there is one
    (`engine.forms.masking`).
    """

    WRITE = "write"
    READ = "read"
    MASKED = "masked"
    HIDDEN = "hidden"


class MaterialKind(StrEnum):
    ATTACHMENT = "attachment"
    PHOTO = "photo"


class Severity(StrEnum):
    """ERROR: cannot run as drawn. WARNING: what a launch demands. INFO: what is read otherwise than written."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One thing the model gate has to say: rule id, element, one sentence, how to mend it."""

    rule: str
    severity: Severity
    element_id: str
    message: str
    cure: str
    resource: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A result that a user task can end with (``supervision:outcome``).

    negative: against the applicant. returns: sends the case back to an earlier node; pages mark it so.
    """

    code: str
    name: str
    opinion_required: bool = False
    negative: bool = False
    returns: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredMaterial:
    """A required material (要件材料): `minimum` files of a kind must travel with the completion (0 = optional).

    outcomes: codes for which it is demanded; empty means for every outcome.
    """

    code: str
    name: str
    kind: MaterialKind
    minimum: int = 0
    outcomes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Legal basis and responsible post of a node that exercises power (权责法定、责任明晰)."""

    law: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """``supervision:timeLimit`` of a node or of the whole process (时限).

    term: what was promised, else the legal limit; legal: units of the legal one where it is longer. actions: taken when
    it is over. starts_at: of a process, the element whose completion it runs from; None: from the start of the case.
    """

    term: Term
    legal: int | None = None
    actions: frozenset[Action] = frozenset({Action.PROMPT_CLERK, Action.ALERT_UNIT})
    starts_at: ElementId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStop:
    """``supervision:pause``: while a token is here, all other clocks of the case stand still (特别程序)."""

    kind: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionRule:
    """``supervision:exemption``: a finding has no consequence where `when` (FEEL) is true, until a day (inclusive)."""

    id: str
    when: str
    basis: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDefinition:
    """A ``supervision:check`` as drawn.

    code: the catalogue's code, for example ``THR-01``. loophole: the one that the check closes.
    parameters: texts by name, attributes (value, operator, limit, unit, …) and ``supervision:parameter`` alike. A
        text that begins with ``=`` is FEEL over the case's variables, any other is taken as it stands.
    allow_with_reason: FEEL of the reason for which a blocking finding lets the step pass; empty: none does.
    """

    id: str
    code: str
    name: str
    level: RiskLevel
    actions: frozenset[Action]
    blocking: bool
    parameters: Mapping[str, str]
    phase: CheckPhase = CheckPhase.ENTRY
    loophole: str = ""
    allow_with_reason: str = ""
    exemptions: tuple[ExemptionRule, ...] = ()


class ParameterShape(Protocol):
    """A parameter that a check of the catalogue takes. choices: the only texts it may have; empty: any."""

    @property
    def name(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def choices(self) -> tuple[str, ...]: ...


class CheckShape(Protocol):
    """What the model gate must know of a check of the catalogue to judge how it is drawn.

    alternatives: names of which at least one must be there, group by group.
    """

    @property
    def parameters(self) -> tuple[ParameterShape, ...]: ...
    @property
    def alternatives(self) -> tuple[frozenset[str], ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementDefinition:
    """One flow node. `type` is the BPMN local name (``userTask``, ``exclusiveGateway``, ``endEvent``, …)."""

    id: ElementId
    type: str
    name: str
    form_id: str | None = None
    assignee: str | None = None
    candidate_positions: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    result_variable: str | None = None
    field_access: Mapping[str, FieldAccess] = field(default_factory=dict)
    materials: tuple[RequiredMaterial, ...] = ()
    basis: Basis = Basis()
    checks: tuple[CheckDefinition, ...] = ()
    decision_id: str | None = None
    decision_result_variable: str | None = None
    time_limit: TimeLimit | None = None
    pause: ClockStop | None = None
    approval: ApprovalOptions = field(default_factory=ApprovalOptions)

    def at(self, phase: CheckPhase) -> "ElementDefinition":
        """The element with only the checks of a phase."""
        return replace(self, checks=tuple(check for check in self.checks if check.phase is phase))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessDefinition:
    """A process of a BPMN file. `subject` is the FEEL text that gives the case its subject (a personal value).

    starts: the start events of the process itself, the default one first; those of subprocesses are not among them.
    """

    process_id: str
    name: str
    digest: Digest
    elements: Mapping[ElementId, ElementDefinition]
    subject: str | None = None
    number_prefix: str = ""
    version_tag: str = ""
    starts: tuple[ElementId, ...] = ()
    time_limit: TimeLimit | None = None
