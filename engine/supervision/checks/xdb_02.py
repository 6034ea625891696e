"""XDB-02, match: a publicly paid person, a village cadre or their kin asks for a means-tested benefit (优亲厚友)."""

from engine.model.findings import CheckOutcome, RiskLevel
from engine.model.lookups import Need, RowsNeed
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import CannotSay, Kind, Parameter, Question
from engine.supervision.sentences import Sentence


def judge(question: Question) -> Answer:
    """HIT for a person among the payees, and for filed kin; a level higher, unless the kin were declared."""
    wanted = needs(question)
    payees_name, kin_name = question.text("payees"), question.text("kin")
    payees = question.looked_up(wanted[0], payees_name)
    versions = {payees_name: payees.version}
    own = list(payees.rows)
    kin = []
    if question.truth("with_kin"):
        relatives = question.looked_up(wanted[1], kin_name)
        versions[kin_name] = relatives.version
        kin = list(relatives.rows)
    declared = question.truth("declared") if question.drawn("declared") and kin and not own else False
    code = "self" if own else "clear" if not kin else "kin-declared" if declared else "kin"
    posts = sorted({f"{row.get('unit', '')}{row.get('post', '')}" for row in own} - {""})
    relations = sorted({str(row.get("relation", "")) for row in kin} - {""})
    return Answer(
        outcome=CheckOutcome.CLEAR if code == "clear" else CheckOutcome.HIT,
        code=code,
        params={"count": len(own or kin), "posts": posts, "relations": relations},
        parameters={"payees": payees_name, "kin": kin_name, "with_kin": question.truth("with_kin")},
        evidence={
            "persons": len(_persons(question)),
            "payees": [{key: str(value) for key, value in row.items()} for row in own],
            "kin": [{key: str(value) for key, value in row.items()} for row in kin],
            "declared": declared,
        },
        data_versions=versions,
        raised=int(code in ("self", "kin")),
    )


def needs(question: Question) -> tuple[Need, ...]:
    """The persons among the payees, and payees whose filed relatives they are. Raises CannotSay without a person."""
    persons = _persons(question)
    wanted: list[Need] = [RowsNeed(source=question.text("payees"), match=(("id_no", persons),))]
    if question.truth("with_kin"):
        wanted.append(RowsNeed(source=question.text("kin"), match=(("relative_id_no", persons),)))
    return tuple(wanted)


def _persons(question: Question) -> tuple[str, ...]:
    found = question.value("persons")
    listed = list(found) if isinstance(found, list | tuple) else [found]
    if not listed or any(one is None or one == "" for one in listed):
        raise question.missing("persons")
    if not all(isinstance(one, str) for one in listed):
        raise CannotSay("wrong-persons", {})
    return tuple(dict.fromkeys(str(one) for one in listed))


CHECK = Check(
    code="XDB-02",
    name="财政供养人员及其亲属",
    kind="match",
    phases=frozenset({Phase.BEFORE}),
    level=RiskLevel.MEDIUM,
    source=(
        "《最低生活保障审核确认办法》（民发〔2021〕57号）（经办人员和村（居）委会成员近亲属的备案）；"
        "标准 5.5.3 数据比对"
    ),
    rule_zh=(
        "`persons`（申请人和共同生活的家庭成员）不得在财政供养人员库 `payees` 中，否则命中并升"
        "一级；设 `with_kin` 的还不得在近亲属备案库 `kin` 中，否则命中，未申报的升一级。数据集"
        "未接入为无法判断，并指明是哪个。"
    ),
    rule=(
        "None of `persons` (the applicant and the household) may be in the dataset `payees` (`id_no`, `unit`, "
        "`post`), else HIT "
        "one level higher; nor, with `with_kin`, a filed relative in `kin` (`id_no` of the payee, `relative_id_no`, "
        "`relation`), else HIT, one level higher when it was not `declared`. A dataset that was not asked is "
        "CANNOT_SAY by its "
        "name. Often report-only: then nobody in the unit sees it."
    ),
    parameters=(
        Parameter(name="persons", kind=Kind.ANY, zh="人员", meaning="an ID number or a list of them", required=True),
        Parameter(name="payees", kind=Kind.TEXT, zh="财政供养人员库", meaning="the dataset", default="public_payee"),
        Parameter(name="kin", kind=Kind.TEXT, zh="亲属备案库", meaning="the dataset", default="kin"),
        Parameter(name="with_kin", kind=Kind.BOOLEAN, zh="含亲属", meaning="whether kin are looked at", default="true"),
        Parameter(
            name="declared", kind=Kind.BOOLEAN, zh="已申报", meaning="whether the applicant declared the kinship"
        ),
    ),
    sentences={
        "self": Sentence(
            "{name}：家庭成员中有 {count} 人在财政供养人员库中（{posts}）",
            "{name}: {count} of the household are publicly paid ({posts})",
        ),
        "kin": Sentence(
            "{name}：与 {count} 名备案干部有亲属关系（{relations}），未申报",
            "{name}: kin of {count} filed cadres ({relations}), not declared",
        ),
        "kin-declared": Sentence(
            "{name}：与 {count} 名备案干部有亲属关系（{relations}），已申报",
            "{name}: kin of {count} filed cadres ({relations}), declared",
        ),
        "clear": Sentence(
            "{name}：比对未发现财政供养人员及备案亲属", "{name}: nobody publicly paid and no filed kin was found"
        ),
        "wrong-persons": Sentence(
            "无法判断{name}：人员须为身份证号", "{name} cannot be judged: persons must be ID numbers"
        ),
    },
    example=(
        '<supervision:check id="cadre" code="XDB-02" name="干部及亲属享受低保" level="high"\n'
        '    actions="report_discipline">\n'
        '  <supervision:parameter name="persons" value="=for member in members return member.id_number"/>\n'
        '  <supervision:parameter name="declared" value="=kin_of_official"/>\n'
        "</supervision:check>"
    ),
    example_variables={"members": [{"id_number": "21019419500508116X"}], "kin_of_official": False},
    needs=needs,
    sources=True,
    judge=judge,
)
