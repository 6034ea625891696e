"""DUP-01, duplicate: the same person, scheme and period again; the same invoice again (重复申领、重复报销)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from engine.model.findings import CheckOutcome, Fence, RiskLevel
from engine.model.lookups import Need, RowsNeed
from engine.supervision.check import Answer, Check, Phase
from engine.supervision.question import CannotSay, Kind, Parameter, Question
from engine.supervision.sentences import Sentence, plain

_NOISE = re.compile(r"[\s\-_/.·]+")


def judge(question: Question) -> Answer:
    """HIT for another row with the same key: in a list of the case, or in a dataset."""
    if not question.drawn("source"):
        return _within(question)
    (need,) = needs(question)
    source = question.text("source")
    found = question.looked_up(need, source)
    wanted = {name: normal(value) for name, value in _key(question).items()}
    others = [row for row in found.rows if _matches(row, wanted) and not _own(question, row) and _near(question, row)]
    window = question.whole("window") if question.drawn("window") else None
    return Answer(
        outcome=CheckOutcome.HIT if others else CheckOutcome.CLEAR,
        code="again" if others else "once",
        params={"fields": list(wanted), "count": len(others), "source": source},
        parameters={"source": source, "fields": list(wanted), "window": window},
        evidence={"key": wanted, "others": [str(row.get(question.drawn("id_field"), "")) for row in others]},
        fences=(Fence(name="window", high=window),),
        data_versions={source: found.version},
    )


def needs(question: Question) -> tuple[Need, ...]:
    """Rows with the same key, as written and as normalised. Raises CannotSay when a part of the key is missing."""
    if not question.drawn("source"):
        return ()
    match = tuple((name, tuple(dict.fromkeys((str(value), normal(value))))) for name, value in _key(question).items())
    return (RowsNeed(source=question.text("source"), match=match),)


def normal(value: object) -> str:
    """A key as it should have been written: half-width, upper case, without spaces, hyphens and dots."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(plain(value)))).upper()


def _key(question: Question) -> Mapping[str, object]:
    key = question.value("match")
    if not isinstance(key, Mapping) or not key:
        raise question.missing("match")
    if any(value is None or value == "" for value in key.values()):
        raise question.missing("match")
    return key


def _matches(row: Mapping[str, object], wanted: Mapping[str, str]) -> bool:
    return all(normal(row.get(name, "")) == value for name, value in wanted.items())


def _own(question: Question, row: Mapping[str, object]) -> bool:
    field, own = question.drawn("id_field"), question.value("own")
    return bool(field) and own is not None and str(row.get(field)) == str(own)


def _near(question: Question, row: Mapping[str, object]) -> bool:
    if not question.drawn("window"):
        return True
    other = row.get(question.text("date_field"))
    try:
        day = other if isinstance(other, date) else date.fromisoformat(str(other)[:10])
    except ValueError:
        return True  # a row without a day is not let off
    return abs((question.local_day(day) - question.day("date")).days) <= question.whole("window")


def _within(question: Question) -> Answer:
    items, fields = question.items("items"), question.words("fields")
    if not fields:
        raise question.missing("fields")
    seen: dict[tuple[str, ...], int] = {}
    repeated: list[str] = []
    for place, item in enumerate(items, 1):
        key = tuple(_part(item, field, place) for field in fields)
        if key in seen:
            repeated.append(f"{seen[key]}={place}")
        else:
            seen[key] = place
    return Answer(
        outcome=CheckOutcome.HIT if repeated else CheckOutcome.CLEAR,
        code="repeated" if repeated else "different",
        params={"count": len(items), "pairs": repeated, "fields": fields},
        parameters={"fields": fields},
        evidence={"pairs": repeated, "count": len(items)},
    )


def _part(item: object, field: str, place: int) -> str:
    value = item.get(field) if isinstance(item, Mapping) else None
    if value is None or value == "":
        raise CannotSay("hole", {"place": place, "field": field})
    return normal(value)


def _parameters() -> Iterable[Parameter]:
    text = Kind.TEXT
    yield Parameter(name="items", kind=Kind.LIST, zh="清单", meaning="a list of contexts, searched in itself")
    yield Parameter(name="fields", kind=Kind.LIST, zh="关键字段", meaning="which entries make the key of an item")
    yield Parameter(name="source", kind=text, zh="数据源", meaning="the dataset that is searched")
    yield Parameter(name="match", kind=Kind.ANY, zh="关键字段的值", meaning="context: field of the dataset to value")
    yield Parameter(name="id_field", kind=text, zh="编号字段", meaning="field with the number of a row", default="id")
    yield Parameter(name="own", kind=Kind.ANY, zh="本记录编号", meaning="number of the case's own row, passed over")
    yield Parameter(name="window", kind=Kind.NUMBER, zh="间隔天数", meaning="how many days apart at most; none: any")
    yield Parameter(name="date_field", kind=text, zh="日期字段", meaning="field with the day of a row", default="date")
    yield Parameter(name="date", kind=Kind.DATE, zh="日期", meaning="the day of the case, for the window")


CHECK = Check(
    code="DUP-01",
    name="重复",
    kind="duplicate",
    phases=frozenset({Phase.BEFORE, Phase.DURING}),
    level=RiskLevel.LOW,
    source=(
        "惠民惠农补贴“一卡通”管理（同一人同一项目同一期间不重复发放）；发票不重复报销的内部控制；标准 5.5.3 数据比对"
    ),
    rule_zh=(
        "`source` 中不得有同一键（`match`）且在 `window` 天以内的另一条记录，否则命中；"
        "`items` 中任意两项也不得在全部 `fields` 上相同。比较前统一全半角、大小写并去掉空格和连"
        "字符。键值缺失或数据源未接入为无法判断。"
    ),
    rule=(
        "No other row of `source` may have the same key (`match`), within `window` days, else HIT; nor may two "
        "`items` of a "
        "list agree in all `fields`. Keys are compared half-width, upper case, without spaces, hyphens and dots. A "
        "part of the "
        "key that is missing, or a source that was not asked, is CANNOT_SAY."
    ),
    parameters=tuple(_parameters()),
    alternatives=(frozenset({"items", "source"}),),
    sentences={
        "again": Sentence(
            "{name}：{source} 中另有 {count} 条记录的 {fields} 相同",
            "{name}: {count} other rows of {source} have the same {fields}",
        ),
        "once": Sentence(
            "{name}：{source} 中没有 {fields} 相同的其他记录", "{name}: no other row of {source} has the same {fields}"
        ),
        "repeated": Sentence(
            "{name}：{count} 项中第 {pairs} 项的 {fields} 相同",
            "{name}: of {count} items {pairs} have the same {fields}",
        ),
        "different": Sentence(
            "{name}：{count} 项的 {fields} 各不相同", "{name}: the {fields} of {count} items all differ"
        ),
        "hole": Sentence(
            "无法判断{name}：第 {place} 项缺少 {field}", "{name} cannot be judged: item {place} has no {field}"
        ),
    },
    example=(
        '<supervision:check id="invoices" code="DUP-01" name="报销发票" level="low" actions="prompt_clerk">\n'
        '  <supervision:parameter name="items" value="=invoices"/>\n'
        '  <supervision:parameter name="fields" value="number seller"/>\n'
        "</supervision:check>"
    ),
    example_variables={"invoices": [{"number": "0413-22", "seller": "A"}, {"number": "０４１３２２", "seller": "a"}]},
    needs=needs,
    sources=True,
    judge=judge,
)
