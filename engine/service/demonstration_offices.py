"""Who works in the demonstration city: units in four levels, people with positions and roles. All invented."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.actors import Scope, UnitLevel
from engine.service.demonstration_residents import Place

POSITIONS: Mapping[str, str] = {
    "community_worker": "社区经办人",
    "street_window": "街道窗口",
    "street_officer": "街道受理人",
    "street_visitor": "街道调查员",
    "street_reviewer": "街道审核人",
    "street_leader": "街道分管负责人",
    "district_checker": "区核对中心核对员",
    "district_approver": "区民政局审批人",
    "enforcement_officer": "行政执法人员",
    "legal_reviewer": "法制审核人员",
    "hearing_host": "听证主持人",
    "bureau_leader": "区民政局负责人",
    "resident_inspector": "派驻监督员",
    "unit_supervisor": "单位监督员",
    "discipline_officer": "纪检监察干部",
    "process_designer": "流程设计员",
    "process_operator": "流程运维员",
    "policy_officer": "政策法规岗",
}


KEEPERS = ("lu", "cui")
"""Who proposed and who published the city's indicators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationUnit:
    """A unit to create. Parents come before their children; `parent_code` is None for the root only."""

    code: str
    parent_code: str | None
    name: str
    level: UnitLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationPerson:
    """A person to create in a unit, with the positions held there and one role granted there."""

    username: str
    name: str
    unit_code: str
    role: str
    scope: Scope
    positions: tuple[str, ...] = ()


STREETS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("JH-QH-01", "JH-QH", "柳荫街道", ("柳荫社区", "河畔社区", "槐树里社区")),
    ("JH-QH-02", "JH-QH", "松岭街道", ("松岭社区", "青石社区")),
    ("JH-QH-03", "JH-QH", "望湖街道", ("望湖社区", "镜心社区")),
    ("JH-LC-01", "JH-LC", "桃溪街道", ("桃溪社区", "书院社区")),
    ("JH-LC-02", "JH-LC", "云坪镇", ("上坪村", "下坪村")),
)


def units() -> tuple[DemonstrationUnit, ...]:
    upper = (
        ("JH", None, "镜湖市", UnitLevel.CITY),
        ("JH-JD", "JH", "派驻镜湖市民政局监督组", UnitLevel.CITY),
        ("JH-JW", "JH", "镜湖市纪委监委", UnitLevel.CITY),
        ("JH-MZ", "JH", "镜湖市民政局", UnitLevel.CITY),
        ("JH-QH", "JH-MZ", "清河区民政局", UnitLevel.DISTRICT),
        ("JH-LC", "JH-MZ", "柳川区民政局", UnitLevel.DISTRICT),
    )
    rows: list[tuple[str, str | None, str, UnitLevel]] = [*upper]
    for code, parent, name, communities in STREETS:
        rows.append((code, parent, name, UnitLevel.STREET))
        rows.extend(
            (f"{code}-{order:02d}", code, community, UnitLevel.COMMUNITY)
            for order, community in enumerate(communities, start=1)
        )
    return tuple(
        DemonstrationUnit(code=code, parent_code=parent, name=name, level=level) for code, parent, name, level in rows
    )


def people() -> tuple[DemonstrationPerson, ...]:
    rows: tuple[tuple[str, str, str, str, Scope, tuple[str, ...]], ...] = (
        ("lin", "林晓燕", "JH-QH-01-01", "clerk", Scope.UNIT, ("community_worker",)),
        ("wang", "王建国", "JH-QH-01", "clerk", Scope.SUBTREE, ("street_window",)),
        ("zhao", "赵明", "JH-QH-01", "clerk", Scope.SUBTREE, ("street_officer",)),
        ("sun", "孙丽", "JH-QH-01", "clerk", Scope.SUBTREE, ("street_visitor",)),
        ("zhou", "周敏", "JH-QH-01", "reviewer", Scope.SUBTREE, ("street_reviewer",)),
        ("wu", "吴志强", "JH-QH-01", "reviewer", Scope.SUBTREE, ("street_leader",)),
        ("chen", "陈洁", "JH-QH", "clerk", Scope.SUBTREE, ("district_checker",)),
        ("he", "何伟", "JH-QH", "approver", Scope.SUBTREE, ("district_approver",)),
        ("fang", "方毅", "JH-QH", "clerk", Scope.SUBTREE, ("enforcement_officer",)),
        ("pan", "潘磊", "JH-QH", "clerk", Scope.SUBTREE, ("enforcement_officer",)),
        ("xu", "徐静", "JH-QH", "reviewer", Scope.SUBTREE, ("legal_reviewer",)),
        ("tan", "谭平", "JH-QH", "reviewer", Scope.SUBTREE, ("hearing_host",)),
        ("gu", "顾长青", "JH-QH", "approver", Scope.SUBTREE, ("bureau_leader",)),
        ("qian", "钱进", "JH-QH-02", "clerk", Scope.SUBTREE, ("street_window",)),
        ("feng", "冯涛", "JH-QH-02", "clerk", Scope.SUBTREE, ("street_officer",)),
        ("gao", "高正", "JH-JD", "inspector", Scope.ALL, ("resident_inspector",)),
        ("yan", "严谨", "JH-QH-01", "supervisor", Scope.SUBTREE, ("unit_supervisor",)),
        ("ren", "任重", "JH-QH", "supervisor", Scope.SUBTREE, ("unit_supervisor",)),
        ("xiang", "向明", "JH-MZ", "supervisor", Scope.SUBTREE, ("unit_supervisor",)),
        ("ji", "纪正", "JH-JD", "discipline", Scope.ALL, ("discipline_officer",)),
        ("shang", "尚清", "JH-JW", "discipline", Scope.ALL, ("discipline_officer",)),
        ("du", "杜文", "JH-MZ", "designer", Scope.ALL, ("process_designer",)),
        ("lu", "陆衡", "JH-MZ", "policy", Scope.ALL, ("policy_officer",)),
        ("cui", "崔准", "JH-MZ", "policy", Scope.ALL, ("policy_officer",)),
        ("quan", "全圆", "JH-LC", "policy", Scope.SUBTREE, ("policy_officer",)),
        ("luo", "罗平", "JH-QH", "operator", Scope.SUBTREE, ("process_operator",)),
        ("sysadmin", "石磊", "JH", "system_admin", Scope.ALL, ()),
        ("secadmin", "安宁", "JH", "security_admin", Scope.ALL, ()),
        ("auditor", "沈静", "JH", "audit_admin", Scope.ALL, ()),
    )
    return tuple(
        DemonstrationPerson(username=username, name=name, unit_code=unit, role=role, scope=scope, positions=positions)
        for username, name, unit, role, scope, positions in rows
    )


def places() -> tuple[Place, ...]:
    districts = {"JH-QH": "清河区", "JH-LC": "柳川区"}
    return tuple(
        Place(
            code=f"{code}-{order:02d}",
            household_type="rural" if community.endswith("村") else "urban",
            address=f"镜湖市{districts[parent]}{street}{community}",
        )
        for code, parent, street, communities in STREETS
        for order, community in enumerate(communities, start=1)
    )
