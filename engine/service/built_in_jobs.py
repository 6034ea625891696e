"""Jobs that our own worker does: call another system, send a mail, evaluate an expression.

A background job is deferred in the transaction in which the job begins to wait, and carries nothing but its key. It
lends the job, works without a transaction, and brings the result like any worker would: what happens outside happens
at least once, with the same idempotency key each time; what happens inside happens once.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import simplejson

from engine.feel import FeelError, compile_expression
from engine.model.commands import CompleteJob, FailJob, ThrowError
from engine.model.errors import Conflict, Invalid, Unavailable
from engine.model.ids import ElementInstanceId, JobKey
from engine.notify import mails, web_calls
from engine.service import background_jobs, bootstrap, channels, deadlines, jobs, outside, sweeping
from engine.service.background_jobs import Bench
from engine.service.handling import new_command_id
from engine.store import jobs as stored

log = logging.getLogger(__name__)

LOAN = timedelta(seconds=90)
"""Longer than any of them may take."""

FIRST_BACK_OFF_MS = 10_000
LONGEST_BACK_OFF_MS = 300_000
WORKER = "mingjing"

_SECRET = re.compile(r"\{secret:([A-Za-z0-9_-]{1,64})\}")
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "idempotency-key"})
"""Headers of a request that no model sets."""


class Hopeless(Exception):
    """Trying again changes nothing: somebody has to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A job in hand. secrets: the folder of what `{secret:…}` stands for."""

    key: JobKey
    kind: str
    headers: Mapping[str, str]
    variables: Mapping[str, object]
    retries: int
    now: datetime
    secrets: Path

    def text(self, name: str) -> str:
        """A header as text: evaluated if it is an expression, else with its secrets."""
        value = self.value(name)
        if value is not None and not isinstance(value, str):
            raise Hopeless(f"the header {name} is no text")
        return value or ""

    def value(self, name: str) -> object:
        """A header's value; None without it. Only what the model says literally may name a secret."""
        given = self.headers.get(name, "").strip()
        if given.startswith("="):
            return self.evaluate(name, given[1:], self.variables)
        return _SECRET.sub(lambda found: self._secret(found[1]), given) if given else None

    def evaluate(self, name: str, text: str, variables: Mapping[str, object]) -> object:
        """The value of an expression."""
        try:
            return compile_expression(text)(variables, now=self.now)
        except FeelError as error:
            raise Hopeless(f"the header {name} cannot be evaluated: {error}") from error

    def _secret(self, name: str) -> str:
        found = outside.secret(self.secrets, name)
        if not found:
            raise Hopeless(f"there is no secret {name} in VAR/secrets")
        return found


