"""Stored values are shown in the words of the form."""

import json
from decimal import Decimal

from engine.forms import schema
from engine.forms.display import displayed

FORM = schema.parse(
    json.dumps(
        {
            "type": "default",
            "id": "household",
            "schemaVersion": 19,
            "components": [
                {
                    "type": "select",
                    "id": "kind",
                    "key": "kind",
                    "label": "户籍类别",
                    "values": [{"label": "城镇", "value": "urban"}, {"label": "农村", "value": "rural"}],
                },
                {
                    "type": "dynamiclist",
                    "id": "members",
                    "path": "members",
                    "label": "家庭成员",
                    "components": [
                        {"type": "textfield", "id": "name", "key": "name", "label": "姓名"},
                        {
                            "type": "number",
                            "id": "income",
                            "key": "income",
                            "label": "月收入",
                            "appearance": {"suffixAdorner": "元"},
                        },
                        {
                            "type": "radio",
                            "id": "relation",
                            "key": "relation",
                            "label": "关系",
                            "values": [{"label": "配偶", "value": "spouse"}],
                        },
                    ],
                },
            ],
        }
    ).encode(),
    resource="household.form",
)


def test_an_option_is_shown_by_its_label() -> None:
    """The stored code becomes the label; a code that is no option any more stays."""
    assert displayed(FORM, "kind", "urban") == "城镇"
    assert displayed(FORM, "kind", "elsewhere") == "elsewhere"
    assert displayed(FORM, "kind", None) is None


def test_rows_are_shown_with_the_labels_of_their_columns() -> None:
    """Columns and options inside rows are named too; columns the form lacks stay as they are."""
    rows = [{"name": "王", "relation": "spouse", "old": Decimal("1.5")}]
    assert displayed(FORM, "members", rows) == [{"姓名": "王", "关系": "配偶", "old": Decimal("1.5")}]


def test_an_unknown_path_changes_nothing() -> None:
    """A field that a newer form has dropped is shown as stored."""
    assert displayed(FORM, "gone", "x") == "x"


def test_rows_follow_the_form_and_amounts_carry_their_unit() -> None:
    """The trace keeps keys in alphabetical order; people read columns as they filled them in, and money as money."""
    rows = [{"income": Decimal("1200.50"), "name": "王", "relation": "spouse"}]
    assert str(displayed(FORM, "members", rows)) == "[{'姓名': '王', '月收入': '1200.50 元', '关系': '配偶'}]"
