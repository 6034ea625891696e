"""Messages and signals from outside: publish one, correlate one at once, broadcast a signal."""

from collections.abc import Mapping
from dataclasses import fields

from engine.model.actors import Actor, Client, Permission
from engine.model.commands import BroadcastSignal, Correlated, CorrelateMessage, PublishMessage
from engine.model.errors import Conflict, Invalid, NotFound, Refused
from engine.model.ids import InstanceKey
from engine.service import deliveries, rights, waits
from engine.service.deliveries import Busy
from engine.service.equipment import Work
from engine.service.handling import Attempt
from engine.service.timers import Sender
from engine.store import commands, publications
from engine.store.publications import Publication
from engine.store.waits import NewPublication

MAX_TIME_TO_LIVE_MS = 366 * 24 * 60 * 60 * 1000


def publish(uow: Work, command: PublishMessage, actor: Actor, client: Client) -> Correlated:
    """Publish a message. It reaches exactly one: a case that waits for its name and key, or a start event; at once, or,
    within its time to live, as soon as one waits.

    What the case does with it is not the publisher's fault: if it cannot go on, the clock tries again.
    Raises NotAllowed, Conflict for a message id that was published under that name before, Invalid for variables that
    cannot be kept.
    """
    rights.require(actor, Permission.MESSAGE_PUBLISH)
    request = [command.name, command.correlation_key, command.time_to_live_ms, command.message_id]
    attempt = Attempt(uow, actor, client, "message.publish", command.command_id, [*request, dict(command.variables)])
    commands.lock(uow, actor.person_key, command.command_id)
    if (earlier := attempt.earlier()) is not None:
        return _again(earlier)
    made = _made(uow, "message", command.name, command.variables, actor, command.correlation_key, command)
    with attempt.deciding():
        if not publications.insert(uow, made):
            raise Conflict(
                "message.already_published",
                f"a message {command.name} with the id {command.message_id} was published before",
                params={"name": command.name, "id": command.message_id},
            )
    reached = _delivered(uow, made, attempt)
    if reached is not None:
        publications.close(uow, made.key, "CORRELATED")
    else:
        publications.queue(uow, made.key, "message", made.published_at)
    return _kept(attempt, made.key, reached)


def correlate(uow: Work, command: CorrelateMessage, actor: Actor, client: Client) -> Correlated:
    """Let a message reach a case that waits for it, or a start event, now or not at all.

    Raises NotAllowed, NotFound when nobody waits, Invalid, Refused as the steps that follow do.
    """
    rights.require(actor, Permission.MESSAGE_PUBLISH)
    request = [command.name, command.correlation_key, dict(command.variables)]
    attempt = Attempt(uow, actor, client, "message.correlate", command.command_id, request)
    commands.lock(uow, actor.person_key, command.command_id)
    if (earlier := attempt.earlier()) is not None:
        return _again(earlier)
    made = _made(uow, "message", command.name, command.variables, actor, command.correlation_key)
    with attempt.deciding():
        reached = deliveries.deliver(uow, _as_stored(made), _sender(attempt), patient=True)
    if reached is None:
        raise NotFound(
            "message.not_correlated",
            f"nobody waits for the message {command.name} with this correlation key",
            params={"name": command.name},
        )
    return _kept(attempt, made.key, reached)


def broadcast(uow: Work, command: BroadcastSignal, actor: Actor, client: Client) -> int:
    """Let a signal reach every case in reach that waits for it now, and every start event; the key of the signal.

    Each goes on in a transaction of its own, by the clock. Raises NotAllowed, Invalid.
    """
    rights.require(actor, Permission.SIGNAL_BROADCAST)
    request = [command.name, dict(command.variables)]
    attempt = Attempt(uow, actor, client, "signal.broadcast", command.command_id, request)
    commands.lock(uow, actor.person_key, command.command_id)
    if (earlier := attempt.earlier()) is not None:
        return int(earlier["key"])
    made = _made(uow, "signal", command.name, command.variables, actor, "")
    publications.insert(uow, made)
    publications.broadcast(uow, _as_stored(made), made.published_at)
    attempt.keep({"key": str(made.key)})
    return made.key


def _made(
    uow: Work,
    kind: str,
    name: str,
    variables: Mapping[str, object],
    actor: Actor,
    correlation_key: str,
    command: PublishMessage | None = None,
) -> NewPublication:
    key, now = uow.keys(1)[0], uow.now()
    wrapped, body = waits.sealed(uow, key, variables)
    permission = Permission.MESSAGE_PUBLISH if kind == "message" else Permission.SIGNAL_BROADCAST
    return NewPublication(
        key=key,
        kind=kind,
        name=name,
        key_hash=waits.key_hash(uow, name, correlation_key) if correlation_key else b"",
        message_id=command.message_id if command else "",
        wrapped=wrapped,
        body=body,
        published_at=now,
        expires_at=waits.until(now, command.time_to_live_ms if command else 0),
        person_key=actor.person_key,
        unit_key=actor.unit.key,
        reach=rights.patterns(actor, permission),
    )


def _delivered(uow: Work, made: NewPublication, attempt: Attempt) -> InstanceKey | None:
    try:
        return deliveries.deliver(uow, _as_stored(made), _sender(attempt))
    except (Busy, Refused, Conflict, Invalid, NotFound):  # nothing was written; the clock tries again and keeps why
        return None


def _as_stored(made: NewPublication) -> Publication:
    given = {one.name: getattr(made, one.name) for one in fields(made)}
    return Publication(**{**given, "reach": list(made.reach)}, state="BUFFERED")


def _sender(attempt: Attempt) -> Sender:
    return Sender(actor=attempt.actor, client=attempt.client, command_id=attempt.command_id)


def _kept(attempt: Attempt, key: int, reached: InstanceKey | None) -> Correlated:
    attempt.keep({"key": str(key), "instance": str(reached) if reached else None})
    return Correlated(key=key, instance_key=reached)


def _again(earlier: Mapping[str, str | None]) -> Correlated:
    instance = earlier["instance"]
    return Correlated(key=int(earlier["key"] or 0), instance_key=InstanceKey(int(instance)) if instance else None)
