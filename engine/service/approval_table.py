"""The approval options of a process in one table, for its designer."""

from dataclasses import dataclass

from engine.model.approval import ApprovalOptions
from engine.model.errors import Invalid
from engine.model.ids import ElementId
from engine.runtime import gate
from engine.runtime.returning import Map
from engine.service import deployment
from engine.service.equipment import Work, required
from engine.store import definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow:
    """One user task. targets: id and name of the user tasks that it may be sent back to, in document order."""

    process_id: str
    element_id: ElementId
    name: str
    options: ApprovalOptions
    targets: tuple[tuple[ElementId, str], ...]


def of_definition(uow: Work, key: int) -> tuple[ApprovalRow, ...]:
    """Of a deployed process. NotFound when there is none."""
    found = deployment.definition(uow, key)
    rows = of_file(required(definitions.resource(uow, found.digest), f"resource {found.digest}"))
    return tuple(row for row in rows if row.process_id == found.id)


def of_file(bpmn: bytes) -> tuple[ApprovalRow, ...]:
    """Of all processes of a file. Raises Invalid for a file that cannot run."""
    accepted = gate.read(bpmn)
    if accepted.errors:
        raise Invalid("model.refused", f"The model cannot run: {accepted.errors[0].message}")
    found = []
    for drawn, definition in accepted.processes:
        returns = Map.of(drawn)
        for element in definition.elements.values():
            if element.type == "userTask":
                options = element.approval
                ways = [name for name in returns.targets(element.id) if returns.offered(name, options.return_to)]
                targets = tuple((ElementId(name), definition.elements[ElementId(name)].name) for name in ways)
                found.append(
                    ApprovalRow(
                        process_id=definition.process_id,
                        element_id=element.id,
                        name=element.name,
                        options=options,
                        targets=targets,
                    )
                )
    return tuple(found)
