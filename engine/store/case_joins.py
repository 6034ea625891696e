"""What a list of something that belongs to cases tells of the case and the process beside its own columns."""

from typing import Any

from sqlalchemy import Select, Table, select

from engine.store import tables as t

CALLED = t.ProcessDefinition.__table__.alias("called")
CALLED_COLUMNS = (
    CALLED.c.process_id.label("called_id"),
    CALLED.c.name.label("called_name"),
    CALLED.c.version.label("called_version"),
    CALLED.c.digest.label("called_digest"),
)
"""The called process that a row stands in, null in the case's own; `engine.store.definitions.called` reads them."""


def with_case(table: Any, *more: Any) -> Select[Any]:
    """Rows of a table that has `instance_key` and `called_key`, with `more` columns of the case and its definition."""
    found: Table = table.__table__
    return (
        select(
            found,
            t.ProcessInstance.number,
            t.ProcessDefinition.process_id,
            t.ProcessDefinition.name.label("process_name"),
            t.ProcessDefinition.version.label("definition_version"),
            *CALLED_COLUMNS,
            *more,
        )
        .join(t.ProcessInstance, t.ProcessInstance.key == found.c.instance_key)
        .join(t.ProcessDefinition, t.ProcessDefinition.key == t.ProcessInstance.definition_key)
        .outerjoin(CALLED, CALLED.c.key == found.c.called_key)
    )


def with_case_and_key(table: Any, *more: Any) -> Select[Any]:
    """As `with_case`, with the case's wrapped key, for rows that hold something encrypted."""
    found: Table = table.__table__
    return with_case(table, t.ProcessInstance.definition_key, t.CaseKey.wrapped, *more).join(
        t.CaseKey, t.CaseKey.instance_key == found.c.instance_key
    )
