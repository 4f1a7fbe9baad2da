"""Shuffled rounds: every variant once in each, in a new order, so that what the machine does meanwhile hits all."""

WARM = 3
LEAST = 25  # of fewer one slow answer decides where an interval ends


def interleaved(variants, rounds, rng, warm=WARM):
    """{name: [milliseconds of each round]} of `variants` ({name: a function that gives milliseconds}).

    The first `warm` rounds are thrown away. Values at the same place belong to the same round.
    """
    taken = {name: [] for name in variants}
    names = list(variants)
    for number in range(warm + rounds):
        rng.shuffle(names)
        for name in names:
            took = variants[name]()
            if number >= warm:
                taken[name].append(took)
    return taken
