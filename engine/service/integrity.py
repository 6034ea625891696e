"""What the audit administrator sees of the proof: alarms, rounds of verification, heads and who has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.model.actors import Actor, Permission
from engine.model.errors import NotFound
from engine.service import proof_log, rights
from engine.service.equipment import Work
from engine.store import proof, rounds
from engine.trace.tree_heads import TreeHead

SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The page. alarms, rounds, recipients: rows of the store."""

    alarms: Sequence[Any]
    rounds: Sequence[Any]
    recipients: Sequence[Any]
    heads: Sequence[TreeHead]
    logged: int


def overview(uow: Work, actor: Actor) -> Overview:
    """Everything on one page. Raises NotAllowed."""
    rights.require(actor, Permission.SYSTEM_TRACE_READ)
    return Overview(
        alarms=rounds.alarms(uow, SHOWN),
        rounds=rounds.newest(uow, 10),
        recipients=proof.recipients(uow),
        heads=proof_log.heads(uow, limit=10, newest_first=True),
        logged=proof.size(uow),
    )


def open_alarms(uow: Work) -> int:
    """How many alarms nobody has seen."""
    return rounds.open_alarms(uow)


def see(uow: Work, actor: Actor, key: int) -> None:
    """Say that an alarm was seen. Raises NotAllowed; NotFound when there is none, or it was seen before."""
    rights.require(actor, Permission.SYSTEM_TRACE_READ)
    if not rounds.see(uow, key, uow.now(), actor.person_key):
        raise NotFound("alarm.not_found", "there is no such open alarm")
