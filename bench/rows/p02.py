"""P2: Django's admin over the same rows against our list: a page's time, and requests a second through the web."""

from statistics import median

from bench import pages
from bench.figures import paired_ratios, timed
from bench.rounds import LEAST, interleaved
from bench.web import per_second, web

READER = "auditor"  # reads all that is not restricted, as the admin shows it
# Goal and moonshot. The admin counts everything there is: in a small borough that is little, and it took 4.5 times as
# long as a good page (with faster templates 6.5 times).
TIMES = {"full": (15, 25), "small": (4.5, 6.5)}
PER_SECOND = {"full": (25, 60), "small": (4.5, 6.5)}
SECONDS = {"small": 1, "full": 5}
TURNS = {"small": 3, "full": 5}


def measure(bench):
    database = bench.large
    serving = database.serve()
    email = database.readers[READER]
    _see_the_same_rows(serving, email)
    taken = interleaved(
        {
            "ours": lambda: pages.ms(serving, email, pages.LIST),
            "admin": lambda: pages.ms(serving, email, pages.CONTROL),
        },
        max(bench.rounds, LEAST),
        bench.rng,
    )
    yield timed(
        "P2",
        "admin changelist / our list, same rows",
        paired_ratios(taken["admin"], taken["ours"]),
        *TIMES[bench.size],
        at_least=True,
        note=f"admin {median(taken['admin']):.0f} ms, ours {median(taken['ours']):.1f} ms, {READER}",
    )
    cookie = serving.call("bench.facts:cookie", email=email)
    with web(database) as port:
        for url in (pages.LIST, pages.CONTROL):
            per_second(port, url, cookie, 1)
        speeds = interleaved(
            {
                "ours": lambda: per_second(port, pages.LIST, cookie, SECONDS[bench.size]),
                "admin": lambda: per_second(port, pages.CONTROL, cookie, SECONDS[bench.size]),
            },
            TURNS[bench.size],
            bench.rng,
            warm=0,
        )
    yield timed(
        "P2",
        "requests a second, our list / admin changelist",
        paired_ratios(speeds["ours"], speeds["admin"]),
        *PER_SECOND[bench.size],
        at_least=True,
        note=f"ours {median(speeds['ours']):.0f}, admin {median(speeds['admin']):.1f} a second; two web workers",
    )


def _see_the_same_rows(serving, email):
    """The admin shows what is restricted too: without that, its rows are ours in the same order."""
    ours = pages.references(pages.body(serving, email, pages.LIST))
    theirs = pages.named(pages.body(serving, email, pages.CONTROL))
    pages.same("rows of the control", [one for one in theirs if one in ours], ours[: len(set(theirs) & set(ours))])
