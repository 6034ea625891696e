"""A process definition as the other rooms see it: plain values read from the BPMN file by `engine.runtime`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.model.findings import Action, RiskLevel
from engine.model.ids import Digest, ElementId


class FieldAccess(StrEnum):
    """The right to a form field at a node. Without rules every field of the node's form may be written."""

    WRITE = "write"
    READ = "read"
    HIDDEN = "hidden"


class MaterialKind(StrEnum):
    ATTACHMENT = "attachment"
    PHOTO = "photo"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


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
class CheckDefinition:
    """A ``supervision:check`` as drawn. `value` and `limit` are FEEL texts without the leading ``=``.

    code: the catalogue's code, for example ``THR-01``.
    operator: ``<``, ``<=``, ``>``, ``>=``, ``=``, ``!=`` that must hold between value and limit; else HIT.
    """

    id: str
    code: str
    name: str
    level: RiskLevel
    actions: frozenset[Action]
    blocking: bool
    value: str
    operator: str
    limit: str
    unit: str = ""


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
