"""What the verbs of approval share: may this be done here, by this person, to that one; and how it is written down.

A verb is a command like a completion: it locks the case, is carried out once per command id, and leaves one entry of
its own kind. Two who click at once are ordered by the lock; the second learns what the first did.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.identity import access
from engine.model.actors import Actor, Permission
from engine.model.approval import Verb
from engine.model.classes import Classified
from engine.model.definitions import ElementDefinition
from engine.model.errors import Conflict, Detail, Invalid, NotAllowed, Refused
from engine.model.findings import CheckPhase
from engine.model.trace_entries import EntryKind
from engine.model.views import InstanceState
from engine.service import advancing, payloads, recording, stepping, user_tasks
from engine.service.case_facts import CaseFacts, act_of
from engine.service.equipment import Work
from engine.service.handling import Attempt
from engine.service.user_tasks import MAX_OPINION, Locked
from engine.store import approval, cases, people
from engine.trace.crypto import CaseCipher


def refuse_unless_allowed(uow: Work, found: Locked, actor: Actor, verb: Verb, version: int | None = None) -> None:
    """Raise unless the node offers the verb, the task is the actor's to work now, and no added signer is waited for."""
    refuse_unless_offered(found.element, verb)
    refuse_suspended(found)
    user_tasks.refuse_unless_workable(found, actor, version)
    if approval.signing(uow, found.task.key) is not None and verb is not Verb.ADD_SIGN:
        raise Refused("verb.not_for_signers", "an added signer gives an opinion, or asks others; nothing else")
    user_tasks.refuse_while_signed(found)


def refuse_unless_offered(element: ElementDefinition, verb: Verb) -> None:
    """Raise Refused when the model does not offer the verb at the node."""
    if not element.approval.allows(verb):
        name = element.name or element.id
        raise Refused(
            "verb.not_offered",
            f"{name} does not offer {verb.value}; the designer of the process decides",
            params={"element": name, "verb": verb.value},
        )


def refuse_suspended(found: Locked) -> None:
    """Raise Conflict when the case is suspended: nobody does anything in it, added signers neither."""
    if found.case.state is InstanceState.SUSPENDED:
        raise Conflict("case.suspended", "this case is suspended; nothing can be done in it until it is resumed")


def opinion_of(text: str, *, needed: bool = True) -> Classified:
    """The trimmed opinion as it is kept. Raises Invalid when it is too long, or missing though needed."""
    found = text.strip()
    if len(found) > MAX_OPINION:
        detail = Detail(
            place="opinion",
            code="max_length",
            message=f"at most {MAX_OPINION} characters",
            params={"max": str(MAX_OPINION)},
        )
        raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])
    if needed and not found:
        detail = Detail(place="opinion", code="required", message="say why")
        raise Invalid("request.invalid", "some fields of the request are wrong; see errors", details=[detail])
    return payloads.personal(found)


def colleague(uow: Work, found: Locked, username: str, actor: Actor) -> Actor:
    """Another person who may work in this case.

    Raises Invalid for an unknown name, Refused for oneself or somebody outside the units above and below the case's,
    NotAllowed for somebody without the right to work, or whose duties must be kept apart from what they have done.
    """
    account = people.account_by_username(uow, username.strip().lower())
    other = people.actor(uow, account.key) if account and not account.disabled else None
    if other is None:
        raise Invalid(
            "user_task.assignee_unknown",
            f"there is nobody with the sign-in name {username}",
            params={"person": username},
        )
    person = other[0]
    if person.person_key == actor.person_key:
        raise Refused("person.oneself", "choose somebody else than yourself")
    path, unit = found.case.unit_path, person.unit.path
    if not (path.startswith(unit) or unit.startswith(path)):
        raise Refused(
            "person.out_of_reach",
            f"{person.name} belongs to a unit that has nothing to do with this case",
            params={"person": person.name},
        )
    return person


def worker(uow: Work, found: Locked, username: str, actor: Actor) -> Actor:
    """A `colleague` who may work user tasks, decide here, and did nothing that must be kept apart from this one."""
    person = colleague(uow, found, username, actor)
    if not access.may(person, Permission.USER_TASK_WORK, unit_path=None, owner=None).allowed:
        raise NotAllowed("person.cannot_work", f"{person.name} has no role that may work tasks")
    user_tasks.refuse_own_case(found, person)
    refuse_joined_duties(uow, found, person)
    return person


def refuse_joined_duties(uow: Work, found: Locked, person: Actor) -> None:
    """Raise NotAllowed when a blocking check of separated duties would stop this person at submission anyway."""
    checks = tuple(one for one in found.element.checks if one.code.startswith("SEP-") and one.blocking)
    if not checks:
        return
    cipher = uow.required_cipher(found.case.wrapped_key)
    acting = act_of(person, found.element, None, uow.now())
    facts = CaseFacts(uow, uow.now(), found.case, acting)
    world = stepping.environment(uow, facts.now, found.case.definition_key, facts)
    held = advancing.hold(uow, found.case, cipher, acting=acting, suspended=True)
    seen = held.live.visible(found.task.element_instance)
    judged = world.judge(replace(found.element, checks=checks).at(CheckPhase.SUBMIT), seen)
    judged_too = world.judge(replace(found.element, checks=checks).at(CheckPhase.ENTRY), seen)
    for result in (*judged.results, *judged_too.results):
        if result.outcome.value == "hit":
            raise NotAllowed(
                "person.duties_joined",
                f"{person.name} has done what must be kept apart from this task: {result.reason}",
                params={"person": person.name, "reason": result.reason},
            )


def place(found: Locked) -> dict[str, object]:
    """The user task of a verb, in its payload."""
    instance = found.task.element_instance.partition("+")[0]
    return {
        "user_task": str(found.task.key),
        "element": payloads.element_of(found.element, instance, found.task.item_number),
    }


def person_of(actor: Actor) -> dict[str, object]:
    """A person of a verb, in its payload."""
    return payloads.person(actor.person_key, actor.username, actor.name)


def write(
    uow: Work,
    attempt: Attempt,
    found: Locked,
    kind: EntryKind,
    payload: Mapping[str, object],
    cipher: CaseCipher,
    result: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Seal the entry of a verb that does not move the case, and keep its result."""
    entry = recording.draft(uow, kind, attempt.actor, attempt.client, attempt.command_id, payload)
    cases.move_head(uow, recording.to_case(uow, found.case, cipher, entry))
    attempt.keep(result)
