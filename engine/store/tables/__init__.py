"""Typed tables, split by area. No ORM object ever leaves `engine.store`; rows become frozen values at its border."""

from engine.store.tables.base import Base
from engine.store.tables.cases import (
    Attachment,
    CaseKey,
    CommandResult,
    Draft,
    InstanceDelta,
    InstanceState,
    Job,
    NumberSeries,
    ProcessInstance,
    UserTask,
    UserTaskCandidate,
)
from engine.store.tables.definitions import (
    DecisionDefinition,
    Deployment,
    DeploymentResource,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from engine.store.tables.events import Due, Publication, Subscription
from engine.store.tables.incidents import Incident
from engine.store.tables.modelling import ModelDraft, ModelVersion
from engine.store.tables.looking import CaseTerms, StatedReason
from engine.store.tables.organisation import (
    ApiToken,
    OrgUnit,
    Person,
    PositionHolding,
    Resident,
    RoleGrant,
    SignInFailure,
)
from engine.store.tables.supervision import (
    Alert,
    AlertHandling,
    Dataset,
    DatasetIndex,
    DatasetRow,
    DisciplineBody,
    DisciplineLog,
    SealedReport,
    WatchedPlace,
)
from engine.store.tables.trace import TraceEntry, TraceStream

__all__ = [
    "Alert",
    "AlertHandling",
    "ApiToken",
    "Attachment",
    "Base",
    "CaseKey",
    "CaseTerms",
    "CommandResult",
    "Dataset",
    "DatasetIndex",
    "DatasetRow",
    "DecisionDefinition",
    "Deployment",
    "DeploymentResource",
    "DisciplineBody",
    "DisciplineLog",
    "Draft",
    "Due",
    "FormDefinition",
    "Incident",
    "InstanceDelta",
    "InstanceState",
    "Job",
    "ModelDraft",
    "ModelVersion",
    "NumberSeries",
    "OrgUnit",
    "Person",
    "PositionHolding",
    "ProcessDefinition",
    "ProcessInstance",
    "Publication",
    "Resident",
    "Resource",
    "RoleGrant",
    "SealedReport",
    "SignInFailure",
    "StatedReason",
    "Subscription",
    "TraceEntry",
    "TraceStream",
    "UserTask",
    "UserTaskCandidate",
    "WatchedPlace",
]
