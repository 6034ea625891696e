"""Assignment, passwords, tokens and identifiers."""

from datetime import date

import pytest

from engine.identity import identifiers, passwords, tokens
from engine.identity.assignment import nearest_candidates
from engine.identity.identifiers import Fault, IdentifierError, Sex
from engine.identity.passwords import Weakness
from engine.model.ids import UnitKey

COMMUNITY, STREET, DISTRICT = UnitKey(4), UnitKey(3), UnitKey(2)
CHAIN = (COMMUNITY, STREET, DISTRICT)


def test_the_nearest_unit_with_a_holder_wins() -> None:
    """Any of the positions will do, further units are not asked."""
    holders = {("window", STREET), ("worker", DISTRICT), ("checker", DISTRICT)}
    assert nearest_candidates(["worker", "window"], CHAIN, holders) == (("window", STREET),)
    assert nearest_candidates(["checker"], CHAIN, holders) == (("checker", DISTRICT),)


def test_candidates_in_the_order_of_the_model() -> None:
    """All positions held in that unit, each once."""
    holders = {("window", STREET), ("worker", STREET)}
    expected = (("worker", STREET), ("window", STREET))
    assert nearest_candidates(["worker", "window", "worker"], CHAIN, holders) == expected


def test_nobody_is_nobody() -> None:
    """No holder upwards, none in other branches either."""
    assert nearest_candidates(["worker"], CHAIN, {("worker", UnitKey(9))}) == ()
    assert nearest_candidates([], CHAIN, {("worker", STREET)}) == ()


def test_passwords() -> None:
    """argon2id, right and wrong, and never right for nobody."""
    stored = passwords.hash("mingjing-demo")
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, "mingjing-demo")
    assert not passwords.verify(stored, "mingjing-Demo")
    assert not passwords.verify(None, "x")
    assert not passwords.verify("not a hash", "x")
    assert not passwords.verify("", "x")
    assert not passwords.is_outdated(stored)
    assert not passwords.is_outdated(passwords.NOBODY)


def test_a_long_password_is_not_cut() -> None:
    """What lies beyond the limit never makes a password right."""
    stored = passwords.hash("x" * passwords.MAX_LENGTH)
    assert not passwords.verify(stored, "x" * (passwords.MAX_LENGTH + 1))


@pytest.mark.parametrize(
    ("password", "demonstration", "found"),
    [
        ("明镜高悬，公道人心。", False, ()),
        ("short", False, (Weakness.TOO_SHORT,)),
        ("short", True, ()),
        ("", True, (Weakness.TOO_SHORT,)),
        ("aaaaaaaaaaaa", False, (Weakness.TOO_SIMPLE,)),
        ("zhaoliu1234", False, (Weakness.IS_NAME,)),
        ("x1y2z3" * 100, False, (Weakness.TOO_LONG,)),
    ],
)
def test_password_policy(password: str, demonstration: bool, found: tuple[Weakness, ...]) -> None:
    """Ten characters or more, not one repeated, not the name; a demonstration is lenient."""
    assert passwords.weaknesses(password, username="zhaoliu", demonstration=demonstration) == found


def test_tokens() -> None:
    """Random, recognisable, stored as a hash, and not printed by accident."""
    one, other = tokens.issue(), tokens.issue()
    assert one.text != other.text
    assert tokens.looks_like_token(one.text)
    assert not tokens.looks_like_token("mj_short")
    assert tokens.digest(one.text) == one.digest
    assert len(one.digest) == 64
    assert one.text not in repr(one)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),
        (" 110105 19491231 002x ", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"),
        ("110105491231002", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),
    ],
)
def test_id_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    """GB 11643's own examples, in full width, lower case, with spaces, and of 15 digits."""
    assert identifiers.id_number(text).number == number


def test_an_id_number_says_birth_and_sex() -> None:
    """From digits 7 to 14 and 17."""
    read = identifiers.id_number("11010519491231002X")
    assert (read.birth_date, read.sex) == (date(1949, 12, 31), Sex.FEMALE)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("110105194912310021", Fault.CHECK_DIGIT),
        ("11010519491331002X", Fault.BIRTH_DATE),
        ("99010519491231002X", Fault.CHECK_DIGIT),
        ("00010519491231002X", Fault.SHAPE),
        ("16010519491231002X", Fault.AREA),
        ("1101051949123100", Fault.SHAPE),
        ("X" * 18, Fault.SHAPE),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", Fault.SHAPE),
        ("", Fault.SHAPE),
    ],
)
def test_wrong_id_numbers(text: str, fault: Fault) -> None:
    """Each with its fault."""
    with pytest.raises(IdentifierError) as caught:
        identifiers.id_number(text)
    assert caught.value.fault is fault


def test_nobody_is_born_tomorrow() -> None:
    """A birth after today is a fault, when today is known."""
    with pytest.raises(IdentifierError):
        identifiers.id_number("11010519491231002X", today=date(1949, 12, 30))


def test_credit_codes() -> None:
    """GB 32100 check digit, normalised first."""
    assert identifiers.credit_code(" 91110000600037341l ".upper()) == "91110000600037341L"
    with pytest.raises(IdentifierError) as caught:
        identifiers.credit_code("911100006000373410")
    assert caught.value.fault is Fault.CHECK_DIGIT
    with pytest.raises(IdentifierError) as caught:
        identifiers.credit_code("9111")
    assert caught.value.fault is Fault.SHAPE
