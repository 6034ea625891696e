"""The residents of the demonstration city: households with invented names and ID numbers that nobody holds.

ID numbers have a right check digit (GB 11643) but area codes 210190 to 210199, which GB/T 2260 never assigned, so
no number can be a living person's. Telephone numbers use the withdrawn dialling code 0410.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

AREA_CODES = tuple(str(code) for code in range(210190, 210200))
REFERENCE_YEAR = 2026
"""Ages are reckoned in this year, so that the city is the same whenever it is built."""

HOUSEHOLD_SIZES = (1, 2, 2, 3, 3, 3, 4, 4, 3, 5)
"""Ten households of thirty residents; the pattern repeats."""

SURNAMES = "李王张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
GIVEN_MALE = "伟强磊军勇杰涛明超刚平辉鹏华飞波斌宇浩凯健俊帆旭宁龙林建国志文德福田春生永贵"
GIVEN_FEMALE = "芳娜敏静丽艳娟霞秀燕玲桂英华梅兰红玉萍洁云莲凤琴春菊雪慧莉婷颖琳倩淑珍"
VEHICLE_VALUES = (0, 0, 0, 0, 0, 8_000, 15_500, 21_500, 36_000)
COSTLY_VEHICLE_VALUES = (128_000, 156_000, 239_000)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Profile(StrEnum):
    """Why a household is in the city: within every limit, or over exactly one of them."""

    WITHIN_LIMITS = "within_limits"
    OVER_INCOME = "over_income"
    COSTLY_VEHICLE = "costly_vehicle"
    OVER_SAVINGS = "over_savings"


PROFILES = (
    Profile.WITHIN_LIMITS,
    Profile.OVER_INCOME,
    Profile.WITHIN_LIMITS,
    Profile.COSTLY_VEHICLE,
    Profile.WITHIN_LIMITS,
    Profile.WITHIN_LIMITS,
    Profile.OVER_SAVINGS,
    Profile.WITHIN_LIMITS,
    Profile.OVER_INCOME,
    Profile.WITHIN_LIMITS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A member of a household. relation: to the applicant (``self``, ``spouse``, ``child``, ``parent``).

    monthly_income: yuan a month.
    """

    name: str
    id_number: str
    birth_date: date
    female: bool
    relation: str
    monthly_income: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """People who live together; the first member is the one who applies.

    household_type: ``urban`` or ``rural``. vehicle_value, savings: yuan, of the whole household.
    """

    number: str
    community_code: str
    household_type: str
    address: str
    phone: str
    profile: Profile
    members: tuple[Resident, ...]
    vehicle_value: int
    savings: int
    houses: int

    @property
    def monthly_income(self) -> int:
        return sum(member.monthly_income for member in self.members)

    @property
    def income_per_head(self) -> Decimal:
        return Decimal(self.monthly_income) / len(self.members)

    @property
    def savings_per_head(self) -> Decimal:
        return Decimal(self.savings) / len(self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where households are settled: a community or village."""

    code: str
    household_type: str
    address: str


class Dice:
    """Throws that depend on the seed and their order alone: on no module state, Python version or hash seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._throws = 0

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1."""
        self._throws += 1
        return int.from_bytes(sha256(f"{self._seed}:{self._throws}".encode()).digest()[:8]) % bound

    def between(self, lowest: int, highest: int) -> int:
        """A whole number from lowest to highest, both included."""
        return lowest + self.below(highest - lowest + 1)

    def pick(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]


def check_digit(first_seventeen: str) -> str:
    """The eighteenth character of an ID number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


class Registrar:
    """Registers residents: invents a name and gives an ID number that it has not given before."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._given: set[str] = set()

    def resident(self, *, surname: str, female: bool, age: int, relation: str) -> Resident:
        """A resident of that age without income."""
        characters = GIVEN_FEMALE if female else GIVEN_MALE
        given = "".join(self._dice.pick(characters) for _ in range(self._dice.between(1, 2)))
        birth_date = date(REFERENCE_YEAR - age, 1, 1) + timedelta(days=self._dice.below(365))
        return Resident(
            name=surname + given,
            id_number=self._id_number(birth_date, female=female),
            birth_date=birth_date,
            female=female,
            relation=relation,
            monthly_income=0,
        )

    def _id_number(self, birth_date: date, *, female: bool) -> str:
        while True:
            order = self._dice.below(500) * 2 + (0 if female else 1)
            body = f"{self._dice.pick(AREA_CODES)}{birth_date:%Y%m%d}{order:03d}"
            if body not in self._given:
                self._given.add(body)
                return body + check_digit(body)


def settle(dice: Dice, places: Sequence[Place], households: int) -> tuple[Household, ...]:
    """So many households, settled evenly over the places in their order, ten in a row holding every profile."""
    registrar = Registrar(dice)
    return tuple(
        _household(dice, registrar, places[index * len(places) // households], index, HOUSEHOLD_SIZES[(index * 7) % 10])
        for index in range(households)
    )


def _household(dice: Dice, registrar: Registrar, place: Place, index: int, size: int) -> Household:
    profile = PROFILES[index % len(PROFILES)]
    members = _family(dice, registrar, size)
    return Household(
        number=f"H{index + 1:04d}",
        community_code=place.code,
        household_type=place.household_type,
        address=place.address + _door(dice, place.household_type),
        phone=f"0410-{dice.between(2_000_000, 8_999_999)}",
        profile=profile,
        members=_with_incomes(dice, members, profile, place.household_type),
        vehicle_value=dice.pick(COSTLY_VEHICLE_VALUES if profile is Profile.COSTLY_VEHICLE else VEHICLE_VALUES),
        savings=size * (dice.between(26, 60) if profile is Profile.OVER_SAVINGS else dice.between(0, 12)) * 1_000,
        houses=dice.pick((0, 1, 1, 1)),
    )


def _door(dice: Dice, household_type: str) -> str:
    if household_type == "rural":
        return f"{dice.between(1, 9)}组{dice.between(1, 60)}号"
    return f"{dice.between(1, 28)}号楼{dice.between(1, 4)}单元{dice.between(1, 6)}0{dice.between(1, 4)}室"


def _family(dice: Dice, registrar: Registrar, size: int) -> tuple[Resident, ...]:
    age, female, surname = dice.between(32, 60), dice.below(2) == 1, dice.pick(SURNAMES)
    if size == 1:
        age = dice.between(45, 78)
    members = [registrar.resident(surname=surname, female=female, age=age, relation="self")]
    partner = dice.pick(SURNAMES)
    if size > 2 or (size == 2 and dice.below(2)):
        spouse_age = age + dice.between(-4, 4)
        members.append(registrar.resident(surname=partner, female=not female, age=spouse_age, relation="spouse"))
    children_surname = partner if female and len(members) > 1 else surname
    while len(members) < min(size, 4):
        child_age = dice.between(max(1, age - 42), min(age - 22, 22))
        child_female = dice.below(2) == 1
        members.append(
            registrar.resident(surname=children_surname, female=child_female, age=child_age, relation="child")
        )
    if size == 5:
        mother_surname = dice.pick(SURNAMES)
        parent_age = age + dice.between(20, 26)
        members.append(registrar.resident(surname=mother_surname, female=True, age=parent_age, relation="parent"))
    return tuple(members)


def _with_incomes(
    dice: Dice, members: tuple[Resident, ...], profile: Profile, household_type: str
) -> tuple[Resident, ...]:
    """Incomes that put the household on the intended side of the standard; the first one or two members earn."""
    poor, rich = ((120, 760), (1_050, 2_600)) if household_type == "urban" else ((90, 560), (800, 1_900))
    per_head = dice.between(*(rich if profile is Profile.OVER_INCOME else poor))
    total = per_head * len(members) // 10 * 10
    earners = 2 if len(members) > 1 and members[1].relation == "spouse" else 1
    first = total if earners == 1 else total * dice.between(5, 8) // 100 * 10
    shares = (first, total - first) if earners == 2 else (first,)
    padded = shares + (0,) * (len(members) - len(shares))
    return tuple(replace(member, monthly_income=income) for member, income in zip(members, padded, strict=True))
