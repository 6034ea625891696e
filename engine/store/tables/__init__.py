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
from engine.store.tables.organisation import (
    ApiToken,
    OrgUnit,
    Person,
    PositionHolding,
    Resident,
    RoleGrant,
    SignInFailure,
)
from engine.store.tables.supervision import Dataset, DatasetIndex, DatasetRow
from engine.store.tables.trace import TraceEntry, TraceStream

__all__ = [
    "ApiToken",
    "Attachment",
    "Base",
    "CaseKey",
    "CommandResult",
    "Dataset",
    "DatasetIndex",
    "DatasetRow",
    "DecisionDefinition",
    "Deployment",
    "DeploymentResource",
    "Draft",
    "FormDefinition",
    "InstanceDelta",
    "InstanceState",
    "Job",
    "NumberSeries",
    "OrgUnit",
    "Person",
    "PositionHolding",
    "ProcessDefinition",
    "ProcessInstance",
    "Resident",
    "Resource",
    "RoleGrant",
    "SignInFailure",
    "TraceEntry",
    "TraceStream",
    "UserTask",
    "UserTaskCandidate",
]
