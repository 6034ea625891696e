"""FMT-01, validity: a number with a wrong check digit, a code that is none, a licence that has expired."""

from engine.model.findings import CheckOutcome, RiskLevel
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import CannotSay, Kind, Parameter, Question
from engine.supervision.sentences import Sentence

_FORMATS = {"id-number": ("居民身份证号", "ID number"), "credit-code": ("统一社会信用代码", "credit code")}


def judge(question: Question) -> Answer:
    """HIT for the first thing that is wrong: form, code, date."""
    value = question.text("value") if question.drawn("value") else ""
    parameters = {name: question.drawn(name) for name in ("format", "codes", "valid_to") if question.drawn(name)}
    code, params = _wrong(question, value) or ("valid", {})
    return Answer(
        outcome=CheckOutcome.CLEAR if code == "valid" else CheckOutcome.HIT,
        code=code,
        params=params,
        parameters=parameters,
        evidence={"value": value} if value else {},
    )


def _wrong(question: Question, value: str) -> tuple[str, dict[str, object]] | None:
    wanted = question.drawn("format")
    if wanted:
        has = question.facts.given.formats.get(wanted)
        if has is None:
            raise CannotSay("no-format", {"format": wanted})
        if not has(_wanted_value(question, value)):
            chinese, english = _FORMATS.get(wanted, (wanted, wanted))
            return "malformed", {"format": chinese, "format_en": english}
    if question.drawn("codes") and _wanted_value(question, value) not in question.words("codes"):
        return "no-code", {"value": value}
    if question.drawn("valid_to"):
        last = question.day("valid_to")
        on = question.day("on") if question.drawn("on") else question.facts.given.calendar.day_of(question.facts.now)
        if on > last:
            return "expired", {"last": last, "on": on}
    return None


def _wanted_value(question: Question, value: str) -> str:
    if not value:
        raise question.missing("value")
    return value


CHECK = Check(
    code="FMT-01",
    name="格式与效期",
    kind="validity",
    phases=frozenset({Phase.BEFORE}),
    level=RiskLevel.LOW,
    source="GB 11643（公民身份号码）、GB 32100（统一社会信用代码）；《行政许可法》第五十条（有效期）",
    rule_zh=(
        "`value` 须符合 `format`、在 `codes` 之中，`valid_to` 不得早于 `o"
        "n`（不设则为今天）；设了哪项查哪项，不符即命中。空值为无法判断。"
    ),
    rule=(
        "`value` must have the `format`, be one of `codes`, and `valid_to` must not lie before `on` (drawn "
        "nothing: today), "
        "each only if drawn, else HIT. Blank or null is CANNOT_SAY."
    ),
    parameters=(
        Parameter(name="value", kind=Kind.TEXT, zh="号码", meaning="the number or code"),
        Parameter(
            name="format", kind=Kind.TEXT, zh="格式", meaning="which kind of number it must be", choices=tuple(_FORMATS)
        ),
        Parameter(name="codes", kind=Kind.LIST, zh="代码表", meaning="the codes that there are"),
        Parameter(name="valid_to", kind=Kind.DATE, zh="有效期至", meaning="last day of a licence"),
        Parameter(name="on", kind=Kind.DATE, zh="核验日", meaning="the day on which it must be valid"),
    ),
    alternatives=(frozenset({"format", "codes", "valid_to"}),),
    sentences={
        "malformed": Sentence("{name} 不是有效的{format}", "{name} is not a valid {format_en}"),
        "no-code": Sentence("{name} {value} 不在代码表中", "{name} {value} is not among the codes"),
        "expired": Sentence("{name}：有效期至 {last}，{on} 已过期", "{name}: valid until {last}, expired on {on}"),
        "valid": Sentence("{name} 有效", "{name} is valid"),
    },
    example=(
        '<supervision:check id="id_number" code="FMT-01" name="申请人身份证号" level="low" actions="prompt_clerk">\n'
        '  <supervision:parameter name="value" value="=id_number"/>\n'
        '  <supervision:parameter name="format" value="id-number"/>\n'
        "</supervision:check>"
    ),
    example_variables={"id_number": "210190199003071234"},
    judge=judge,
)
