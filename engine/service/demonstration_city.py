"""The demonstration city of Jinghu (镜湖市): units in four levels, people with positions and roles, residents, cases.

Pure and deterministic: the same seed gives the same city. Everything is invented. The tree follows the line of
civil affairs (a street hangs below the district bureau that confirms its cases), so that the nearest holder of a
position is found by walking upwards from the unit of a case. Passwords are the caller's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.service.demonstration_offices import (
    POSITIONS,
    DemonstrationPerson,
    DemonstrationUnit,
    people,
    places,
    units,
)
from engine.service.demonstration_residents import Dice, Household, Profile, settle

SEED = 20260105
HOUSEHOLDS = 100
COMMUNITY_OF_CASES = "JH-QH-01-01"
"""Code of 柳荫社区, where the demonstration's clerk works and the sample cases live."""

STANDARDS: Mapping[str, int] = {"urban": 830, "rural": 640}
"""The invented income standards, yuan a head and month, as in `dibao-limits.dmn`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """All of it, in the order of creation."""

    name: str
    units: tuple[DemonstrationUnit, ...]
    positions: Mapping[str, str]
    people: tuple[DemonstrationPerson, ...]
    households: tuple[Household, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleStep:
    """One completion: who completes which user task, with which outcome, opinion, answers and materials (codes)."""

    element: str
    username: str
    action: str
    opinion: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCase:
    """A whole case in steps, started by the first step's person; `hits` are the checks that must warn."""

    code: str
    title: str
    household: Household
    steps: tuple[SampleStep, ...]
    hits: tuple[str, ...]
    end: str


def build_city(seed: int = SEED) -> City:
    """The city that belongs to this seed: 300 residents in 100 households."""
    return City(
        name="镜湖市",
        units=units(),
        positions=POSITIONS,
        people=people(),
        households=settle(Dice(seed), places(), HOUSEHOLDS),
    )


def sample_cases(seed: int = SEED, *, on: date = date(2026, 1, 5)) -> tuple[SampleCase, ...]:
    """Four cases of 柳荫社区 that are carried to their ends. on: the day of receipt; other dates follow from it."""
    here = [home for home in build_city(seed).households if home.community_code == COMMUNITY_OF_CASES]
    plain, corrected = [home for home in here if home.profile is Profile.WITHIN_LIMITS][:2]
    earning, driving = (
        next(home for home in here if home.profile is profile)
        for profile in (Profile.OVER_INCOME, Profile.COSTLY_VEHICLE)
    )
    return _plain(plain, on), _over_income(earning, on), _costly_vehicle(driving, on), _corrected(corrected, on)


def _plain(home: Household, on: date) -> SampleCase:
    return SampleCase(
        code="plain",
        title="普通困难家庭，予以确认",
        household=home,
        steps=(_receipt(home), _accept(), *_inquiry(home, on), _review(home), _confirm(home, on, 1)),
        hits=(),
        end="End_Confirmed",
    )


def _over_income(home: Household, on: date) -> SampleCase:
    return SampleCase(
        code="over_income",
        title="人均收入超过标准，不予确认",
        household=home,
        steps=(
            _receipt(home),
            _accept(),
            *_inquiry(home, on),
            _collective("disagree", "经集体研究，核实人均月收入高于低保标准，建议不予确认。"),
            _refuse(on, 2, "核实家庭人均月收入高于本市低保标准。"),
        ),
        hits=("income",),
        end="End_NotConfirmed",
    )


def _costly_vehicle(home: Household, on: date) -> SampleCase:
    return SampleCase(
        code="costly_vehicle",
        title="车辆价值超过限额，退回复核后不予确认",
        household=home,
        steps=(
            _receipt(home),
            _accept(),
            *_inquiry(home, on),
            _collective("agree", "申请人称车辆为亲属借名登记，家庭确有困难，建议予以保障。"),
            SampleStep(
                element="Confirmation",
                username="he",
                action="return",
                opinion="借名登记没有证据，请复核车辆归属后重新集体研究。",
            ),
            _collective("disagree", "经复核，车辆登记在申请人名下且由其使用，价值超过限额，建议不予确认。"),
            _refuse(on, 3, "家庭机动车价值超过本市低保家庭财产限额。"),
        ),
        hits=("vehicle",),
        end="End_NotConfirmed",
    )


def _corrected(home: Household, on: date) -> SampleCase:
    return SampleCase(
        code="correction",
        title="材料不齐，一次性告知补正后予以确认",
        household=home,
        steps=(
            _receipt(home, without=("phone", "apply_reason")),
            _ask_for_correction(),
            _correction(home),
            _accept(),
            *_inquiry(home, on),
            _review(home),
            _confirm(home, on, 4),
        ),
        hits=(),
        end="End_Confirmed",
    )


