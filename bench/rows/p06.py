"""P6: the flowchart and the manager's dashboard against raw SQL of the same counts, and in a large borough."""

from statistics import median

from bench import pages
from bench.figures import paired_ratios, timed
from bench.raw import CHART, team_numbers, team_work
from bench.readers import at
from bench.rounds import interleaved

# Goal and moonshot. At ten thousand raw SQL counted in half a millisecond, and a page took 6.3 times as long that took
# 1.6 times as long at a million: the limits stand in that proportion.
AGAINST_RAW = {"full": (2.5, 1.5), "small": (9.8, 6.3)}
LARGE_AGAINST_SMALL = (1.35, 1.2)
# A small run asks fewer readers: of the large area of a small borough there is nothing that the others do not show.
HOME_READERS = {
    "full": ("worker", "manager", "area manager", "wide", "auditor"),
    "small": ("worker", "manager", "wide", "auditor"),
}
TEAM_READERS = {"full": ("manager", "area manager", "wide"), "small": ("manager", "wide")}
EQUAL_READERS = {
    "full": (("worker", "home"), ("manager", "home"), ("manager", "team work"), ("front door", "team work")),
    "small": (("manager", "home"), ("front door", "team work")),
}
URLS = {"home": pages.HOME, "team work": pages.TEAM_WORK}


def measure(bench):
    database = bench.large
    for page, readers in (("home", HOME_READERS[bench.size]), ("team work", TEAM_READERS[bench.size])):
        for reader in at(database, readers):
            yield _against_raw(bench, database, page, reader)
    for reader, page in EQUAL_READERS[bench.size]:
        yield _large_against_small(bench, page, reader)


def _against_raw(bench, database, page, reader):
    serving, email = database.serve(), database.readers[reader]
    raw = database.raw(reader)
    control = ""
    if page == "home":
        statements = [raw.fastest(raw.summed, sums=CHART)]
        pages.same("numbers of the chart", serving.call("bench.facts:chart", email=email), raw.rows(statements[0])[0])
        naive = serving.call("bench.naive:count_each_box", email=email)
    else:
        statements = team_work(raw)
        pages.same("numbers of team work", serving.call("bench.facts:team_work", email=email), team_numbers(raw))
    variants = {
        "page": lambda: pages.ms(serving, email, URLS[page]),
        "raw": lambda: raw.all_ms(statements),
    }
    taken = interleaved(variants, bench.rounds, bench.rng)
    if page == "home":
        control = f"a count for each box {naive / median(taken['raw']):.0f}x"
    return timed(
        "P6",
        f"{page} / raw SQL of its counts, {reader}",
        paired_ratios(taken["page"], taken["raw"]),
        *AGAINST_RAW[bench.size],
        control=control,
        note=f"page {median(taken['page']):.1f} ms, raw {median(taken['raw']):.2f} ms",
    )


def _large_against_small(bench, page, reader):
    variants = {name: _page(database, page, reader) for name, database in (("s", bench.small), ("l", bench.large))}
    taken = interleaved(variants, bench.rounds, bench.rng)
    return timed(
        "P6",
        f"{page}, large / small, {reader}",
        paired_ratios(taken["l"], taken["s"]),
        *LARGE_AGAINST_SMALL,
        note=f"{median(taken['l']):.1f} and {median(taken['s']):.1f} ms",
    )


def _page(database, page, reader):
    serving, email = database.serve(), database.readers[reader]
    return lambda: pages.ms(serving, email, URLS[page])
