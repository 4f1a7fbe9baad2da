"""P1: the page of a list against raw SQL for the same fifty-one rows and the two numbers of its title."""

from statistics import median

from bench import pages
from bench.figures import paired_ratios, timed
from bench.readers import at
from bench.rounds import LEAST, interleaved

READERS = {
    "full": ("worker", "manager", "area manager", "wide", "auditor"),
    "small": ("worker", "manager", "wide", "auditor"),
}
# Goal and moonshot. What a page costs whatever it shows weighs more where raw SQL has little to read: the page that
# takes 3.2 times as long at a million took 5.1 times as long at ten thousand, one with faster templates 3.5 times.
LIMITS = {"full": (3.2, 2.5), "small": (5.1, 3.5)}


def measure(bench):
    for reader in at(bench.large, READERS[bench.size]):
        yield _of(bench, bench.large, reader)


def _of(bench, database, reader):
    serving, email = database.serve(), database.readers[reader]
    raw = database.raw(reader)
    statements = raw.listed()
    shown = pages.references(pages.body(serving, email, pages.LIST))
    pages.same(f"rows of {reader}", shown, [row[1] for row in raw.rows(statements[0])[: pages.SIZE]])
    taken = interleaved(
        {
            "page": lambda: pages.ms(serving, email, pages.LIST),
            "raw": lambda: raw.all_ms(statements),
            "rows": lambda: raw.ms(statements[0]),
        },
        max(bench.rounds, LEAST),
        bench.rng,
    )
    naive = serving.call("bench.naive:list_of_objects", email=email)
    number = raw.rows(statements[1])[0][0]
    return timed(
        "P1",
        f"list page / raw SQL, {reader}",
        paired_ratios(taken["page"], taken["raw"]),
        *LIMITS[bench.size],
        control=f"model objects alone {naive / median(taken['raw']):.0f}x",
        note=(
            f"{number:,} open; page {median(taken['page']):.1f} ms, raw {median(taken['raw']):.2f} ms "
            f"(its rows alone {median(taken['rows']):.2f} ms)"
        ),
    )
