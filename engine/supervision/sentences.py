"""What checks say, in Chinese and in English, from a code and its parameters.

A sentence is a template of names and numbers. The Chinese one is the reason that is recorded; the code and the
parameters are recorded too, so that any page can say it in the reader's language.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from engine.feel import to_text


class Sentence(NamedTuple):
    """One reason in both languages. ``{name}`` is the check's name in the model, always there."""

    zh: str
    en: str


COMMON: Mapping[str, Sentence] = {
    "missing": Sentence("无法判断{name}：缺少{missing}", "{name} cannot be judged: {missing_en} is missing"),
    "wrong-kind": Sentence("无法判断{name}：{what}不是{kind}", "{name} cannot be judged: {what_en} is not a {kind_en}"),
    "no-trace": Sentence(
        "无法判断{name}：本案办理轨迹尚未提供给检查", "{name} cannot be judged: the case's trace was not handed over"
    ),
    "no-indicator": Sentence(
        "无法判断{name}：指标库中没有当日有效的指标 {indicator}",
        "{name} cannot be judged: no indicator {indicator} holds on the day",
    ),
    "no-source": Sentence(
        "无法判断{name}：数据源 {source} 不可用（{why}）",
        "{name} cannot be judged: the source {source} is not available ({why})",
    ),
    "no-format": Sentence(
        "无法判断{name}：不认识格式 {format}", "{name} cannot be judged: the format {format} is not known"
    ),
    "unknown-year": Sentence(
        "无法判断{name}：工作日历没有 {year} 年的放假和调休安排",
        "{name} cannot be judged: the working calendar does not know {year}",
    ),
    "not-applicable": Sentence("{name}：本案不适用", "{name}: does not apply to this case"),
    "expression": Sentence(
        "无法判断{name}：表达式无法计算（{why}）", "{name} cannot be judged: an expression failed ({why})"
    ),
    "crashed": Sentence("无法判断{name}：检查程序出错（{why}）", "{name} cannot be judged: the check failed ({why})"),
    "unknown-check": Sentence(
        "无法判断{name}：没有编号为 {code} 的检查", "{name} cannot be judged: there is no check {code}"
    ),
}
"""Sentences that any check may say; all but ``not-applicable`` are CANNOT_SAY."""

_CENT = Decimal("0.01")


def render(sentences: Mapping[str, Sentence], code: str, params: Mapping[str, object], language: str = "zh") -> str:
    """The sentence of a code. language: ``zh`` or ``en``."""
    sentence = sentences.get(code) or COMMON[code]
    chinese = language == "zh"
    shown = {name: value if isinstance(value, str) else text(value, chinese=chinese) for name, value in params.items()}
    return (sentence.zh if chinese else sentence.en).format_map(shown)


def text(value: object, *, chinese: bool = True) -> str:
    """A value as people read it: numbers with at most two decimals, days as days, lists with commas."""
    if isinstance(value, Decimal):
        rounded = value.quantize(_CENT, rounding=ROUND_HALF_UP) if abs(value) < 10**20 else value
        return f"{rounded.normalize():f}"
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ("、" if chinese else ", ").join(text(one, chinese=chinese) for one in value)
    return str(plain(value))


def plain(value: object) -> object:
    """The value as a trace can keep it: numbers, text, truth and null as they are, lists of them, else its text."""
    if value is None or isinstance(value, bool | int | Decimal | str):
        return value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return to_text(value)
