"""What a process concludes from hearing itself through the layer."""

from live.beats import LATE, Beats


def test_beats_that_come_back_in_order_say_that_nothing_is_lost() -> None:
    beats = Beats()
    for _ in range(20):
        beats.hear(beats.next())
        assert not beats.broken()


def test_a_few_may_be_late_but_not_many() -> None:
    beats = Beats()
    numbers = [beats.next() for _ in range(LATE)]
    assert not beats.broken()
    for number in numbers:
        beats.hear(number)
    assert not beats.broken()
    for _ in range(LATE + 1):
        beats.next()
    assert beats.broken()


def test_one_that_never_comes_is_told_once() -> None:
    beats = Beats()
    beats.hear(beats.next())
    beats.next()
    beats.hear(beats.next())
    assert beats.broken()
    assert not beats.broken()
