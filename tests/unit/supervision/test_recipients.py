"""Who is reported to: by cadre-management authority, with recusal."""

from engine.supervision.recipients import Body, recipient


def body(code: str, parent: str, *manages: str) -> Body:
    return Body(
        code=code, name=code, unit_code=f"{code}-seat", parent=parent, manages=frozenset(manages), public_key=b""
    )


CITY = body("city", "", "JH")
RESIDENT = body("resident", "city", "JH-MZ", "JH-QH")
BODIES = (CITY, RESIDENT)
CHAIN = ("JH-QH-01-01", "JH-QH-01", "JH-QH", "JH-MZ", "JH")


def test_the_body_that_manages_the_cadre_comes_first() -> None:
    """A cadre of the city is the city's, wherever the case is."""
    assert recipient(BODIES, authorities=("JH",), chain=CHAIN, concerned=()) is CITY


def test_without_a_known_cadre_the_nearest_unit_of_the_case_decides() -> None:
    """Walking upwards from the case's unit; and the top body when no unit is anybody's."""
    assert recipient(BODIES, authorities=(), chain=CHAIN, concerned=()) is RESIDENT
    assert recipient(BODIES, authorities=(), chain=("elsewhere",), concerned=()) is CITY
    assert recipient((), authorities=(), chain=CHAIN, concerned=()) is None


def test_a_body_that_is_concerned_steps_back() -> None:
    """The cadre sits in the body's own unit: the body above takes its place; the top one has nobody above."""
    assert recipient(BODIES, authorities=("JH-QH",), chain=CHAIN, concerned=("resident-seat",)) is CITY
    assert recipient(BODIES, authorities=("JH",), chain=CHAIN, concerned=("city-seat",)) is CITY
