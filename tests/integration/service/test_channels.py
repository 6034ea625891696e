"""Notices on their way out: by mail, by a signed call, by an adapter; against real servers on this machine."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from email import message_from_string, policy
from pathlib import Path

import pytest

from engine.model.errors import Invalid, NotFound
from engine.model.personal import NoticeRule, Preferences
from engine.service import channels
from engine.service import personal as service
from engine.service.background_jobs import Bench
from engine.store import personal
from tests.integration.office import Office
from tests.integration.service import approval_play as play
from tests.integration.service.test_background import work_once
from tests.integration.service.test_built_in_jobs import Letters, Web, web  # noqa: F401 -- a fixture
from tests.integration.waiting import rows

pytestmark = pytest.mark.usefixtures("web")

ADAPTER = """
from engine.notify.channels import NotNow

class Sms:
    sent = []

    def send(self, message, detail):
        if len(self.sent) == 0:
            self.sent.append("busy")
            raise NotNow("the gateway is busy")
        self.sent.append((message.to, message.subject, detail, message.key))
"""


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A mail server on the loopback address; what it was given."""
    Letters.received = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Letters) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("MINGJING_SMTP", f"smtp://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("MINGJING_MAIL_FROM", "office@example.gov.invalid")
        yield Letters.received
        server.shutdown()
        thread.join()


def chosen(office: Office, who: str, rule: NoticeRule, *, email: str = "", by_webhook: bool = False) -> None:
    """A person's choice, and the rule of their unit."""
    actor = office.actor(who)
    with office.work() as uow:
        personal.save_rule(uow, actor.unit.key, rule)
        wanted = Preferences(locale="zh_Hans_CN", email=email, by_email=bool(email), by_webhook=by_webhook)
        personal.save_preferences(uow, actor.person_key, wanted)


def urged(office: Office) -> int:
    """The key of a task of lin's in which zhou has urged."""
    task = office.task("lin", play.opened(office), "a")
    play.urge(office, "zhou", task.key)
    return task.key


def sent(office: Office) -> list[tuple[str, str, int, str]]:
    """Channel, state, attempts and problem of every delivery."""
    found = rows(office, "select channel, state, attempts, problem from delivery order by key")
    return [(row["channel"], row["state"], row["attempts"], row["problem"]) for row in found]


def only_key(office: Office) -> int:
    """The key of the one delivery that there is."""
    (found,) = rows(office, "select key from delivery")
    return int(found["key"])


def at_the_bench(office: Office, act: Callable[[], None]) -> None:
    """What the worker does when the delay is over."""
    Bench.dsn, Bench.equipment = office.dsns.app, office.equipment
    try:
        act()
    finally:
        Bench.close()


def test_a_mail_goes_to_who_chose_it_and_names_the_case_in_its_body_alone(
    office: Office,
    letters: list[str],
) -> None:
    """One mail with its own id; the subject says the kind only. Who chose nothing gets nothing outside."""
    chosen(office, "lin", NoticeRule(), email="lin@example.invalid")
    case = play.opened(office)
    play.urge(office, "zhou", office.task("lin", case, "a").key)
    work_once(office)
    (letter,) = letters
    mail = message_from_string(letter, policy=policy.default)
    key = only_key(office)
    assert (mail["To"], mail["Subject"]) == ("lin@example.invalid", "明镜：有人催办")
    assert mail["Message-ID"] == f"<mingjing-delivery-{key}@example.gov.invalid>"
    assert case.number in mail.get_content()
    assert sent(office) == [("email", "SENT", 1, "")]
    at_the_bench(office, lambda: channels.deliver(key))
    assert len(letters) == 1


def test_a_unit_that_forbids_mail_is_asked_again_when_it_is_sent(
    office: Office,
    letters: list[str],
) -> None:
    """Nothing is written where the rule forbids it; what waits when it begins to is dropped."""
    chosen(office, "lin", NoticeRule(email=False), email="lin@example.invalid")
    urged(office)
    assert sent(office) == []
    chosen(office, "lin", NoticeRule(), email="lin@example.invalid")
    urged(office)
    chosen(office, "lin", NoticeRule(email=False), email="lin@example.invalid")
    work_once(office)
    assert [(one[0], one[1]) for one in sent(office)] == [("email", "DROPPED")]
    assert letters == []


def test_a_call_is_signed_tried_again_and_then_listed(office: Office, web: Web) -> None:  # noqa: F811
    """The same key each time; after the last attempt an operator sees it and has it tried again."""
    secrets = office.equipment.blobs.root.parent / "secrets"
    secrets.mkdir(exist_ok=True)
    (secrets / "webhook").write_text("s3cret\n")
    chosen(office, "lin", NoticeRule(webhook=f"http://localhost:{web.port}/told"), by_webhook=True)
    web.answers = [(503, {})] * channels.ATTEMPTS
    urged(office)
    work_once(office)
    assert sent(office) == [("unit", "WAITING", 1, "the interface answered 503")]
    (wait,) = rows(
        office,
        "select scheduled_at - now() as wait from procrastinate_jobs "
        "where status = 'todo' and task_name = 'mingjing:deliver'",
    )
    assert wait["wait"] > channels.back_off(1) / 2
    key = only_key(office)
    for _ in range(channels.ATTEMPTS - 1):
        at_the_bench(office, lambda: channels.deliver(key))
    operator = operator_of(office)
    with office.work() as uow:
        (found,) = channels.failed(uow, office.actor(operator))
        assert (found.person_name, found.kind, found.attempts) == ("林晓燕", "urged", channels.ATTEMPTS)
        channels.again(uow, office.actor(operator), found.key)
    work_once(office)
    assert sent(office) == [("unit", "SENT", 1, "")]
    assert {headers["Idempotency-Key"] for _, _, headers, _ in web.asked} == {f"mingjing-delivery-{key}"}
    method, path, headers, body = web.asked[-1]
    assert (method, path, body["to"], body["kind"]) == ("POST", "/told", "lin", "urged")  # type: ignore[index]
    assert headers["Mingjing-Signature"].startswith("v1=")


def operator_of(office: Office) -> str:
    """Somebody who operates the cases of lin's unit."""
    found = rows(
        office, "select p.username from person p join role_grant g on g.person_key = p.key where g.role = 'operator'"
    )
    return str(found[0]["username"])


def test_an_adapter_of_a_city_is_found_by_its_entry_point(
    office: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rule names it; what it cannot send now is tried again with the same key."""
    (tmp_path / "city_sms.py").write_text(ADAPTER)
    info = tmp_path / "city_sms-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: city-sms\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[mingjing.channels]\nsms = city_sms:Sms\n")
    monkeypatch.syspath_prepend(tmp_path)
    chosen(office, "lin", NoticeRule(webhook="sms:dept-3"), by_webhook=True)
    urged(office)
    work_once(office)
    assert sent(office) == [("unit", "WAITING", 1, "the gateway is busy")]
    key = only_key(office)
    at_the_bench(office, lambda: channels.deliver(key))
    import city_sms  # type: ignore[import-not-found]  # made above

    assert city_sms.Sms.sent[1:] == [("lin", "明镜：有人催办", "dept-3", f"mingjing-delivery-{key}")]
    assert sent(office)[0][1] == "SENT"


def test_the_rule_of_a_unit_is_an_address_or_an_adapter(office: Office) -> None:
    """Anything else is refused; the rule reaches the people of the unit."""
    actor = office.actor("lin")
    with office.work() as uow:
        service.set_rule(uow, actor.unit.code, NoticeRule(email=False, webhook="sms:dept-3"))
        assert service.rule(uow, actor) == NoticeRule(email=False, webhook="sms:dept-3")
        for wrong in ("nonsense", "https:", "sms :x"):
            with pytest.raises(Invalid):
                service.set_rule(uow, actor.unit.code, NoticeRule(webhook=wrong))
        with pytest.raises(NotFound):
            service.set_rule(uow, "NOWHERE", NoticeRule())
