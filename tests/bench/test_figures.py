"""Figures: which end of the interval is judged, and what pairing and drawing anew give."""

import pytest

from bench.figures import Figure, counted, interval, paired_ratios, percentile, percentile_ratio, ratio_of_medians
from bench.rounds import interleaved

# What every session of tests begins with is written into the test database: a file by itself must have one.
pytestmark = pytest.mark.django_db


def figure(value, low, high, **more):
    return Figure("P1", "a page", value, low, high, **{"goal": 3.2, "moonshot": 2.5, **more})


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(2.0, 2.5, "moonshot"), (2.0, 2.6, "pass"), (2.0, 3.2, "pass"), (2.0, 3.3, "FAIL")],
)
def test_the_upper_end_must_be_within_the_limit(low, high, verdict):
    assert figure(2.2, low, high).verdict == verdict


@pytest.mark.parametrize(("low", "verdict"), [(25, "moonshot"), (24, "pass"), (15, "pass"), (14.9, "FAIL")])
def test_of_what_must_be_large_the_lower_end_must_reach_it(low, verdict):
    assert figure(30, low, 40, goal=15, moonshot=25, at_least=True).verdict == verdict


@pytest.mark.parametrize(("value", "verdict"), [(0, "moonshot"), (1, "FAIL")])
def test_what_is_counted_is_its_own_interval(value, verdict):
    found = counted("P4", "rows skipped", value, goal=0, moonshot=0)

    assert (found.low, found.high, found.verdict) == (value, value, verdict)


def test_a_ratio_is_taken_within_its_own_round():
    ours, theirs = [2, 20, 200], [1, 10, 100]

    assert paired_ratios(ours, theirs) == (2, 2, 2)


def test_the_interval_holds_the_value_and_is_the_same_each_time():
    ours, theirs = [3, 3.1, 2.9, 3.2, 2.8, 9, 3.05], [1, 1.02, 0.98, 1, 1.01, 0.99, 1]

    value, low, high = paired_ratios(ours, theirs)

    assert low <= value <= high < 9
    assert paired_ratios(ours, theirs) == (value, low, high)


def test_medians_of_two_that_were_not_taken_together():
    assert ratio_of_medians([4, 4, 4], [2, 2, 2])[0] == 2


@pytest.mark.parametrize(("share", "value"), [(0, 1), (0.5, 3), (1, 5), (0.25, 2)])
def test_percentiles(share, value):
    assert percentile([5, 4, 3, 2, 1], share) == value


def test_the_percentile_of_ours_over_the_median_of_theirs():
    value, low, high = percentile_ratio(range(1, 101), [2, 2, 2], 0.95)

    assert low <= value <= high
    assert value == pytest.approx(95.05 / 2)


def test_the_interval_of_one_value_that_never_varies_is_that_value():
    assert interval([7] * 20, max) == (7, 7, 7)


def test_every_variant_is_taken_once_in_each_round_and_warming_up_is_thrown_away():
    class InOrder:
        def shuffle(self, names):
            names.reverse()

    said = []
    taken = interleaved({"a": lambda: said.append("a") or 1.0, "b": lambda: said.append("b") or 2.0}, 3, InOrder(), 1)

    assert taken == {"a": [1.0] * 3, "b": [2.0] * 3}
    assert sorted(said[:2]) == sorted(said[2:4]) == ["a", "b"]
    assert len(said) == 8
