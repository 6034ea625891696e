"""Which discipline body a report goes to: by cadre-management authority, with recusal (干部管理权限、回避).

The body that manages the cadre whom the finding is about; where that is not known, the body of the nearest unit above
the case. A body that is itself concerned (the cadre sits in its own unit) steps back for the one above it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A discipline body. manages: codes of units whose cadres it answers for. parent: code of the one above."""

    code: str
    name: str
    unit_code: str
    parent: str
    manages: frozenset[str]
    public_key: bytes


def recipient(
    bodies: Sequence[Body], *, authorities: Iterable[str], chain: Iterable[str], concerned: Collection[str]
) -> Body | None:
    """The body to seal for; None when there is none at all.

    authorities: units that manage the cadres in the evidence. chain: units of the case, the nearest first.
    concerned: units in which these cadres sit.
    """
    by_code = {body.code: body for body in bodies}
    found = next(
        (body for unit in (*authorities, *chain) for body in bodies if unit in body.manages),
        next((body for body in bodies if not body.parent), None),
    )
    passed: set[str] = set()
    while found is not None and found.unit_code in concerned and found.parent in by_code and found.code not in passed:
        passed.add(found.code)
        found = by_code[found.parent]
    return found
