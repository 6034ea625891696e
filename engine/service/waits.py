"""What a step waits for and has published, as it is stored. Correlation keys leave here as keyed hashes only."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from engine.feel.temporal import parse_duration
from engine.model.errors import Refused
from engine.model.ids import DefinitionKey
from engine.model.transitions import Occasion, Published, Step, Subscription, WaitingTimer
from engine.runtime import values
from engine.service import lookups
from engine.service.equipment import Work
from engine.store.cases import CaseRecord
from engine.store.publications import Publication
from engine.store.waits import NewPublication, NewSubscription, NewTimer, StepWaits
from engine.trace.crypto import CaseCipher

EVERYWHERE = ("%",)
"""Which units a message or signal of a case reaches: the designer of the process answers for it."""


def of_step(uow: Work, case: CaseRecord, step: Step) -> StepWaits:
    """What is to be written of a step, with the keys of called processes and of what was published."""
    thrown = [one for one in step.published if one.kind is not Occasion.ESCALATION]
    keys = uow.keys(len(thrown)) if thrown else []
    return StepWaits(
        closed=step.closed,
        ended=step.ended,
        timers=[timer(one, _called(uow, one)) for one in step.timers],
        subscriptions=[subscription(uow, one, _called(uow, one)) for one in step.subscriptions],
        published=[_published(uow, case, one, key) for one, key in zip(thrown, keys, strict=True)],
    )


def timer(found: WaitingTimer, called_key: DefinitionKey | None = None) -> NewTimer:
    """A timer as it is stored."""
    return NewTimer(
        element_id=found.element,
        instance=found.instance,
        due_at=found.due_at,
        remaining=found.left,
        called_key=called_key,
    )


def subscription(uow: Work, found: Subscription, called_key: DefinitionKey | None = None) -> NewSubscription:
    """A wait for a message or signal as it is stored."""
    hashed = key_hash(uow, found.name, found.correlation_key) if found.kind is Occasion.MESSAGE else b""
    return NewSubscription(
        kind=found.kind.value,
        name=found.name,
        key_hash=hashed,
        element_id=found.element,
        instance=found.instance,
        called_key=called_key,
    )


def key_hash(uow: Work, name: str, correlation_key: str) -> bytes:
    """The keyed hash of a correlation key: equal keys of one message name are found, and nothing else is told."""
    return uow.equipment.provider.blind_index(f"{len(name)}:{name}:{correlation_key}", domain="message.correlation")


def sealed(uow: Work, key: int, variables: Mapping[str, object]) -> tuple[bytes, bytes]:
    """The variables of a publication, encrypted under a data key of its own, which comes wrapped, first.

    Raises Invalid for what cannot be a variable.
    """
    data_key, wrapped = uow.equipment.provider.new_case_key()
    cipher = CaseCipher(uow.equipment.provider, data_key)
    return wrapped, cipher.encrypt(values.dumps(dict(variables)), context=_context(key))


def opened(uow: Work, found: Publication) -> Mapping[str, object]:
    """The variables of a publication that was not done with yet."""
    if found.body is None:
        return {}
    plain = values.loads(uow.required_cipher(found.wrapped).decrypt(found.body, context=_context(found.key)))
    return plain if isinstance(plain, dict) else {}


def _published(uow: Work, case: CaseRecord, one: Published, key: int) -> NewPublication:
    now = uow.now()
    wrapped, body = sealed(uow, key, one.variables)
    message = one.kind is Occasion.MESSAGE
    return NewPublication(
        key=key,
        kind=one.kind.value,
        name=one.name,
        key_hash=key_hash(uow, one.name, one.correlation_key) if message and one.correlation_key else b"",
        message_id=one.message_id,
        wrapped=wrapped,
        body=body,
        published_at=now,
        expires_at=now + _time_to_live(one),
        person_key=None,
        unit_key=case.unit_key,
        reach=EVERYWHERE,
        source_key=case.key,
    )


def _time_to_live(one: Published) -> timedelta:
    found = parse_duration(one.time_to_live) if one.time_to_live else timedelta()
    if not isinstance(found, timedelta) or found < timedelta():
        raise Refused(
            "message.time_to_live",
            f"the time to live of the message that {one.element} sends is no duration such as PT1H: {one.time_to_live}",
            params={"element": one.element, "value": one.time_to_live},
        )
    return found


def until(now: datetime, milliseconds: int) -> datetime:
    """The end of a time to live."""
    return now + timedelta(milliseconds=milliseconds)


def _called(uow: Work, found: WaitingTimer | Subscription) -> DefinitionKey | None:
    return lookups.reference(uow, found.process_id, found.digest).key if found.process_id else None


def _context(key: int) -> bytes:
    """What ties encrypted variables to their publication."""
    return f"mingjing.publication.v1:{key}".encode()
