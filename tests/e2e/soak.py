"""`make soak`: storms while every part of the system is killed at random, until the time is over.

Each wave of cases is compared with one that nothing disturbed; the first difference ends it with status 1. Printed are
the waves, and at last who was killed how often and at how many points (victim, last entry of the trace before).
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator

from tests.e2e.serving import Server
from tests.e2e.storm import VICTIMS, OtherSystem, Storm, expect_begun, expect_once

CASES = 4
WEIGHTS = (4, 4, 2, 2, 3, 3, 1)
"""How likely each of `VICTIMS` is; the parent takes everybody along, and long to come back."""

GAPS_S = (0.05, 2.0)
MOST = 12
"""Kills of a wave, so that it comes to an end."""


def main() -> int:
    """Storm until the time is over; status 1 at the first difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with OtherSystem.listening() as other:
        own = Server(other.environment)
        storm = Storm(own, other)
        try:
            own.start()
            storm.prepare()
            return soak(storm, random.Random(arguments.seed), time.monotonic() + arguments.minutes * 60)
        except BaseException:
            print(own.log[-3000:], file=sys.stderr)
            raise
        finally:
            storm.close()
            own.remove()


def soak(storm: Storm, dice: random.Random, until: float) -> int:
    """Waves until the instant `until` of the monotonic clock."""
    calm = storm.begin(2)
    storm.play(list(calm))
    expected = storm.told(calm)[0]
    begun, points, waves = len(calm), set[tuple[str, str, str]](), 0
    while time.monotonic() < until:
        waves += 1
        began, cases = time.monotonic(), storm.begin(CASES)
        begun += CASES
        kills = storm.play(list(cases), strikes(dice))
        for told, name in zip(storm.told(cases), cases.values(), strict=True):
            for part, found in told.items():
                if found != expected[part]:
                    print(f"wave {waves}, {name}: {part} differ:\n{found}\nnot\n{expected[part]}")
                    return 1
        expect_once(storm, cases)
        expect_begun(storm, begun)
        points |= storm.struck(cases)
        print(f"wave {waves}: {CASES} cases in {time.monotonic() - began:.1f} s, {kills} kills", flush=True)
    killed = Counter(victim for victim, _ in storm.kills)
    print(f"{waves} waves, {begun} cases, {killed.total()} kills at {len(points)} points: {dict(killed)}")
    return 0


def strikes(dice: random.Random) -> Iterator[tuple[float, str]]:
    """Who is killed in a wave, and when."""
    at_s = 0.0
    for _ in range(MOST):
        at_s += dice.uniform(*GAPS_S)
        yield at_s, dice.choices(VICTIMS, WEIGHTS)[0]


if __name__ == "__main__":
    sys.exit(main())
