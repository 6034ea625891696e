"""What supervises the demonstration city: datasets to compare with, discipline bodies, and what these watch. Invented.

One household of 柳荫社区 has two cars, and one applicant is the undeclared cousin of a village cadre: enough to see
what the clerk, the unit and the discipline body each see.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from engine.model.definitions import CheckDefinition
from engine.model.findings import CheckPhase, RiskLevel
from engine.service import datasets, discipline
from engine.service.demonstration_city import COMMUNITY_OF_CASES, City
from engine.service.demonstration_residents import Household, Profile
from engine.service.equipment import Work

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
VERSION = "2026-01-01 镜湖市数据共享平台（演示）"
CADRE = "210193197003150013"
"""The invented ID number of the village cadre; area code 210193 was never assigned."""


def plain_homes(city: City) -> list[Household]:
    """Households of 柳荫社区 within every limit, in their order; the first two are those of sample cases."""
    here = [home for home in city.households if home.community_code == COMMUNITY_OF_CASES]
    return [home for home in here if home.profile is Profile.WITHIN_LIMITS]


def two_cars(city: City) -> Household:
    """The household that has a second car."""
    return plain_homes(city)[2]


def cousin(city: City) -> Household:
    """The household whose applicant is a cadre's undeclared relative."""
    return plain_homes(city)[3]


def load(uow: Work, city: City) -> None:
    """Store datasets, discipline bodies and what is watched."""
    _load(uow, "public_payee", "财政供养人员库", "市财政局", ("id_no",), _payees())
    _load(uow, "kin", "村（社区）干部近亲属备案库", "市民政局", ("relative_id_no",), _kin(city))
    _load(uow, "vehicle", "机动车登记库", "市公安局交警支队", ("owner_id_no",), _vehicles(city))
    discipline.found_body(
        uow, code="JH-JW", name="镜湖市纪委监委", unit_code="JH-JW", parent="", manages=("JH", "JH-JD")
    )
    discipline.found_body(
        uow,
        code="JH-JD",
        name="派驻镜湖市民政局监督组",
        unit_code="JH-JD",
        parent="JH-JW",
        manages=("JH-MZ", "JH-QH", "JH-LC"),
    )
    kin_of_cadres = CheckDefinition(
        id="kin_of_cadre",
        code="XDB-02",
        name="干部及亲属享受低保",
        level=RiskLevel.HIGH,
        actions=frozenset(),
        blocking=False,
        phase=CheckPhase.SUBMIT,
        parameters={
            "persons": "=for member in members return member.id_number",
            "declared": "=kin_of_official",
        },
    )
    discipline.watch(uow, "dibao", "Receipt", kin_of_cadres)
    behind_the_party = replace(
        kin_of_cadres,
        id="official_behind_party",
        name="公职人员及亲属经办养老机构",
        parameters={"persons": "=representative_id"},
    )
    discipline.watch(uow, "penalty", "Filing", behind_the_party)


def _load(uow: Work, code: str, name: str, owner: str, keys: tuple[str, ...], rows: list[Mapping[str, str]]) -> None:
    datasets.load(uow, code, name=name, owner=owner, version=VERSION, as_of=AS_OF, keys=keys, rows=rows)


def _payees() -> list[Mapping[str, str]]:
    return [{"id_no": CADRE, "name": "陶建军", "unit": "槐树里社区", "post": "居委会副主任", "managed_by": "JH-QH"}]


def _kin(city: City) -> list[Mapping[str, str]]:
    applicant = cousin(city).members[0]
    return [
        {
            "id_no": CADRE,
            "name": "陶建军",
            "unit": "槐树里社区",
            "unit_code": "JH-QH-01-03",
            "managed_by": "JH-QH",
            "relative_id_no": applicant.id_number,
            "relation": "表兄弟姐妹",
        }
    ]


def _vehicles(city: City) -> list[Mapping[str, str]]:
    home = two_cars(city)
    driving = [one for one in city.households if one.vehicle_value and one.number != home.number]
    rows = [_vehicle(one, number, one.vehicle_value) for number, one in enumerate(driving)]
    rows += [_vehicle(home, len(rows) + place, value) for place, value in enumerate((21_500, 36_000))]
    return rows


def _vehicle(home: Household, number: int, value: int) -> Mapping[str, str]:
    return {
        "owner_id_no": home.members[0].id_number,
        "plate": f"镜A{number:05d}",
        "value": str(value),
        "registered_on": "2022-05-16",
    }
