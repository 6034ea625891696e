"""The readable record of a case as PDF/A, in Chinese: what happened, in order, and what was checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.documents.pdf import Document
from engine.model.views import TimelineEntry
from engine.service.equipment import Work
from engine.service.rows import case_row
from engine.store.cases import CaseRecord
from engine.trace.tree_heads import TreeHead, key_id

_KINDS: Mapping[str, str] = {
    "process_instance.started": "立案",
    "process_instance.suspended": "中止",
    "process_instance.resumed": "恢复",
    "process_instance.cancelled": "撤销",
    "user_task.assigned": "分派",
    "user_task.completed": "办理",
    "job.completed": "系统作业完成",
    "job.failed": "系统作业失败",
    "job.error_thrown": "系统作业报错",
    "job.updated": "调整作业次数",
    "timer.fired": "到时",
    "message.correlated": "收到消息",
    "signal.caught": "收到信号",
    "element.routed_around": "绕行",
    "variables.changed": "改正数据",
    "incident.created": "发生故障",
    "incident.resolved": "故障排除",
    "alert.handled": "处置预警",
    "command.refused": "被拒绝",
    "process_instance.erased": "销毁个人信息",
}
_PROPERTIES = {
    "authenticity": "真实性",
    "integrity": "完整性",
    "usability": "可用性",
    "security": "安全性",
}
_POINTS: Mapping[str, str] = {
    "entries_chained": "留痕逐条相连、未被改动",
    "first_bad_entry": "首个异常条目",
    "tree_heads_signed": "树头签名正确",
    "time_stamped": "有可信时间戳",
    "actors_named": "办理人有记载",
    "entries": "留痕条目数",
    "entries_without_gap": "条目连续无缺",
    "stored_files_unchanged": "存储文件未变",
    "files": "记载的文件数",
    "files_included": "随包文件数",
    "record_format": "记录格式",
    "model_format": "模型格式",
    "files_of_known_formats": "文件格式可识别",
    "personal_data_readable": "个人信息可读",
    "hash": "哈希算法",
    "signature": "签名算法",
    "encrypted_at_rest": "存储加密",
    "scripts_in_record": "记录含脚本",
    "virus_scan": "病毒检测",
}


def pdf(
    uow: Work,
    case: CaseRecord,
    story: Sequence[TimelineEntry],
    report: Mapping[str, Any],
    head: TreeHead,
    erased: Sequence[Mapping[str, Any]],
) -> bytes:
    """The whole record. erased: erasures of the case's personal data, which then cannot be read here either."""
    row, zone = case_row(uow, case), uow.equipment.zone
    page = Document(
        title=f"行权记录 {case.number}",
        at=uow.now(),
        subtitle=f"{case.process_name} · {case.unit_name}",
        foot=f"明镜 · {case.number}",
    )
    page.pairs(
        [
            ("事项编号", case.number),
            ("事项名称", f"{case.process_name} 第 {case.definition_version} 版"),
            ("事由", row.subject or "（不可读）"),
            ("单位", case.unit_name),
            ("发起", f"{case.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S} {case.starter_name}"),
            ("办结", f"{case.ended_at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if case.ended_at else "—"),
        ]
    )
    for one in erased:
        page.paragraph(
            f"个人信息已于 {one['at']} 依“{one['basis']}”销毁：{one['proposed_by']} 提出，{one['decided_by']} 批准。"
        )
    page.heading("办理经过")
    for entry in story:
        page.paragraph(_title(entry, zone), size=10.5)
        page.pairs(list(_details(entry)))
    page.heading("四性检测（DA/T 70-2018）")
    for name, title in _PROPERTIES.items():
        page.paragraph(title)
        page.pairs([(_POINTS[point], _said(value)) for point, value in report[name].items()])
    page.heading("证明")
    page.pairs(
        [
            ("总日志条目数", str(head.size)),
            ("树头（根哈希）", head.root.hex()),
            ("签发时间", f"{head.at.astimezone(zone):%Y-%m-%d %H:%M:%S}"),
            ("签名密钥", key_id(head.public_key)),
        ]
    )
    page.paragraph("请用包内 verify.py 核验本证据包；说明见 README.zh.txt。", quiet=True)
    return page.bytes()


def _title(entry: TimelineEntry, zone: Any) -> str:
    kind = _KINDS.get(entry.kind.rpartition(".")[0], entry.kind)
    who = " ".join(part for part in (entry.unit_name, entry.position_name, entry.person_name) if part) or "系统"
    return f"{entry.seq}. {entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {kind}  {entry.element_name}  {who}"


def _details(entry: TimelineEntry) -> list[tuple[str, str]]:
    found = [("结果", entry.outcome_name), ("意见", entry.opinion), ("说明", entry.message or entry.reason)]
    for change in entry.changes:
        value = "（不可读）" if not change.readable else _changed(change.old, change.new)
        found.append((change.label, value))
    for file in (*entry.attachments, *entry.photos):
        kind = "照片" if file.kind == "photo" else "附件"
        found.append((kind, f"{file.name or '（不可读）'}  SHA-256 {file.sha256}"))
    for warning in entry.warnings:
        found.append((f"预警 {warning.code}", f"{warning.name}：{warning.reason or '（不可读）'}"))
    found.append(("哈希", entry.hash))
    return [(name, value) for name, value in found if value]


def _plain(value: object) -> str:
    """A value as people write it: lists of rows one after another, yes and no in words."""
    match value:
        case None | "":
            return "—"
        case bool():
            return "是" if value else "否"
        case Mapping():
            return "，".join(f"{name}：{_plain(item)}" for name, item in value.items())
        case list() | tuple():
            return "；".join(map(_plain, value)) or "—"
    return str(value)


def _changed(old: object, new: object) -> str:
    return _plain(new) if old is None or old == "" else f"{_plain(old)} → {_plain(new)}"


def _said(value: object) -> str:
    if value is None:
        return "未检测 / 无"
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
