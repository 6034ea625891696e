"""SEP-01, separation of duties: one person did two things that must not lie in one hand (不相容岗位未分离)."""

from collections.abc import Sequence

from engine.model.findings import CheckOutcome, RiskLevel
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.facts import Act
from engine.supervision.question import CannotSay, Kind, Parameter, Question
from engine.supervision.sentences import Sentence


def judge(question: Question) -> Answer:
    """HIT for a pair of elements with one person behind both, also as a deputy or through one account."""
    if not question.drawn("pairs"):
        return _of_variables(question)
    drawn = question.words("pairs")
    pairs = [tuple(pair.split("/")) for pair in drawn]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise CannotSay("bad-pairs", {})
    for first, second in pairs:
        found = _same(question.acts, first, second)
        if found is not None:
            one, other, code = found
            return Answer(
                outcome=CheckOutcome.HIT,
                code=code,
                params={
                    "first": one.element_name or one.element,
                    "second": other.element_name or other.element,
                    "person": one.person_name or one.person,
                    "account": one.account,
                },
                parameters={"pairs": drawn},
                evidence={
                    "person": one.person,
                    "first": one.element,
                    "first_at": one.at.isoformat(),
                    "second": other.element,
                    "second_at": other.at.isoformat(),
                },
            )
    return Answer(
        outcome=CheckOutcome.CLEAR,
        code="separate",
        params={"pairs": drawn},
        parameters={"pairs": drawn},
        evidence={"acts": len(question.acts)},
    )


def _same(acts: Sequence[Act], first: str, second: str) -> tuple[Act, Act, str] | None:
    for one in (act for act in acts if act.element == first):
        for other in (act for act in acts if act.element == second and act is not one):
            if _persons(one) & _persons(other):
                return one, other, "same-person" if one.person == other.person else "deputy"
            if one.account and one.account == other.account:
                return one, other, "shared-account"
    return None


def _persons(act: Act) -> frozenset[str]:
    return frozenset({act.person, act.on_behalf_of} - {""})


def _of_variables(question: Question) -> Answer:
    first, second = question.text("first").strip(), question.text("second").strip()
    same = first == second
    return Answer(
        outcome=CheckOutcome.HIT if same else CheckOutcome.CLEAR,
        code="same-value" if same else "two-values",
        params={"first": question.label("first"), "second": question.label("second"), "person": first},
        evidence={"first": first, "second": second},
    )


CHECK = Check(
    code="SEP-01",
    name="不相容岗位分离",
    kind="separation of duties",
    phases=frozenset({Phase.DURING}),
    level=RiskLevel.MEDIUM,
    source="《行政事业单位内部控制规范（试行）》（财会〔2012〕21号）第十二条（不相容岗位相互分离）；标准 5.5.3",
    rule_zh=(
        "写作 `甲/乙` 的每对环节不得由同一人办理，否则命中：本人、互为代理、同一账号都算，正在办理的也算。`"
        "first` 与 `second` 改为比较两个值。没有轨迹或缺值为无法判断。"
    ),
    rule=(
        "For each pair of elements written `A/B`, nobody may have acted at both, else HIT: not as the same person, "
        "not as a "
        "deputy for one another, not through one account. The act that is being judged counts. `first` and "
        "`second` compare two "
        "values of the variables instead. Without the trace, or with a value missing, CANNOT_SAY."
    ),
    parameters=(
        Parameter(
            name="pairs", kind=Kind.LIST, zh="不相容环节", meaning="pairs of element ids, `A/B C/D`; needs the trace"
        ),
        Parameter(name="first", kind=Kind.TEXT, zh="前一人员", meaning="who did the one thing"),
        Parameter(name="second", kind=Kind.TEXT, zh="后一人员", meaning="who did the other"),
    ),
    alternatives=(frozenset({"pairs", "first"}),),
    sentences={
        "same-person": Sentence(
            "{name}：{person}既办理“{first}”又办理“{second}”", "{name}: {person} did both “{first}” and “{second}”"
        ),
        "deputy": Sentence(
            "{name}：{person}本人或代理办理了“{first}”和“{second}”",
            "{name}: {person} did “{first}” and “{second}”, one of them as a deputy",
        ),
        "shared-account": Sentence(
            "{name}：同一账号 {account} 办理了“{first}”和“{second}”",
            "{name}: one account, {account}, did “{first}” and “{second}”",
        ),
        "separate": Sentence("{name}：{pairs} 由不同人员办理", "{name}: {pairs} lie in different hands"),
        "same-value": Sentence(
            "{name}：{first}与{second}同为 {person}", "{name}: {first} and {second} are both {person}"
        ),
        "two-values": Sentence("{name}：{first}与{second}不是同一人", "{name}: {first} and {second} are two people"),
        "bad-pairs": Sentence(
            "无法判断{name}：不相容环节须写作 A/B", "{name} cannot be judged: pairs are written as A/B"
        ),
    },
    example=(
        '<supervision:check id="two_people" code="SEP-01" name="调查与审核分离" level="medium"\n'
        '    actions="prompt_clerk alert_unit" blocking="true">\n'
        '  <supervision:parameter name="first" value="=surveyor"/>\n'
        '  <supervision:parameter name="second" value="=reviewer"/>\n'
        "</supervision:check>"
    ),
    example_variables={"surveyor": "王丽", "reviewer": "王丽"},
    trace="some",
    judge=judge,
)
