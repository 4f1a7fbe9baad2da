"""P4: a page at 99 % of a list against its first page; the same rows as OFFSET gives; none skipped, none twice."""

from statistics import median

from bench import pages
from bench.figures import counted, paired_ratios, timed
from bench.raw import BY_DUE_DAY, LATEST_FIRST, OPEN
from bench.readers import at
from bench.rounds import LEAST, interleaved

GOAL, MOONSHOT = 1.2, 1.1
DEPTH = 0.99
CLOSED = "r.state = 'closed'"
LISTS = (
    # reader, what it is called, address, which rows, in which order
    ("wide", "open list", pages.LIST, OPEN, BY_DUE_DAY),
    ("auditor", "open list", pages.LIST, OPEN, BY_DUE_DAY),
    ("auditor", "ended list", pages.ENDED, CLOSED, LATEST_FIRST),
)
OFFSETS = 3  # how often the naive way is taken
WALKS = {"small": 6, "full": 40}


def measure(bench):
    database = bench.large
    serving = database.serve()
    different = 0
    for reader, what, url, which, order in LISTS:
        raw, email = database.raw(reader), database.readers[reader]
        number = raw.rows(raw.fastest(raw.summed, sums="count(*)", which=which))[0][0]
        depth = int(number * DEPTH)
        deep, rows = _deep(raw, url, which, order, depth)
        different += pages.references(pages.body(serving, email, deep)) != [row[1] for row in rows]
        found = _timed(bench, serving, email, (url, deep))
        offset = _by_offset(raw, which, order, depth)
        yield timed(
            "P4",
            f"{what} at 99 % / its first page, {reader}",
            paired_ratios(found["deep"], found["first"]),
            GOAL,
            MOONSHOT,
            control=f"OFFSET {offset:.0f}x",
            note=f"row {depth:,} of {number:,}; {median(found['deep']):.1f} and {median(found['first']):.1f} ms",
        )
    yield counted("P4", "deep pages whose rows are not OFFSET's", different, 0, 0)
    yield from _walks(bench, database)


def _deep(raw, url, which, order, depth):
    """(the address of the page after `depth` rows, the rows that OFFSET gives there)."""
    before, *rows = raw.rows(raw.fastest(raw.keys, which=which, order=order, limit=pages.SIZE + 1, offset=depth - 1))
    key, _, day = before
    after = key if order == LATEST_FIRST else f"{day or 'none'}_{key}"
    return f"{url}{'&' if '?' in url else '?'}after={after}", rows


def _timed(bench, serving, email, urls):
    first, deep = urls
    variants = {
        "first": lambda: pages.ms(serving, email, first),
        "deep": lambda: pages.ms(serving, email, deep),
    }
    return interleaved(variants, max(bench.rounds, LEAST), bench.rng)


def _by_offset(raw, which, order, depth):
    """How much dearer raw SQL with OFFSET is at that depth than at the beginning: the naive control."""
    first = raw.fastest(raw.page, which=which, order=order)
    deep = raw.fastest(raw.page, which=which, order=order, offset=depth)
    taken = [(raw.ms(deep), raw.ms(first)) for _ in range(OFFSETS)]
    return median(mine for mine, _ in taken) / median(other for _, other in taken)


def _walks(bench, database):
    found = [
        database.serve().call("bench.walks:walk", email=database.readers[reader], url=url, most=WALKS[bench.size])
        for reader, url in [
            *((each, pages.LIST) for each in at(database, ("manager", "wide"))),
            ("auditor", pages.ENDED),
        ]
    ]
    sums = {name: sum(each[name] for each in found) for name in found[0]}
    yield counted(
        "P4",
        "rows skipped or repeated while rows come in",
        sums["skipped"] + sums["repeated"],
        0,
        0,
        control=f"OFFSET {sums['offset_skipped'] + sums['offset_repeated']:,}",
        note=f"{sums['pages']} pages, {sums['seen']:,} rows seen, {sums['came']} came meanwhile",
    )
