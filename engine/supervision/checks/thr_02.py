"""THR-02, discretion band: a decision outside the band that the tier of its circumstances leaves (自由裁量权)."""

from collections.abc import Mapping
from decimal import Decimal

from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.model.indicators import Band, Interval, Number
from engine.supervision import indicators
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import INDICATOR, ON, CannotSay, Kind, Parameter, Question, by_indicator
from engine.supervision.sentences import Sentence, plain


def judge(question: Question) -> Answer:
    """HIT outside of the band; one level higher without a reason, and for an officer who did so before."""
    tier, amount = question.text("tier"), question.number("amount")
    indicator = question.indicator("indicator") if question.drawn("indicator") else None
    if indicator is not None:
        value = indicator.value if isinstance(indicator.value, tuple) else ()
        bands = [one for one in value if isinstance(one, Band)]
    else:
        bands = [_band(one) for one in question.items("bands")]
    told, versions = by_indicator(indicator)
    band = indicators.band(bands, tier)
    if band is None:
        raise CannotSay("no-tier", {"tier": tier, "tiers": [one.tier for one in bands]})
    inside = band.interval.holds(amount)
    reason = question.value("reason")
    explained = isinstance(reason, str) and bool(reason.strip())
    repeats = question.whole("repeats") if question.value("repeats") is not None else 0
    unit = question.drawn("unit") or (indicator.unit if indicator is not None else "")
    low, high = band.interval.low, band.interval.high
    code = "inside" if inside else "outside-again" if repeats else "outside" if explained else "outside-unexplained"
    return Answer(
        outcome=CheckOutcome.CLEAR if inside else CheckOutcome.HIT,
        code=code,
        params={
            "tier": tier,
            "amount": amount,
            "low": "" if low is None else low,
            "high": "" if high is None else high,
            "unit": f" {unit}" if unit else "",
            "repeats": repeats,
        },
        parameters={"low": plain(low), "high": plain(high), "unit": unit, **told},
        evidence={"tier": tier, "amount": plain(amount), "explained": explained, "repeats": repeats},
        fences=(Fence(name=tier, low=plain(low), high=plain(high)),),
        data_versions=versions,
        raised=0 if inside else int(not explained) + int(repeats > 0),
    )


def _band(drawn: object) -> Band:
    """A row of a drawn table: {tier, low, high}, either end null for open."""
    if isinstance(drawn, Mapping) and isinstance(drawn.get("tier"), str):
        low, high = drawn.get("low"), drawn.get("high")
        if _is_end(low) and _is_end(high):
            return Band(tier=drawn["tier"], interval=Interval(low=_end(low), high=_end(high)))
    raise CannotSay("bad-band", {})


def _is_end(value: object) -> bool:
    return value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool))


def _end(value: object) -> Number | None:
    return value if isinstance(value, int | Decimal) else None


CHECK = Check(
    code="THR-02",
    name="裁量幅度",
    kind="discretion band",
    phases=frozenset({Phase.DURING}),
    level=RiskLevel.MEDIUM,
    source="标准 5.5.2：自由裁量权；《行政处罚法》第三十四条（行政处罚裁量基准）",
    rule_zh=(
        "决定的数额须在所适用裁量阶次的幅度以内（含两端），否则命中；未说明理由升一级，同一承办人此前已有超出（`"
        "repeats`）再升一级。设 `allowWithReason` 的拦截检查写明理由后可以继续。没有该"
        "阶次为无法判断。"
    ),
    rule=(
        "The amount must lie in the band of its tier of circumstances (both ends included), else HIT. Without a "
        "reason it "
        "is one level higher, and one more when the same officer left the band before (`repeats`). With "
        "`allowWithReason` a "
        "blocking check lets the step pass once a reason is written. A tier without a band is CANNOT_SAY."
    ),
    parameters=(
        Parameter(name="tier", kind=Kind.TEXT, zh="裁量阶次", meaning="the tier of circumstances", required=True),
        Parameter(name="amount", kind=Kind.NUMBER, zh="决定的数额", meaning="what was decided", required=True),
        Parameter(name="bands", kind=Kind.LIST, zh="裁量基准", meaning="list of {tier, low, high}; null: no end"),
        INDICATOR,
        ON,
        Parameter(name="reason", kind=Kind.TEXT, zh="理由", meaning="why the band was left"),
        Parameter(name="repeats", kind=Kind.NUMBER, zh="此前次数", meaning="how often the officer left it before"),
        Parameter(name="unit", kind=Kind.TEXT, zh="单位", meaning="unit of the amount, for the sentence"),
    ),
    alternatives=(frozenset({"bands", "indicator"}),),
    sentences={
        "inside": Sentence(
            "{name} {amount}{unit}，在“{tier}”幅度 {low} ~ {high}{unit} 内",
            "{name} {amount}{unit} is inside the band “{tier}”, {low} ~ {high}{unit}",
        ),
        "outside": Sentence(
            "{name} {amount}{unit}，超出“{tier}”幅度 {low} ~ {high}{unit}，已说明理由",
            "{name} {amount}{unit} is outside the band “{tier}”, {low} ~ {high}{unit}; a reason was given",
        ),
        "outside-unexplained": Sentence(
            "{name} {amount}{unit}，超出“{tier}”幅度 {low} ~ {high}{unit}，未说明理由",
            "{name} {amount}{unit} is outside the band “{tier}”, {low} ~ {high}{unit}; no reason was given",
        ),
        "outside-again": Sentence(
            "{name} {amount}{unit}，超出“{tier}”幅度 {low} ~ {high}{unit}，同一承办人此前已有 {repeats} 次",
            "{name} {amount}{unit} is outside the band “{tier}”, {low} ~ {high}{unit}; {repeats} times before by "
            "this officer",
        ),
        "no-tier": Sentence(
            "无法判断{name}：裁量基准中没有“{tier}”（有：{tiers}）",
            "{name} cannot be judged: no band “{tier}” among {tiers}",
        ),
        "bad-band": Sentence(
            "无法判断{name}：裁量基准的行须有 tier、low、high",
            "{name} cannot be judged: a row of the bands needs tier, low and high",
        ),
    },
    example=(
        '<supervision:check id="fine" code="THR-02" name="罚款数额" level="medium" actions="prompt_clerk alert_unit"\n'
        '    blocking="true" allowWithReason="=fine_reason">\n'
        '  <supervision:parameter name="tier" value="=tier"/>\n'
        '  <supervision:parameter name="amount" value="=fine"/>\n'
        '  <supervision:parameter name="bands" value="=[{tier: &quot;从轻&quot;, low: 1000, high: 5000},'
        ' {tier: &quot;一般&quot;, low: 5000, high: 20000}]"/>\n'
        '  <supervision:parameter name="reason" value="=fine_reason"/>\n'
        '  <supervision:parameter name="unit" value="元"/>\n'
        "</supervision:check>"
    ),
    example_variables={"tier": "从轻", "fine": 8000, "fine_reason": None},
    judge=judge,
)