def _application(home: Household) -> dict[str, object]:
    applicant = home.members[0]
    return {
        "applicant_name": applicant.name,
        "id_number": applicant.id_number,
        "phone": home.phone,
        "household_type": home.household_type,
        "address": home.address,
        "members": [
            {
                "name": member.name,
                "relation": member.relation,
                "id_number": member.id_number,
                "monthly_income": member.monthly_income,
            }
            for member in home.members
        ],
        "apply_reason": "主要劳动力患病，家庭收入不足以维持基本生活。",
        "kin_of_official": False,
        "authorisation_signed": True,
    }


def _receipt(home: Household, *, without: tuple[str, ...] = ()) -> SampleStep:
    answers = {key: value for key, value in _application(home).items() if key not in without}
    return SampleStep(
        element="Receipt",
        username="lin",
        action="register",
        opinion="材料已收。",
        variables=answers,
        materials=("application", "authorisation"),
    )


def _accept() -> SampleStep:
    return SampleStep(
        element="Acceptance",
        username="zhao",
        action="accept",
        opinion="材料齐备，予以受理。",
        variables={"in_jurisdiction": True, "identity_verified": True, "materials_complete": True},
    )


def _ask_for_correction() -> SampleStep:
    return SampleStep(
        element="Acceptance",
        username="zhao",
        action="correct",
        opinion="缺联系电话和申请理由，请按清单一次补齐。",
        variables={
            "in_jurisdiction": True,
            "identity_verified": True,
            "materials_complete": False,
            "correction_list": "一、补填联系电话；二、写明申请理由。五个工作日内交柳荫社区。",
        },
    )


def _correction(home: Household) -> SampleStep:
    return SampleStep(
        element="Correction",
        username="lin",
        action="submit",
        opinion="已按清单补齐。",
        variables={**_application(home), "correction_note": "已补填联系电话和申请理由。"},
        materials=("supplement",),
    )


def _inquiry(home: Household, on: date) -> tuple[SampleStep, SampleStep]:
    """The two parallel user tasks, the visit first."""
    visited_at, checked_at = on + timedelta(days=3), on + timedelta(days=4)
    visit = SampleStep(
        element="HouseholdVisit",
        username="sun",
        action="submit",
        opinion="情况属实。" if home.profile is Profile.WITHIN_LIMITS else "部分情况与申报不符，详见记录。",
        variables={
            "visited_at": visited_at.isoformat(),
            "visitors": "孙丽、林晓燕",
            "living_conditions": "住房简单装修，家电陈旧；主要劳动力长期服药。",
            "consistent": "yes" if home.profile is Profile.WITHIN_LIMITS else "no",
            "observed_income": home.monthly_income,
        },
        materials=("site_photo",),
    )
    check = SampleStep(
        element="DataCheck",
        username="chen",
        action="submit",
        opinion="已核对。",
        variables={
            "verified_monthly_income": home.monthly_income,
            "savings": home.savings,
            "vehicle_value": home.vehicle_value,
            "houses": home.houses,
            "data_source": f"镜湖市数据共享平台（演示），{checked_at.isoformat()}查询",
        },
    )
    return visit, check


def _allowance(home: Household) -> int:
    return STANDARDS[home.household_type] * len(home.members) - home.monthly_income


def _review(home: Household) -> SampleStep:
    return SampleStep(
        element="Review",
        username="zhou",
        action="agree",
        opinion="收入和财产均在限额以内，同意上报。",
        variables={"household_category": "regular", "proposed_amount": _allowance(home)},
    )


def _collective(action: str, opinion: str) -> SampleStep:
    return SampleStep(
        element="CollectiveReview",
        username="wu",
        action=action,
        opinion=opinion,
        variables={"household_category": "regular" if action == "agree" else "none"},
        materials=("minutes",),
    )


def _confirm(home: Household, on: date, number: int) -> SampleStep:
    next_month = (on.replace(day=1) + timedelta(days=32)).replace(day=1)
    return SampleStep(
        element="Confirmation",
        username="he",
        action="confirm",
        opinion="符合条件，予以确认。",
        variables={
            "granted_amount": _allowance(home),
            "effective_month": f"{next_month:%Y-%m}",
            "document_number": f"清民低保确〔{on.year}〕{number}号",
        },
    )


def _refuse(on: date, number: int, reason: str) -> SampleStep:
    return SampleStep(
        element="Confirmation",
        username="he",
        action="refuse",
        opinion=f"{reason}不服本决定的，可以依法申请行政复议或者提起行政诉讼。",
        variables={"document_number": f"清民低保不〔{on.year}〕{number}号"},
    )