class Thrown(Exception):
    """It ends with a BPMN error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def run(key: int) -> None:
    """Do a job. Nothing when it does not wait any more; Unavailable, to be tried again, while it is lent."""
    work = _lend(key)
    if work is None:
        return
    try:
        found = _KINDS[work.kind](work)
    except Thrown as error:
        _throw(work, error)
    except Hopeless as problem:
        _fail(work, 0, str(problem))
    except (web_calls.CallFailed, mails.MailFailed) as problem:
        _fail(work, work.retries - 1, str(problem))
    else:
        _complete(work, found)


def _lend(key: int) -> Work | None:
    with Bench.working() as uow:
        now = uow.now()
        row = stored.lend(uow, key, worker=WORKER, now=now, until=now + LOAN)
        if row is None:
            if stored.is_lent(uow, key, now):
                raise Unavailable("job.lent", "this job is in somebody's hands; it is looked at again later")
            return None
        seen = jobs.seen(uow, row.instance_key, ElementInstanceId(row.element_instance))
        folder = outside.secrets_of(uow.equipment)
        return Work(
            key=JobKey(key),
            kind=row.type,
            headers=row.headers,
            variables=seen,
            retries=row.retries,
            now=now.astimezone(uow.equipment.zone),
            secrets=folder,
        )


def _http(work: Work) -> Mapping[str, object]:
    body = work.value("body")
    headers = {
        name.removeprefix("header."): work.text(name)
        for name in work.headers
        if name.startswith("header.") and name.removeprefix("header.").lower() not in _OURS
    }
    headers |= {"Idempotency-Key": f"mingjing-job-{work.key}", "User-Agent": "Mingjing"}
    if body is not None:
        headers = {"Content-Type": "application/json", **headers}
    wanted = web_calls.Call(
        method=work.headers.get("method", "GET"),
        url=work.text("url"),
        headers=headers,
        body=None if body is None else _json(body),
        limit_s=min(int(work.headers.get("timeLimit") or 10), web_calls.LONGEST_S),
    )
    try:
        answer = web_calls.call(wanted, outside.allowed())
    except web_calls.CallRefused as refused:
        raise Hopeless(str(refused)) from refused
    response = {"status": answer.status, "headers": dict(answer.headers), "body": _read(answer)}
    if 400 <= answer.status < 500 and work.headers.get("error"):
        raise Thrown(work.headers["error"], f"the other system answered {answer.status}")
    if not 200 <= answer.status < 300:
        raise web_calls.CallFailed(f"the other system answered {answer.status}")
    return _results(work, "resultExpression", {**work.variables, "response": response}, response)


def _email(work: Work) -> Mapping[str, object]:
    post = outside.post(work.secrets)
    if post is None:
        raise Hopeless("no mail server is set (MINGJING_SMTP, MINGJING_MAIL_FROM)")
    mail = mails.Mail(
        to=_addresses(work, "to"),
        cc=_addresses(work, "cc"),
        subject=" ".join(work.text("subject").split()),
        body=work.text("body"),
        message_id=f"mingjing-job-{work.key}@{post.sender.rpartition('@')[2]}",
    )
    if not mail.to:
        raise Hopeless("the mail has nobody to go to")
    try:
        mails.send(mail, post)
    except mails.MailRefused as refused:
        raise Hopeless(str(refused)) from refused
    return {}


def _feel(work: Work) -> Mapping[str, object]:
    value = work.evaluate("expression", work.headers["expression"].strip().removeprefix("="), work.variables)
    if name := work.headers.get("result"):
        return {name: value}
    return _context("expression", value)


_KINDS: Mapping[str, Callable[[Work], Mapping[str, object]]] = {
    "mingjing:http": _http,
    "mingjing:email": _email,
    "mingjing:feel": _feel,
}


def _results(
    work: Work, expression: str, seen: Mapping[str, object], whole: Mapping[str, object]
) -> Mapping[str, object]:
    found: dict[str, object] = {work.headers["result"]: whole} if work.headers.get("result") else {}
    text = work.headers.get(expression, "").strip().removeprefix("=")
    return found | dict(_context(expression, work.evaluate(expression, text, seen))) if text else found


def _context(name: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise Hopeless(f"the header {name} gives no context of variables")
    return value


def _complete(work: Work, variables: Mapping[str, object]) -> None:
    command = CompleteJob(command_id=new_command_id(), key=work.key, variables=variables)
    try:
        _bring(lambda uow, actor: jobs.complete(uow, command, actor, background_jobs.WORKER))
    except Invalid as wrong:
        _fail(work, 0, f"what came back cannot be kept: {wrong.message}")


def _throw(work: Work, error: Thrown) -> None:
    command = ThrowError(command_id=new_command_id(), key=work.key, code=error.code, message=str(error))
    _bring(lambda uow, actor: jobs.throw_error(uow, command, actor, background_jobs.WORKER))


def _fail(work: Work, retries: int, message: str) -> None:
    doubled: int = 2 ** max(0, 3 - retries)
    back_off = min(FIRST_BACK_OFF_MS * doubled, LONGEST_BACK_OFF_MS) if retries else 0
    command = FailJob(
        command_id=new_command_id(), key=work.key, retries=max(retries, 0), message=message, back_off_ms=back_off
    )
    _bring(lambda uow, actor: jobs.fail(uow, command, actor, background_jobs.WORKER))


def _bring(act: Callable[[Any, Any], None]) -> None:
    """In a transaction of its own, by the system. Somebody who was quicker wins."""
    try:
        with Bench.working() as uow:
            act(uow, replace(bootstrap.system_actor(uow), is_system=True))
    except Conflict as late:
        log.info("a built-in job was over already: %s", late.code)


def _addresses(work: Work, name: str) -> tuple[str, ...]:
    value = work.value(name)
    parts = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _json(value: object) -> bytes:
    text: str = simplejson.dumps(value, ensure_ascii=False, use_decimal=True, default=str, allow_nan=False)
    return text.encode()


def _read(answer: web_calls.Answer) -> object:
    """JSON as values without floats, anything else as text."""
    if "json" in answer.headers.get("content-type", ""):
        try:
            return simplejson.loads(answer.body.decode(), use_decimal=True)
        except ValueError as error:
            raise web_calls.CallFailed("the other system said JSON and sent something else") from error
    return answer.body.decode(errors="replace")


def recount() -> None:
    """Count all limits anew after the calendar was changed."""
    deadlines.recount_all(Bench.working)


def register() -> None:
    """Let the worker of this process do them."""
    background_jobs.TASKS[background_jobs.RUN_JOB] = run
    background_jobs.TASKS[background_jobs.RECOUNT] = recount
    background_jobs.TASKS[background_jobs.SWEEP] = sweeping.carry_out
    background_jobs.TASKS[background_jobs.DELIVER] = channels.deliver
