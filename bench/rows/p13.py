"""P13: the largest form page: as large and as fast whatever the borough's size, and a fraction of the admin's."""

import re
from statistics import median

from bench.figures import counted, paired_ratios, timed
from bench.rounds import interleaved

ADMIN = "/control/referrals/referral/add/"
# Pages with a form, of one referral; which of them open depends on its state and on the reader.
FORMS = (
    *("assessment/short/", "assessment/context/", "assessment/risk/", "assessment/safety/", "assessment/check/"),
    *("decide/", "name-worker/", "step-up/", "step-down/", "transfer/", "request-meeting/", "decide-meeting/"),
    *("consent/record/", "sharing/record/", "plan/begin/", "main-system/", "police-call/", "police-referral/"),
    *("propose-closing/", "close/", "restrict/", "name-reader/", "bar/", "note-behaviour/", "documents/add/"),
)
OTHERS = ("/concerns/new/", "/search/")
REFERRALS = {"small": 2, "full": 8}
LEAST_ROUNDS = 15  # two pages that should be equally fast: fewer cannot tell a tenth from nothing
# The admin's drop-down has a line for each child: of a hundred and sixty times fewer it is that much smaller.
ADMIN_GOAL = {"small": (6, 18), "full": (1_000, 3_000)}


def measure(bench):
    reader, referrals = bench.large.readers["manager"], REFERRALS[bench.size]
    pages = {name: _pages(getattr(bench, name), reader, referrals) for name in ("small", "large")}
    both = sorted(pages["small"].keys() & pages["large"].keys(), key=lambda form: -_bytes(pages["large"][form]))
    form = both[0]
    ratio = _bytes(pages["large"][form]) / _bytes(pages["small"][form])
    kilobytes = _bytes(pages["large"][form]) / 1000
    yield counted(
        "P13",
        "largest form page, bytes at the large / at the small borough",
        ratio,
        1.02,
        1.02,
        unit="x",
        note=f"{form}, {kilobytes:.1f} kB, the median of at most {referrals} referrals, of {len(both)} form pages",
    )
    urls = {name: _nearest(found[form]) for name, found in pages.items()}
    taken = interleaved(
        {name: lambda name=name: getattr(bench, name).serve().get(reader, urls[name]).ms for name in urls},
        max(bench.rounds, LEAST_ROUNDS),
        bench.rng,
    )
    yield timed(
        "P13",
        "largest form page, p50 at the large / at the small borough",
        paired_ratios(taken["large"], taken["small"]),
        1.02 if bench.size == "full" else 2.0,
        1.02,
        note=f"{median(taken['large']):.1f} ms and {median(taken['small']):.1f} ms"
        + ("" if bench.size == "full" else "; small: so few rounds cannot tell 2 % from nothing"),
    )
    admin = bench.large.serve().get(reader, ADMIN)
    goal, moonshot = ADMIN_GOAL[bench.size]
    yield counted(
        "P13",
        "Django admin's add page / our largest form page, bytes",
        admin.bytes / _bytes(pages["large"][form]),
        goal,
        moonshot,
        at_least=True,
        unit="x",
        control=f"admin {admin.bytes / 1e6:.1f} MB in {admin.ms / 1000:.1f} s",
        note="" if bench.size == "full" else "small: a line for each child, of 160 times fewer",
    )


def _pages(database, reader, number):
    """{form: [(bytes, url)]} of those that open for the reader."""
    serving = database.serve()
    listed = serving.page(reader, "/referrals/")["body"]
    references = list(dict.fromkeys(re.findall(r"/referrals/(HSB-[\d-]+)/", listed)))[:number]
    found = {}
    for form, url in [
        *((form, f"/referrals/{reference}/{form}") for reference in references for form in FORMS),
        *((url, url) for url in OTHERS),
    ]:
        answer = serving.get(reader, url)
        if answer.status == 200:
            found.setdefault(form, []).append((answer.bytes, url))
    return found


def _bytes(found):
    return median(size for size, _ in found)


def _nearest(found):
    """The address of the page whose size is nearest to the median."""
    middle = _bytes(found)
    return min(found, key=lambda each: abs(each[0] - middle))[1]
