"""Sample payloads of what happens to the indicator library."""

from collections.abc import Mapping
from typing import Any

from engine.model.trace_entries import EntryKind

LIBRARY_PAYLOADS: Mapping[EntryKind, Mapping[str, Any]] = {
    EntryKind.INDICATOR_PROPOSED: {
        "version": "9301",
        "code": "dibao.standard.urban",
        "name": "城镇低保标准",
        "kind": "admission_criterion",
        "value_type": "number",
        "value": "830",
        "unit": "元/人·月",
        "law": "镜民发〔2025〕12号",
        "business_type": "dibao",
        "district": "",
        "district_limits": {"low": "780", "high": "900.5", "high_open": True},
        "valid_from": "2026-01-01",
        "valid_to": None,
        "reason": "按年度调整",
    },
    EntryKind.INDICATOR_DECIDED: {
        "version": "9301",
        "code": "dibao.standard.urban",
        "business_type": "dibao",
        "district": "",
        "number": 2,
        "state": "published",
        "reason": "已经局务会议审定",
    },
}
