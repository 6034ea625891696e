"""Sweeps on demand: asked for by who supervises, done in the background, their progress read.

Such a sweep covers the unit of the person and those below it; `engine.service.sweeps` does it.
"""

from engine.identity import access
from engine.model.actors import Actor, Client, Permission
from engine.model.errors import Conflict, NotAllowed
from engine.service import background_jobs, people, rights, sweeps
from engine.service.background_jobs import Bench
from engine.service.equipment import Work
from engine.service.sweeps import SweepView
from engine.store import sweeps as stored

CLIENT = Client(channel="worker")
LISTED = 20
"""Sweeps of a list at most."""


def listed(uow: Work, actor: Actor) -> tuple[SweepView, ...]:
    """Sweeps of the actor's unit and below, newest first. Raises NotAllowed."""
    rights.require(actor, Permission.SWEEP)
    return tuple(sweeps.shown(row) for row in stored.newest(uow, actor.unit.path, LISTED))


def ask(uow: Work, actor: Actor) -> None:
    """Have the running cases of the actor's unit judged again. Raises NotAllowed, Conflict while that is going on."""
    rights.require(actor, Permission.SWEEP)
    path = actor.unit.path
    if not access.may(actor, Permission.SWEEP, unit_path=path, owner=None).allowed:
        raise NotAllowed("sweep.not_yours", "you may not have the cases of this unit judged again")
    since = uow.now() - sweeps.STALE
    running = stored.unfinished(uow, "", path, uow.now() - sweeps.RESUMABLE)
    if running is not None and running.moved_at > since:
        raise Conflict("sweep.running", "a sweep of these cases is going on; wait for its end")
    sweeps.key_of(uow, "", path, actor)
    background_jobs.defer_sweep(uow, actor.person_key, path)


def carry_out(person_key: int, unit_path: str) -> None:
    """What the worker does. A person who may not sign in any more asks for nothing."""
    with Bench.working() as uow:
        actor = people.actor(uow, person_key)
    sweeps.run(Bench.working, unit_path=unit_path, actor=actor, client=CLIENT)
