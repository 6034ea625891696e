"""What a model says about deciding together and going back: ``supervision:approval`` of a user task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from engine.model.ids import ElementId

INITIATOR = "initiator"
"""The word among return targets for the first user task of the process."""


class Verb(StrEnum):
    """What may be done with a user task besides completing it, as the API and the model write it."""

    SEND_BACK = "send-back"
    WITHDRAW = "withdraw"
    TRANSFER = "transfer"
    DELEGATE = "delegate"
    ADD_SIGN = "add-sign"
    REMOVE_SIGN = "remove-sign"
    URGE = "urge"
    CC = "cc"


ALWAYS = frozenset({Verb.URGE, Verb.CC})
"""Verbs of a node that says nothing: they change neither who decides nor where the case goes."""


class Countersign(StrEnum):
    """How the votes of a multi-instance user task make one result.

    ALL: everybody agrees. RATIO: a share of the people. WEIGHTED: a share of the weights. ANY: the first one decides.
    In sequence is a sequential multi-instance of any of these.
    """

    ALL = "all"
    RATIO = "ratio"
    WEIGHTED = "weighted"
    ANY = "any"


class Disagreement(StrEnum):
    """VETO: one negative vote decides. COUNT: it is counted, and decides once agreement is out of reach."""

    VETO = "veto"
    COUNT = "count"


class Resume(StrEnum):
    """Where a case goes after the node that it was sent back to.

    CONTINUE: on along the drawing. DIRECT: straight back to the node that sent it back. EITHER: who sends back says.
    """

    CONTINUE = "continue"
    DIRECT = "direct"
    EITHER = "either"


class SelfApproval(StrEnum):
    """What happens when the task of a node would be the initiator's own. Never is it passed over.

    ALLOW: it may. REFUSE: the initiator cannot work it; another holder of the position must.
    """

    ALLOW = "allow"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How a node counts. share: what must agree, above 0 and up to 1; `over`: more than the share, not just as much.

    weight: FEEL over the item of the collection. everybody: all are heard, also when the result is certain.
    """

    mode: Countersign
    disagreement: Disagreement
    share: Decimal
    over: bool = False
    weight: str = ""
    everybody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalOptions:
    """Of one user task. verbs: those it allows, with the names that it gives them (empty: the usual name).

    return_to: elements it may be sent back to, or `INITIATOR`; empty: every earlier user task from which it is sound.
    vote: how the instances of a multi-instance count; None leaves that to its completion condition.
    fallback: positions that take the task when nobody holds those of the node; empty: that is refused.
    """

    verbs: Mapping[Verb, str] = field(default_factory=lambda: dict.fromkeys(sorted(ALWAYS), ""))
    return_to: tuple[ElementId, ...] = ()
    resume: Resume = Resume.EITHER
    vote: Vote | None = None
    self_approval: SelfApproval = SelfApproval.ALLOW
    fallback: tuple[str, ...] = ()

    def allows(self, verb: Verb) -> bool:
        """Whether the node offers the verb."""
        return verb in self.verbs
