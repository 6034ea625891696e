"""Deployed decisions: list them, read them, take one without a case. Taking one changes nothing and is not traced."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.feel import FeelError
from engine.feel.dmn import DecisionResult
from engine.model.errors import NotFound
from engine.service import lookups
from engine.service.equipment import Work, required
from engine.store import definitions
from engine.store.definitions import DefinitionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An answer of a decision. key: names this answer and nothing else; it is not kept."""

    key: int
    definition: DefinitionRow
    result: DecisionResult


def search(uow: Work, *, after: int | None = None, limit: int = 50) -> list[DefinitionRow]:
    """Versions of decisions, the newest deployed first."""
    return definitions.newest_first(uow, "decision", after=after, limit=limit)


def definition(uow: Work, key: int) -> DefinitionRow:
    """A version of a decision by its key. Raises NotFound."""
    found = definitions.by_key(uow, key, "decision")
    if found is None:
        raise NotFound("decision_definition.not_found", "there is no such decision definition")
    return found


def xml(uow: Work, key: int) -> bytes:
    """The DMN file that a version of a decision came in. Raises NotFound."""
    found = definition(uow, key)
    return required(definitions.resource(uow, found.digest), f"resource {found.digest}")


def evaluate(uow: Work, variables: Mapping[str, object], *, key: int | None = None, decision_id: str = "") -> Taken:
    """Take the decision of a key, or the newest version of an id. Errors of the decision are in the result.

    Raises NotFound.
    """
    found = definition(uow, key) if key is not None else _newest(uow, decision_id)
    try:
        result = lookups.decision_model(uow, found.digest).evaluate(found.id, variables, now=uow.now())
    except FeelError as error:
        result = DecisionResult(value=None, errors=(str(error),))
    return Taken(key=uow.keys(1)[0], definition=found, result=result)


def _newest(uow: Work, decision_id: str) -> DefinitionRow:
    found = definitions.latest(uow, "decision", [decision_id]).get(decision_id)
    if found is None:
        raise NotFound("decision_definition.not_found", "there is no such decision definition")
    return found
