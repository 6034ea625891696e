"""Notices leave the house: by mail, by a signed call to the unit's interface, or by an adapter that a city added.

Who is told chose it, and the unit's rule allows it (`engine.store.personal`); both are asked again when it is sent. A
delivery is a row and a background job, written with the act that tells. It is tried at least once, with the same key
each time; what keeps failing is given up and listed for operators. No transaction is open while something is sent.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.model.actors import Actor, Permission
from engine.model.errors import NotFound
from engine.model.operations import FailedDelivery
from engine.notify import channels, mails, web_calls, wording
from engine.notify.channels import Message, NotNow, Undeliverable
from engine.service import background_jobs, outside, rights
from engine.service.background_jobs import Bench
from engine.service.equipment import Work
from engine.store import channels as stored

ATTEMPTS = 8
FIRST_BACK_OFF = timedelta(seconds=30)
LONGEST_BACK_OFF = timedelta(hours=2)
MAX_FAILED = 100
LIMIT_S = 20


class Dropped(Exception):
    """The person or the unit does not want it any more."""


def offer(uow: Work, notice_keys: Sequence[int]) -> None:
    """Have notices sent where their people want them, once this transaction has committed."""
    background_jobs.defer_deliveries(uow, stored.offer(uow, notice_keys))


def deliver(key: int) -> None:
    """Try a delivery once; if it fails for now, have it tried later. Nothing when it does not wait any more."""
    with Bench.working() as uow:
        row = stored.take(uow, key)
        secrets = outside.secrets_of(uow.equipment)
        now = uow.now()
    if row is None:
        return
    try:
        _WAYS[row.channel](row, _message(row), secrets, now)
    except Dropped as reason:
        _end(key, "DROPPED", str(reason))
    except (Undeliverable, mails.MailRefused, web_calls.CallRefused) as problem:
        _end(key, "FAILED", str(problem))
    except Exception as problem:  # an adapter may raise anything
        known = isinstance(problem, (NotNow, mails.MailFailed, web_calls.CallFailed))
        _later(key, row.attempts, str(problem) if known else f"the adapter broke: {type(problem).__name__}")
    else:
        _end(key, "SENT", "")


def failed(uow: Work, actor: Actor) -> tuple[FailedDelivery, ...]:
    """Deliveries of cases in the actor's reach that were given up, the newest first. Raises NotAllowed."""
    rights.require(actor, Permission.CASE_OPERATE)
    found = stored.failed(uow, rights.reach(actor, Permission.CASE_OPERATE), MAX_FAILED)
    return tuple(FailedDelivery(**row._asdict()) for row in found)


def again(uow: Work, actor: Actor, key: int) -> None:
    """Have a delivery that was given up tried again. Raises NotAllowed, NotFound."""
    rights.require(actor, Permission.CASE_OPERATE)
    reach = rights.reach(actor, Permission.CASE_OPERATE)
    if not stored.failed(uow, reach, 1, key) or not stored.again(uow, key):
        raise NotFound("delivery.not_found", "there is no delivery that was given up under this key")
    background_jobs.defer_deliveries(uow, [key])


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubled each time, at most `LONGEST_BACK_OFF`."""
    doubled: int = 2 ** max(0, min(attempts - 1, 20))
    return min(FIRST_BACK_OFF * doubled, LONGEST_BACK_OFF)


def _later(key: int, attempts: int, problem: str) -> None:
    if attempts >= ATTEMPTS:
        _end(key, "FAILED", problem)
        return
    with Bench.working() as uow:
        stored.put(uow, key, "WAITING", problem, None)
        background_jobs.defer_deliveries(uow, [key], after=back_off(attempts))


def _end(key: int, state: str, problem: str) -> None:
    with Bench.working() as uow:
        stored.put(uow, key, state, problem, uow.now())


def _message(row: Any) -> Message:
    about = {"number": row.number, "process": row.process, "element": row.element}
    return Message(
        key=f"mingjing-delivery-{row.key}",
        kind=row.kind,
        to=row.username,
        locale=row.locale,
        subject=wording.subject(row.kind, row.locale),
        body=wording.body(row.kind, row.locale, **about),
        at=row.at,
        **about,
    )


def _by_mail(row: Any, message: Message, secrets: Path, _now: datetime) -> None:
    if not row.email or not row.may_email:
        raise Dropped("mail is not wanted or not allowed any more")
    post = outside.post(secrets)
    if post is None:
        raise Undeliverable("no mail server is set (MINGJING_SMTP, MINGJING_MAIL_FROM)")
    domain = post.sender.rpartition("@")[2]
    mail = mails.Mail(to=(row.email,), subject=message.subject, body=message.body, message_id=f"{message.key}@{domain}")
    mails.send(mail, post)


def _by_unit(row: Any, message: Message, secrets: Path, now: datetime) -> None:
    """To the interface of the unit: an address that is called, or the name of an adapter and what it is told."""
    if not row.by_webhook or not row.webhook:
        raise Dropped("the interface is not wanted or not there any more")
    name, _, detail = row.webhook.partition(":")
    if name not in ("http", "https"):
        channels.adapter(name).send(message, detail)
        return
    secret = outside.secret(secrets, f"webhook-{row.unit_code}") or outside.secret(secrets, "webhook")
    if not secret:
        raise Undeliverable(f"there is no secret webhook-{row.unit_code} or webhook in VAR/secrets to sign with")
    body = channels.document(message)
    headers = channels.signed(message, body, secret, now)
    call = web_calls.Call(method="POST", url=row.webhook, headers=headers, body=body, limit_s=LIMIT_S)
    answer = web_calls.call(call, outside.allowed())
    if not 200 <= answer.status < 300:
        raise NotNow(f"the interface answered {answer.status}")


_WAYS: Mapping[str, Callable[[Any, Message, Path, datetime], None]] = {"email": _by_mail, "unit": _by_unit}
