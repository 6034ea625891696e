"""Models that are being drawn: drafts, and the versions of them that somebody gave a reason for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.definitions import LintFinding
from engine.model.ids import DefinitionKey, DeploymentKey, Digest, DraftKey


class ModelKind(StrEnum):
    """What a file holds: processes (BPMN 2.0), decisions (DMN 1.3), or a form (form-js)."""

    PROCESS = "process"
    DECISION = "decision"
    FORM = "form"

    @property
    def suffix(self) -> str:
        """The end of the file's name."""
        return {"process": ".bpmn", "decision": ".dmn", "form": ".form"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDraft:
    """A draft without its bytes. `revision` grows with every save."""

    key: DraftKey
    kind: ModelKind
    name: str
    resource_name: str
    revision: int
    created_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """A numbered state of a draft. deployment_key: the deployment that put it into force, if one did."""

    number: int
    digest: Digest
    reason: str
    loophole: str
    author: str
    created_at: datetime
    deployment_key: DeploymentKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """Begin a draft: empty (no body, no definition), of an uploaded file, or of what is deployed."""

    kind: ModelKind
    name: str
    body: bytes | None = None
    resource_name: str = ""
    definition_key: DefinitionKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """Keep a draft over the revision that its author saw."""

    key: DraftKey
    revision: int
    body: bytes
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft:
    """A draft with its bytes, what the gate says of it, and its versions, newest first."""

    draft: ModelDraft
    body: bytes
    findings: tuple[LintFinding, ...]
    versions: tuple[ModelVersion, ...]
