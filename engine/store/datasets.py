"""Statements about datasets. Bodies are ciphertext, fields are searched by keyed hashes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, text
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.store import tables as t
from engine.store.work import UnitOfWork

_LOOK_UP = text("""
    select d.version, d.as_of, d.wrapped_key, found.key, found.body
      from dataset d
      left join lateral (
           select r.key, r.body
             from dataset_row r
             join dataset_index i on i.row_key = r.key
             join unnest(cast(:fields as text[]), cast(:values as bytea[])) as w (field, value)
                  on w.value = i.value_index and w.field = i.field
            where i.dataset = :code
            group by r.key, r.body
           having count(distinct i.field) = :distinct_fields
            order by r.key
            limit :limit) as found on true
     where d.code = :code
     order by found.key
""")

MAX_ROWS = 200
"""Rows that one look-up gives at most: a check needs to know that there are some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetAnswer:
    """What a dataset holds for some keys: bodies as ciphertext, with the dataset's version and wrapped key."""

    version: str
    as_of: datetime
    wrapped_key: bytes
    bodies: tuple[bytes, ...]


def look_up(uow: UnitOfWork, code: str, match: Sequence[tuple[str, bytes]]) -> DatasetAnswer | None:
    """The rows in which every field of `match` has one of its keyed hashes; None when there is no such dataset."""
    rows = uow.rows(
        _LOOK_UP,
        {
            "code": code,
            "fields": [field for field, _ in match],
            "values": [value for _, value in match],
            "distinct_fields": len({field for field, _ in match}),
            "limit": MAX_ROWS,
        },
    )
    if not rows:
        return None
    first = rows[0]
    return DatasetAnswer(
        version=first.version,
        as_of=first.as_of,
        wrapped_key=bytes(first.wrapped_key),
        bodies=tuple(bytes(row.body) for row in rows if row.body is not None),
    )


def declare(
    uow: UnitOfWork, code: str, *, name: str, owner: str, version: str, as_of: datetime, wrapped: bytes
) -> None:
    """Declare a dataset, or that it was taken anew; its rows are forgotten."""
    uow.write(delete(t.DatasetIndex).where(t.DatasetIndex.dataset == code))
    uow.write(delete(t.DatasetRow).where(t.DatasetRow.dataset == code))
    values = {"name": name, "owner": owner, "version": version, "as_of": as_of, "wrapped_key": wrapped}
    uow.write(upsert(t.Dataset).values(code=code, **values).on_conflict_do_update(index_elements=["code"], set_=values))


def add_rows(uow: UnitOfWork, code: str, rows: Sequence[tuple[bytes, Mapping[str, bytes]]]) -> None:
    """Add rows: the encrypted body, and the keyed hash of each searchable field."""
    if not rows:
        return
    keys = uow.keys(len(rows))
    uow.write(
        insert(t.DatasetRow),
        [{"key": key, "dataset": code, "body": body} for key, (body, _) in zip(keys, rows, strict=True)],
    )
    index = [
        {"row_key": key, "field": field, "dataset": code, "value_index": value}
        for key, (_, fields) in zip(keys, rows, strict=True)
        for field, value in fields.items()
    ]
    uow.write(insert(t.DatasetIndex), index)
