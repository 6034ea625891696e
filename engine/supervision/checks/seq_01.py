"""SEQ-01, sequence: a required step is missing, or the order is broken (缺少必经环节、次序颠倒)."""

from datetime import datetime
from itertools import pairwise

from engine.model.findings import CheckOutcome, RiskLevel
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import Kind, Parameter, Question
from engine.supervision.sentences import Sentence


def judge(question: Question) -> Answer:
    """HIT for a step that was not done before the act, or not in the drawn order; CLEAR before the act was done."""
    if not question.drawn("steps"):
        return _of_dates(question)
    steps, until = question.words("steps"), question.drawn("before")
    done = _done(question)
    parameters = {"steps": steps, "before": until, "ordered": question.truth("ordered")}
    if until and until not in done:
        return Answer(outcome=CheckOutcome.CLEAR, code="not-applicable", parameters=parameters)
    limit = done[until] if until else question.facts.now
    names = {act.element: act.element_name for act in question.acts if act.element_name}
    missing = [step for step in steps if step not in done or done[step] > limit]
    evidence = {step: done[step].isoformat() if step in done else None for step in steps}
    if missing:
        code, listed = "missing-step", missing
    elif parameters["ordered"] and any(done[a] > done[b] for a, b in pairwise(steps)):
        code, listed = "order", sorted(steps, key=lambda step: done[step])
    else:
        code, listed = "complete", steps
    return Answer(
        outcome=CheckOutcome.CLEAR if code == "complete" else CheckOutcome.HIT,
        code=code,
        params={"steps": [names.get(step, step) for step in listed]},
        parameters=parameters,
        evidence=evidence,
    )


def _done(question: Question) -> dict[str, datetime]:
    """When each element was first completed: by an act of somebody, or by the engine."""
    done: dict[str, datetime] = {}
    completed = [(one.element, one.left_at) for one in question.trace.visits if one.completed and one.left_at]
    for element, at in (*((act.element, act.at) for act in question.acts), *completed):
        done[element] = min(at, done.get(element, at))
    return done


def _of_dates(question: Question) -> Answer:
    """Two moments of the case's own variables. Days are compared as days, so that noon is not after its own day."""
    earlier, later = question.moment("earlier"), question.moment("later")
    if isinstance(earlier, datetime) and isinstance(later, datetime):
        broken = earlier > later
    else:
        broken = question.local_day(earlier) > question.local_day(later)
    return Answer(
        outcome=CheckOutcome.HIT if broken else CheckOutcome.CLEAR,
        code="dates-reversed" if broken else "dates",
        params={"earlier": question.local_day(earlier), "later": question.local_day(later)},
        evidence={"earlier": earlier.isoformat(), "later": later.isoformat()},
    )


CHECK = Check(
    code="SEQ-01",
    name="环节缺失或次序颠倒",
    kind="sequence",
    phases=frozenset({Phase.DURING, Phase.AFTER}),
    level=RiskLevel.MEDIUM,
    source="《行政许可法》第四章、《社会救助暂行办法》第十一条（须经入户调查、审核后确认）；标准 5.5.3",
    rule_zh=(
        "`steps` 各环节须在 `before`（不设则为现在）首次完成之前完成，否则命中；`ordered"
        "` 还要求依次进行。被终止的不算完成。`earlier`、`later` 改为比较两个时刻。没有轨迹或缺"
        "时刻为无法判断。"
    ),
    rule=(
        "Every element of `steps` must have been completed before the first completion of `before` (drawn nothing: "
        "before "
        "now), else HIT; with `ordered` also one after the other. An element that was stopped was not completed. With "
        "`earlier` and `later` two moments of the variables are compared instead. Without the trace, or without a "
        "moment, "
        "CANNOT_SAY."
    ),
    parameters=(
        Parameter(name="steps", kind=Kind.LIST, zh="必经环节", meaning="ids of elements; needs the trace"),
        Parameter(name="before", kind=Kind.TEXT, zh="在此之前", meaning="id of the element that must come after them"),
        Parameter(name="ordered", kind=Kind.BOOLEAN, zh="依次", meaning="whether their order matters", default="false"),
        Parameter(
            name="earlier", kind=Kind.DATE, zh="先发生的时间", meaning="a moment that must not lie after `later`"
        ),
        Parameter(name="later", kind=Kind.DATE, zh="后发生的时间", meaning="a moment"),
    ),
    alternatives=(frozenset({"steps", "earlier"}),),
    sentences={
        "missing-step": Sentence("{name}：缺少必经环节 {steps}", "{name}: required steps are missing: {steps}"),
        "order": Sentence("{name}：环节次序颠倒，实际为 {steps}", "{name}: the order was broken, it was {steps}"),
        "complete": Sentence("{name}：必经环节 {steps} 已完成", "{name}: the required steps {steps} were completed"),
        "dates-reversed": Sentence("{name}：{earlier} 晚于 {later}，次序颠倒", "{name}: {earlier} lies after {later}"),
        "dates": Sentence("{name}：{earlier} 不晚于 {later}", "{name}: {earlier} does not lie after {later}"),
    },
    example=(
        '<supervision:check id="order" code="SEQ-01" name="先审批后开票" level="medium" actions="alert_unit">\n'
        '  <supervision:parameter name="earlier" value="=ordered_on"/>\n'
        '  <supervision:parameter name="later" value="=invoiced_on"/>\n'
        "</supervision:check>"
    ),
    example_variables={"ordered_on": "2026-03-12", "invoiced_on": "2026-03-02"},
    trace="some",
    judge=judge,
)
