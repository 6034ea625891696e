"""Statements about what checks said last that are judged again and again."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text

from engine.store.work import UnitOfWork

_ANSWERS = text("select check_id, answer from last_answer where instance_key = :instance and element_id = :element")
_REMEMBER = text("""
    insert into last_answer (instance_key, element_id, check_id, answer, at)
    select :instance, :element, key, value, :at from jsonb_each_text(cast(:answers as jsonb))
        on conflict (instance_key, element_id, check_id) do update set answer = excluded.answer, at = excluded.at
""")


def answers(uow: UnitOfWork, instance: int, element: str) -> dict[str, str]:
    """By check, what it said last at an element of a case."""
    return {row.check_id: row.answer for row in uow.rows(_ANSWERS, {"instance": instance, "element": element})}


def remember(uow: UnitOfWork, instance: int, element: str, said: Mapping[str, str], at: datetime) -> None:
    """What checks say now."""
    values = {"instance": instance, "element": element, "answers": json.dumps(said), "at": at}
    uow.write(_REMEMBER, values)
