"""P3: the list of a reader whose open work is the same, in a large borough against a small one."""

from statistics import median

from bench import pages
from bench.figures import Figure, interval, paired_ratios, timed
from bench.readers import EQUAL
from bench.rounds import interleaved

# A small run is of few rounds, and beside other work: it notices a list that grows with the borough, not a tenth.
BEYOND_RAW = {"small": (2.2, 1.1), "full": (1.2, 1.1)}
WHOLE = {"small": (1.6, 1.2), "full": (1.35, 1.2)}
ALIKE = 0.15  # how far the open work of the two boroughs may differ


def measure(bench):
    for reader in EQUAL:
        taken, numbers = _both(bench, reader)
        note = (
            f"{numbers['small']:,} and {numbers['large']:,} open; "
            f"{median(taken['small']):.1f} and {median(taken['large']):.1f} ms"
        )
        beyond = list(zip(*(taken[name] for name in ("large", "raw large", "small", "raw small")), strict=True))
        yield Figure(
            "P3",
            f"list page less raw SQL, large / small, {reader}",
            *interval(beyond, _beyond_raw),
            *BEYOND_RAW[bench.size],
            note=note,
        )
        whole = paired_ratios(taken["large"], taken["small"])
        yield timed("P3", f"whole list page, large / small, {reader}", whole, *WHOLE[bench.size])


def _beyond_raw(rounds):
    """What the page costs beyond its statements: the medians of the rounds, large over small."""
    large, raw_large, small, raw_small = (median(column) for column in zip(*rounds, strict=True))
    return (large - raw_large) / (small - raw_small)


def _both(bench, reader):
    variants, numbers = {}, {}
    for name, database in (("small", bench.small), ("large", bench.large)):
        raw = database.raw(reader)
        statements = raw.listed()
        numbers[name] = raw.rows(statements[1])[0][0]
        variants |= _of_one(name, database.serve(), database.readers[reader], raw, statements)
    if abs(numbers["large"] / numbers["small"] - 1) > ALIKE:
        raise pages.Wrong(f"The open work of {reader} is not alike: {numbers}.")
    return interleaved(variants, bench.rounds, bench.rng), numbers


def _of_one(name, serving, email, raw, statements):
    return {
        name: lambda: pages.ms(serving, email, pages.LIST),
        f"raw {name}": lambda: raw.all_ms(statements),
    }
