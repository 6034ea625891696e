"""Keys and identifiers. A key is a bigint from one database sequence; in HTTP it is written as a string."""

from typing import NewType

UnitKey = NewType("UnitKey", int)
PersonKey = NewType("PersonKey", int)
DeploymentKey = NewType("DeploymentKey", int)
DefinitionKey = NewType("DefinitionKey", int)
InstanceKey = NewType("InstanceKey", int)
UserTaskKey = NewType("UserTaskKey", int)
JobKey = NewType("JobKey", int)
IncidentKey = NewType("IncidentKey", int)
AttachmentKey = NewType("AttachmentKey", int)
AlertKey = NewType("AlertKey", int)
DraftKey = NewType("DraftKey", int)

ElementId = NewType("ElementId", str)
"""The id of an element in the BPMN file, for example ``Visit``."""

ElementInstanceId = NewType("ElementInstanceId", str)
"""One visit of a token to an element: ``<element id>#<n>``, n counting from 1 in its process instance."""

CommandId = NewType("CommandId", str)
"""The id under which a command is carried out once (header ``Idempotency-Key``)."""

Digest = NewType("Digest", str)
"""SHA-256 in lower-case hex, 64 characters."""
