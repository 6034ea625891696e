"""People: signing in with a limit on failures, tokens, creating and disabling."""

import pytest

from engine.model.actors import Client, Scope
from engine.model.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from engine.service import people, system_trace
from engine.service.people import NewPerson
from tests.integration.office import TESTER, Office

PASSWORD = "mingjing-demo"
OPERATOR = Client(channel="cli")


def sign_in(office: Office, username: str, password: str = PASSWORD) -> int:
    with office.work() as uow:
        return people.sign_in(uow, username, password, TESTER)[1]


def test_a_wrong_name_and_a_wrong_password_look_the_same(office: Office) -> None:
    """Nobody learns from the answer which sign-in names exist."""
    messages = set()
    for username, password in (("lin", "wrong"), ("nobody-here", PASSWORD), ("system", PASSWORD)):
        with pytest.raises(Refused) as caught:
            sign_in(office, username, password)
        messages.add((caught.value.code, caught.value.message))
    assert len(messages) == 1


def test_too_many_failures_close_the_door_for_a_while(office: Office) -> None:
    """After five failures even the right password waits, for this name only."""
    for _ in range(people.FAILURES_PER_NAME):
        with pytest.raises(Refused, match="wrong"):
            sign_in(office, "lin", "guess")
    with pytest.raises(Refused, match="wait 15 minutes"):
        sign_in(office, "lin")
    assert sign_in(office, "wang") == 1


def test_sign_ins_are_traced_without_the_password(office: Office) -> None:
    """Good and bad attempts are in the system stream; what was typed is not."""
    sign_in(office, "lin")
    with pytest.raises(Refused):
        sign_in(office, "zhao", "guess-me-if-you-can")
    with office.work() as uow:
        page = system_trace.read(uow, office.actor("auditor"), TESTER)
    kinds = [row.entry.kind for row in page.rows[:2]]
    assert kinds == ["session.sign_in_failed.v1", "session.signed_in.v1"]
    assert "guess-me" not in repr(page)


def test_a_token_speaks_for_its_person_until_they_are_disabled(office: Office) -> None:
    """A bearer token gives its person; disabling the person ends tokens and sessions at once."""
    lin = office.actor("lin")
    with office.work() as uow:
        token, _ = people.issue_token(uow, lin, TESTER, "tests")
    with office.work() as uow:
        assert people.actor_of_token(uow, token).username == "lin"
        people.change(uow, "lin", office.actor("secadmin"), TESTER, disabled=True)
    with pytest.raises(NotFound), office.work() as uow:
        people.actor_of_token(uow, token)
    with pytest.raises(NotFound), office.work() as uow:
        people.actor(uow, lin.person_key, 1)
    with pytest.raises(Refused):
        sign_in(office, "lin")


def test_creating_a_person_checks_every_place(office: Office) -> None:
    """A taken name, a weak password, an unknown unit or role is said; a right one can sign in."""
    good = NewPerson(
        username="xuan", name="徐", unit_code="JH-QH-01", password="a-long-enough-one", roles=(("clerk", Scope.UNIT),)
    )
    with office.work() as uow:
        people.create(uow, good, None, OPERATOR)
    assert sign_in(office, "xuan", "a-long-enough-one") == 1
    wrong: list[tuple[type[Exception], NewPerson]] = [
        (Conflict, good),
        (Invalid, NewPerson(username="Xu Li", name="徐", unit_code="JH-QH-01", password=None)),
        (Invalid, NewPerson(username="xu2", name="徐", unit_code="JH-QH-01", password="short")),
        (Invalid, NewPerson(username="xu2", name="徐", unit_code="NOWHERE", password=None)),
        (
            Invalid,
            NewPerson(username="xu2", name="徐", unit_code="JH-QH-01", password=None, roles=(("king", Scope.ALL),)),
        ),
    ]
    for family, person in wrong:
        with pytest.raises(family), office.work() as uow:
            people.create(uow, person, None, OPERATOR)
    with pytest.raises(NotAllowed), office.work() as uow:
        people.create(uow, good, office.actor("lin"), TESTER)
