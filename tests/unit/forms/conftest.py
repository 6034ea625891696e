"""Fixtures of the forms tests."""

import pytest

from engine.forms.schema import FormSchema
from tests.unit.forms.builder import form_of


@pytest.fixture(scope="session")
def household() -> FormSchema:
    """A form as the dibao process has them: a personal name, a list of members, computed income."""
    return form_of(
        {
            "type": "textfield",
            "key": "applicant_name",
            "label": "申请人",
            "validate": {"required": True},
            "properties": {"class": "personal"},
        },
        {
            "type": "dynamiclist",
            "path": "members",
            "label": "家庭成员",
            "components": [
                {"type": "textfield", "id": "m1", "key": "name", "validate": {"required": True}},
                {
                    "type": "number",
                    "id": "m2",
                    "key": "income",
                    "label": "月收入",
                    "decimalDigits": 2,
                    "validate": {"min": 0},
                    "properties": {"class": "personal"},
                },
            ],
        },
        {"type": "expression", "key": "total_income", "expression": "=sum(members.income)"},
        {"type": "expression", "key": "income_per_head", "expression": "=total_income / count(members)"},
    )
