"""The long poll: looks again until something is there, gives up in time, and lets only a few wait."""

import threading

from web import long_poll


def test_what_appears_later_is_found() -> None:
    """The third look finds it."""
    looks = iter([(), (), ("job",)])
    assert long_poll.until_found(lambda: next(looks), 60) == ("job",)


def test_without_patience_there_is_one_look() -> None:
    """Whoever does not wait gets what there is."""
    looks = iter([()])
    assert long_poll.until_found(lambda: next(looks), 0) == ()
    looks = iter([()])
    assert long_poll.until_found(lambda: next(looks), -1) == ()


def test_patience_ends() -> None:
    """Nothing comes: the empty answer."""
    assert long_poll.until_found(tuple[str, ...], 0.1) == ()


def test_only_a_few_wait_at_once() -> None:
    """When all places are taken, the next one is answered at once."""
    arrived, go = threading.Barrier(long_poll.MAX_WAITING + 1), threading.Event()

    def waiting() -> None:
        looks = 0

        def look() -> tuple[str, ...]:
            nonlocal looks
            looks += 1
            if looks == 2:
                arrived.wait(60)
                go.wait(60)
            return ("job",) if go.is_set() else ()

        long_poll.until_found(look, 60)

    threads = [threading.Thread(target=waiting) for _ in range(long_poll.MAX_WAITING)]
    for thread in threads:
        thread.start()
    arrived.wait(60)
    looks = iter([()])
    assert long_poll.until_found(lambda: next(looks), 60) == ()
    go.set()
    for thread in threads:
        thread.join()
