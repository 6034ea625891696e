"""Statements about residents of the demonstration city; bodies and ID numbers are ciphertext and keyed hashes."""

from collections.abc import Sequence

from sqlalchemy import insert

from engine.store import tables as t
from engine.store.work import UnitOfWork


def insert_household(
    uow: UnitOfWork, unit_key: int, wrapped_key: bytes, members: Sequence[tuple[bytes, bytes]]
) -> None:
    """Add a household: its wrapped data key, and for each member the keyed hash of the ID number and the body."""
    household = uow.keys(1)[0]
    uow.write(
        insert(t.Resident),
        [
            {
                "household": household,
                "unit_key": unit_key,
                "wrapped_key": wrapped_key,
                "id_index": index,
                "body": body,
            }
            for index, body in members
        ],
    )
