"""P7: random combinations of the list's own filters against raw SQL of the list without filters."""

from statistics import median
from urllib.parse import urlencode

from bench import pages
from bench.figures import interval, percentile, timed
from bench.readers import at

P95, MAX = (8, 4), (25, 10)
COMBINATIONS = {"small": 30, "full": 200}
TAKES = 3  # of each combination; the middle one counts
READERS = ("worker", "manager", "area manager", "wide", "auditor")
LINKS = {"late": "1", "mine": "1"}
# What the numbers of other pages narrow the list to.
COUNTED = {
    "waiting": ("decision", "worker"),
    "waited": ("0", "2", "6"),
    "box": ("received", "category-2", "harmed", "brook-1-other", "tier-4", "statutory-police", "meeting-asked"),
}
WORST = 5


def measure(bench):
    database = bench.large
    serving = database.serve()
    readers = at(database, READERS)
    base, offered = {}, {}
    for reader in readers:
        raw = database.raw(reader)
        statements = raw.listed()
        base[reader] = median(raw.all_ms(statements) for _ in range(max(9, bench.rounds // 4)))
        offered[reader] = pages.choices(pages.body(serving, database.readers[reader], pages.LIST))
    ratios = []
    for _ in range(COMBINATIONS[bench.size]):
        reader = bench.rng.choice(readers)
        url = f"{pages.LIST}?{urlencode(_combination(bench.rng, offered[reader]))}"
        taken = median(pages.ms(serving, database.readers[reader], url) for _ in range(TAKES))
        ratios.append((taken / base[reader], taken, reader, url))
    worst = "; ".join(
        f"{ratio:.1f}x {ms:.0f} ms {reader} {url}" for ratio, ms, reader, url in sorted(ratios, reverse=True)[:WORST]
    )
    only = [ratio for ratio, *_ in ratios]
    yield timed(
        "P7",
        f"95 % of {len(only)} filter combinations / unfiltered raw SQL",
        interval(only, lambda drawn: percentile(drawn, 0.95)),
        *P95,
        note=f"the median {median(only):.1f}x",
    )
    yield timed(
        "P7",
        "the slowest of them / unfiltered raw SQL",
        (max(only), max(only), max(only)),
        *MAX,
        note=f"worst: {worst}",
    )


def _combination(rng, offered):
    """Some codes of the form, and sometimes what a link or another page's number narrows to."""
    asked = {name: rng.choice(values) for name, values in sorted(offered.items()) if rng.random() < 0.6}
    asked |= {name: value for name, value in LINKS.items() if rng.random() < 0.2}
    asked |= {name: rng.choice(values) for name, values in COUNTED.items() if rng.random() < 0.15}
    return {name: value for name, value in asked.items() if value}
