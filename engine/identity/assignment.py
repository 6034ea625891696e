"""Who may take a user task: holders of its positions, looked for from the case's unit upwards."""

from collections.abc import Collection, Sequence

from engine.model.ids import UnitKey


def nearest_candidates(
    positions: Collection[str], chain: Sequence[UnitKey], holders: Collection[tuple[str, UnitKey]]
) -> tuple[tuple[str, UnitKey], ...]:
    """The (position, unit) pairs that may take the user task, in the order of `positions`.

    chain: the case's unit and those above it, nearest first. holders: the (position, unit) pairs that at least one
    person holds who can sign in. The nearest unit with a holder of any of the positions wins, and only that unit: a
    street's task does not go to the district because the street's window clerk also has a namesake there.
    Empty when nobody above holds any of them: the caller shows that as an open question, never skips the task.
    """
    held = set(holders)
    for unit in chain:
        found = tuple((position, unit) for position in dict.fromkeys(positions) if (position, unit) in held)
        if found:
            return found
    return ()
