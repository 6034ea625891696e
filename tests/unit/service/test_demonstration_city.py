"""The demonstration city is complete, invented, and always the same."""

from collections import Counter
from datetime import date

from stdnum.iso7064 import mod_11_2

from engine.model.actors import UnitLevel
from engine.service.demonstration_city import COMMUNITY_OF_CASES, STANDARDS, build_city, sample_cases
from engine.service.demonstration_offices import POSITIONS
from engine.service.demonstration_residents import Household, Profile, check_digit

VEHICLE_LIMIT = 100_000
SAVINGS_LIMITS = {"urban": 20_000, "rural": 15_000}


def overruns(home: Household) -> set[Profile]:
    """Which limits this household is over."""
    found = set()
    if home.income_per_head >= STANDARDS[home.household_type]:
        found.add(Profile.OVER_INCOME)
    if home.vehicle_value > VEHICLE_LIMIT:
        found.add(Profile.COSTLY_VEHICLE)
    if home.savings_per_head > SAVINGS_LIMITS[home.household_type]:
        found.add(Profile.OVER_SAVINGS)
    return found


def test_three_hundred_residents_in_a_hundred_households() -> None:
    """The city has the size that the issue asks for."""
    homes = build_city().households
    assert len(homes) == 100
    assert sum(len(home.members) for home in homes) == 300


def test_id_numbers_are_valid_unique_and_never_assigned() -> None:
    """Check digits are right, area codes were never given to anybody, and no number is given twice."""
    members = [member for home in build_city().households for member in home.members]
    numbers = [member.id_number for member in members]
    assert len(set(numbers)) == 300
    assert all(mod_11_2.is_valid(number) and len(number) == 18 for number in numbers)
    assert all("210190" <= number[:6] <= "210199" for number in numbers)
    assert all(member.id_number[6:14] == f"{member.birth_date:%Y%m%d}" for member in members)
    assert all((int(member.id_number[16]) % 2 == 0) == member.female for member in members)


def test_check_digit_of_the_standards_own_example() -> None:
    """GB 11643 gives 11010519491231002X as an example."""
    assert check_digit("11010519491231002") == "X"


def test_the_same_seed_gives_the_same_city() -> None:
    """The demonstration does not depend on when or how often it is built; another seed gives other people."""
    assert build_city(7) == build_city(7)
    assert build_city(7).households != build_city(8).households


def test_the_city_of_the_default_seed_stays_as_it_was() -> None:
    """A changed order of throws would silently rename everybody in a city that is already loaded."""
    first = build_city().households[0]
    assert (first.members[0].name, first.members[0].id_number) == ("杜凯宇", "210193195706114458")


def test_each_household_is_over_exactly_the_limits_of_its_profile() -> None:
    """Some households exceed one limit, most none."""
    homes = build_city().households
    for home in homes:
        expected = set() if home.profile is Profile.WITHIN_LIMITS else {home.profile}
        assert overruns(home) == expected, home.number
    assert Counter(home.profile for home in homes) == {
        Profile.WITHIN_LIMITS: 60,
        Profile.OVER_INCOME: 20,
        Profile.COSTLY_VEHICLE: 10,
        Profile.OVER_SAVINGS: 10,
    }


def test_units_form_one_tree_of_four_levels() -> None:
    """Parents come first, there is one root, and every level is there."""
    seen: set[str] = set()
    for unit in build_city().units:
        assert unit.parent_code is None if not seen else unit.parent_code in seen
        seen.add(unit.code)
    assert {unit.level for unit in build_city().units} == set(UnitLevel)


def test_every_household_lives_in_a_community() -> None:
    """Each household belongs to a unit of the lowest level, and every community has some."""
    city = build_city()
    communities = {unit.code for unit in city.units if unit.level is UnitLevel.COMMUNITY}
    assert {home.community_code for home in city.households} == communities


def test_families_are_possible() -> None:
    """The first member is the applicant; children are younger and parents older than the applicant."""
    for home in build_city().households:
        born = home.members[0].birth_date.year
        assert [member.relation for member in home.members].count("self") == 1
        assert home.members[0].relation == "self"
        for member in home.members:
            assert member.relation != "child" or member.birth_date.year >= born + 18
            assert member.relation != "parent" or member.birth_date.year <= born - 18


def test_everybody_has_a_known_position_in_a_known_unit() -> None:
    """Twenty-six people; every position of the process is held where a case of 柳荫社区 looks for it."""
    city = build_city()
    units = {unit.code: unit for unit in city.units}
    chain, code = set(), COMMUNITY_OF_CASES
    while code:
        chain.add(code)
        code = units[code].parent_code or ""
    assert len({person.username for person in city.people}) == 29
    held = {position for person in city.people if person.unit_code in chain for position in person.positions}
    assert held >= set(POSITIONS) - {"resident_inspector", "process_designer", "discipline_officer"}
    assert all(position in POSITIONS for person in city.people for position in person.positions)


def test_sample_cases_are_worked_by_holders_of_the_city() -> None:
    """The four cases differ in what they show and are worked by people of the city, each for another household."""
    cases = sample_cases()
    usernames = {person.username for person in build_city().people}
    assert [case.code for case in cases] == ["plain", "over_income", "costly_vehicle", "correction"]
    assert len({case.household.number for case in cases}) == 4
    assert {step.username for case in cases for step in case.steps} <= usernames
    assert all(case.steps[0].element == "Receipt" for case in cases)
    assert {case.end for case in cases} == {"End_Confirmed", "End_NotConfirmed"}


def test_sample_dates_follow_the_day_of_receipt() -> None:
    """A demonstration on another day has other dates; grants begin with the month after receipt."""
    steps = sample_cases(on=date(2026, 12, 30))[0].steps
    answers = {step.element: step.variables for step in steps}
    assert answers["HouseholdVisit"]["visited_at"] == "2027-01-02"
    assert answers["Confirmation"]["effective_month"] == "2027-01"
