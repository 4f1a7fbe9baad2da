"""Figures: a measured value with its interval, what it is held against, and what follows."""

import random
from dataclasses import dataclass
from statistics import median

RESAMPLES = 2000
SEED = 20260401
SHARE = 0.95  # of the resamples, within the interval


@dataclass(frozen=True)
class Figure:
    """One measured value of a row.

    `value`, `low` and `high` are the value and the ends of its 95 % interval, in `unit`. With `at_least` the lower end
    must reach `goal`, otherwise the upper end must be within it; the same of `moonshot`. `control` says in words what
    the naive way costs; `note` what the figure rests on. What could not be measured has no numbers, and fails.
    """

    row: str
    what: str
    value: float
    low: float
    high: float
    goal: float
    moonshot: float
    at_least: bool = False
    unit: str = "x"
    control: str = ""
    note: str = ""

    @property
    def judged(self):
        """The end of the interval that is held against the goal."""
        return self.low if self.at_least else self.high

    def reaches(self, limit):
        if self.judged is None:
            return False
        return self.judged >= limit if self.at_least else self.judged <= limit

    @property
    def verdict(self):
        if self.reaches(self.moonshot):
            return "moonshot"
        return "pass" if self.reaches(self.goal) else "FAIL"

    @property
    def passes(self):
        return self.verdict != "FAIL"

    @property
    def badness(self):
        """How far the figure is from its goal: the larger, the worse; up to 1 passes."""
        if self.judged is None:
            return float("inf")
        if self.at_least:
            return self.goal / self.judged if self.judged > 0 else float("inf")
        if self.goal > 0:
            return self.judged / self.goal
        return self.judged + 1 if self.judged > 0 else 0


def counted(row, what, value, goal, moonshot, **more):
    """The Figure of something that is counted, not timed: its interval is the number itself."""
    return Figure(row, what, value, value, value, goal, moonshot, **{"unit": "", **more})


def unmeasured(row, problem):
    """The Figure of a row that ended in the exception `problem`."""
    said = str(problem).strip().splitlines() or [""]
    # Of another process' traceback the last line says what it was.
    words = f"not measured: {type(problem).__name__}: {said[-1]}"
    return Figure(row, words, *[None] * 5, note=words)


def timed(row, what, ratios, goal, moonshot, **more):
    """The Figure of (value, low, high), as the functions below give them."""
    return Figure(row, what, *ratios, goal, moonshot, **more)


# --- Statistics --------------------------------------------------------------------------------------------------


def percentile(values, share):
    """The value below which `share` (0 to 1) of the values lie, between neighbours in proportion."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def interval(rounds, statistic, resamples=RESAMPLES):
    """(value, low, high) of `statistic(rounds)`: the 95 % interval by drawing the rounds anew, with a fixed seed."""
    rng = random.Random(SEED)
    rounds = list(rounds)
    drawn = sorted(statistic(rng.choices(rounds, k=len(rounds))) for _ in range(resamples))
    rest = (1 - SHARE) / 2
    return statistic(rounds), percentile(drawn, rest), percentile(drawn, 1 - rest)


def paired_ratios(ours, theirs):
    """(median, low, high) of ours / theirs, each ratio taken within its own round."""
    return interval([mine / other for mine, other in zip(ours, theirs, strict=True)], median)


def ratio_of_medians(ours, theirs):
    """(ratio, low, high) of the two medians, for what was not taken in the same rounds."""
    pairs = list(zip(ours, theirs, strict=True))
    return interval(pairs, lambda drawn: median(o for o, _ in drawn) / median(t for _, t in drawn))


def percentile_ratio(ours, theirs, share):
    """(ratio, low, high): that percentile of ours over the median of theirs; the two may differ in number."""
    base = median(theirs)
    return interval([mine / base for mine in ours], lambda drawn: percentile(drawn, share))
