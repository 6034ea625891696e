"""/v2/jobs: programs outside fetch work, complete it, or say that it failed; operators look at what waits."""

from typing import Any

from engine.model.actors import Permission
from engine.model.commands import CompleteJob, FailJob, ThrowError, UpdateJob
from engine.model.ids import JobKey
from engine.model.views import ActivatedJob
from engine.service import jobs
from web import long_poll
from web.api.parsing import ApiBlueprint, json_body
from web.api.schemas.jobs import (
    DEFAULT_PATIENCE_MS,
    MAX_PATIENCE_MS,
    JobActivation,
    JobActivationResult,
    JobCompletion,
    JobError,
    JobFailure,
    JobSearch,
    JobSearchResult,
    JobUpdate,
)
from web.api.schemas.search import SearchResult
from web.api.searching import matcher, only_order, walk
from web.auth import current_actor, requires
from web.commands import client, command_id
from web.db import reading, unit_of_work

blueprint = ApiBlueprint("api_jobs", __name__, url_prefix="/v2", description="Jobs")


@blueprint.on("POST", "/jobs/activation")
@blueprint.takes(JobActivation)
@blueprint.gives(200, JobActivationResult)
@requires(Permission.JOB_WORK)
def activate(wanted: dict[str, Any]) -> dict[str, tuple[ActivatedJob, ...]]:
    """Be handed jobs of a type, the oldest first, for `timeout` milliseconds; at most 100 at once.

    When there is none, the answer waits up to `requestTimeout` milliseconds for one.
    """
    actor = current_actor()

    def look() -> tuple[ActivatedJob, ...]:
        with unit_of_work() as uow:
            return jobs.activate(
                uow,
                actor,
                wanted["type"],
                worker=wanted["worker"] or "",
                lock_ms=wanted["timeout"],
                limit=wanted["maximum"],
                names=wanted["names"] or None,
            )

    return {"jobs": long_poll.until_found(look, _patience_s(wanted["request_timeout"]))}


def _patience_s(request_timeout: int | None) -> float:
    """Seconds to wait for a job. As in Camunda: 0 means the server's own, less does not wait."""
    if request_timeout is None:
        return 0
    return min(request_timeout, MAX_PATIENCE_MS) / 1000 if request_timeout else DEFAULT_PATIENCE_MS / 1000


@blueprint.on("POST", "/jobs/<key:key>/completion")
@blueprint.takes(JobCompletion, required=False)
@blueprint.gives(204)
@requires(Permission.JOB_WORK)
def complete(wanted: dict[str, Any], key: int) -> None:
    """Complete a job; the case goes on in the same transaction."""
    command = CompleteJob(command_id=command_id(), key=JobKey(key), variables=wanted["variables"] or {})
    with unit_of_work() as uow:
        jobs.complete(uow, command, current_actor(), client())


@blueprint.on("POST", "/jobs/<key:key>/failure")
@blueprint.takes(JobFailure, required=False)
@blueprint.gives(204)
@requires(Permission.JOB_WORK)
def fail(wanted: dict[str, Any], key: int) -> None:
    """Say that a job failed. With retries left it is handed out again, without it waits for an operator."""
    command = FailJob(
        command_id=command_id(),
        key=JobKey(key),
        retries=wanted["retries"] or 0,
        message=wanted["message"] or "",
        back_off_ms=wanted["back_off_ms"] or 0,
    )
    with unit_of_work() as uow:
        jobs.fail(uow, command, current_actor(), client())


@blueprint.on("POST", "/jobs/<key:key>/error")
@blueprint.takes(JobError)
@blueprint.gives(204)
@requires(Permission.JOB_WORK)
def throw_error(wanted: dict[str, Any], key: int) -> None:
    """End a job with a BPMN error, which an error event of the model catches. None makes it an incident."""
    command = ThrowError(
        command_id=command_id(),
        key=JobKey(key),
        code=wanted["code"],
        message=wanted["message"] or "",
        variables=wanted["variables"] or {},
    )
    with unit_of_work() as uow:
        jobs.throw_error(uow, command, current_actor(), client())


@blueprint.on("PATCH", "/jobs/<key:key>")
@blueprint.takes(JobUpdate)
@blueprint.gives(204)
@requires(Permission.INCIDENT_RESOLVE, Permission.JOB_WORK)
def update(wanted: dict[str, Any], key: int) -> None:
    """Set how often a job may be tried (`incident.resolve`), or lend it for longer (`job.work`)."""
    changeset = wanted["changeset"]
    command = UpdateJob(
        command_id=command_id(), key=JobKey(key), retries=changeset["retries"], lock_ms=changeset["timeout"]
    )
    with unit_of_work() as uow:
        jobs.update(uow, command, current_actor(), client())


@blueprint.on("POST", "/jobs/search")
@blueprint.takes(JobSearch, required=False)
@blueprint.gives(200, JobSearchResult)
@requires(Permission.JOB_READ)
def search(wanted: dict[str, Any]) -> SearchResult:
    """Jobs in reach, the newest first. FAILED with 0 retries is an incident."""
    only_order(wanted["sort"], "jobKey", "DESC")
    keep = matcher(wanted["filter"])
    given = _in_sql()
    with reading() as uow:
        actor = current_actor()
        return walk(lambda cursor, limit: jobs.search(uow, actor, cursor, limit, **given), keep, wanted["page"])


def _in_sql() -> dict[str, Any]:
    """Conditions that the list itself can hold: plain values of these. The rest is filtered row by row."""
    given = (json_body() or {}).get("filter") or {}
    names = {"state": "state", "type": "kind"}
    found: dict[str, Any] = {own: given[name] for name, own in names.items() if isinstance(given.get(name), str)}
    instance = given.get("processInstanceKey")
    if isinstance(instance, str) and instance.isascii() and instance.isdigit() and len(instance) < 19:
        found["instance_key"] = int(instance)
    return found
