"""P14: what the main pages weigh and how they feel on a slow line; and the same work with JavaScript switched off."""

import re
import urllib.request
from statistics import median

from bench.browser import Visit, chromium
from bench.figures import counted, interval, timed
from bench.web import WORKERS, web

LOGIN = "/account/login/"
PAGES = {
    "small": (LOGIN, "/", "/team-work/", "/referrals/"),
    "full": (LOGIN, "/", "/my-work/", "/team-work/", "/referrals/", "/concerns/new/", "/search/"),
}
OF_A_CASE = {"small": ("", "notes/write/"), "full": ("", "people/", "chronology/", "assessment/", "notes/write/")}
VISITS = {"small": 2, "full": 7}
OWN = dict.fromkeys(VISITS, ("bench.team",))
# (key, what, goal, moonshot, unit, divided by)
VITALS = (
    ("lcp", "largest contentful paint", 1.0, 0.6, " s", 1000),
    ("cls", "layout shift", 0.01, 0, "", 1),
    ("tbt", "total blocking time", 50, 0, " ms", 1),
)


def measure(bench):
    database = bench.large
    reader = database.readers["manager"]
    child = database.serve()
    held = child.call("bench.facts:cookies", email=reader)
    case = re.search(r"/referrals/(HSB-[\d-]+)/", child.page(reader, "/referrals/")["body"])[0]
    urls = [*PAGES[bench.size], *(case + tab for tab in OF_A_CASE[bench.size])]
    with web(database) as port, chromium() as browser:
        address = f"http://127.0.0.1:{port}"
        _warm(address, urls, child.call("bench.facts:cookie", email=reader))
        cookies = [{"name": name, "value": value, "url": address} for name, value in held.items()]
        taken = {url: [_visit(browser, address, url, cookies) for _ in range(VISITS[bench.size])] for url in urls}
        undone = _without_scripts(bench, browser)
    refused = [url for url, visits in taken.items() if visits[0][0]["status"] != 200]
    if refused:
        raise AssertionError(f"Not measured, for they did not open: {refused}")
    yield from _weights(taken)
    yield from _feel(taken)
    yield counted(
        "P14", "journeys with JavaScript off that could not be done", len(undone), 0, 0, note=", ".join(undone)
    )


def _warm(address, urls, cookie):
    """Asks for each page a few times: the first one of a process reads what the others find."""
    for url in urls * 2 * WORKERS:
        asked = urllib.request.Request(address + url, headers={"Cookie": cookie})  # noqa: S310 (our own)
        urllib.request.urlopen(asked, timeout=60).close()  # noqa: S310


def _visit(browser, address, url, cookies):
    """(the first visit, the second one of the same window)."""
    visit = Visit(browser, [] if url == LOGIN else cookies)
    try:
        return visit.open(address + url), visit.again(address + url)
    finally:
        visit.close()


def _weights(taken):
    for at, key, what, goal, moonshot in (
        (0, "bytes", "first visit", 100, 40),
        (0, "js", "JavaScript of a first visit", 12, 0),
        (1, "bytes", "repeat visit", 12, 6),
    ):
        sizes = {url: median(visit[at][key] for visit in visits) / 1000 for url, visits in taken.items()}
        url = max(sizes, key=sizes.get)
        yield counted(
            "P14",
            f"{what}, the heaviest page, over the line",
            sizes[url],
            goal,
            moonshot,
            unit=" kB",
            note=f"{url} with {taken[url][0][at]['requests']} requests; median page {median(sizes.values()):.1f} kB, "
            f"login {sizes[LOGIN]:.1f} kB",
        )


def _feel(taken):
    for key, what, goal, moonshot, unit, part in VITALS:
        worst = max(taken, key=lambda url: median(visit[0][key] for visit in taken[url]))
        values = [visit[0][key] / part for visit in taken[worst]]
        all_pages = median(visit[0][key] / part for visits in taken.values() for visit in visits)
        yield timed(
            "P14",
            f"{what}, the worst page, first visit, slow 4G, processor / 4",
            interval(values, median),
            goal,
            moonshot,
            unit=unit,
            note=f"{worst}; median of all pages {all_pages:.2f}{unit}",
        )


def _without_scripts(bench, browser):
    """What could not be done with JavaScript switched off, in words; empty where all of it could."""
    database = bench.own(*OWN[bench.size])
    undone = []
    with web(database) as port:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.set_default_timeout(20_000)
        journey = _Journey(page, f"http://127.0.0.1:{port}", database.serve().call("bench.rows.p14:password"))
        for step in (journey.log_in, journey.log_a_concern, journey.open_the_case):
            try:
                step()
            except Exception as problem:  # the step is told, and what it hung on
                undone.append(f"{step.__name__.replace('_', ' ')} ({str(problem).splitlines()[0]})")
                break
        context.close()
    return undone


class _Journey:
    def __init__(self, page, address, password):
        self.page, self.address, self.password = page, address, password

    def log_in(self):
        self.page.goto(f"{self.address}/")
        self.page.get_by_label("Email").fill("practitioner@example.org")
        self.page.get_by_label("Password", exact=True).fill(self.password)
        self._press("Sign in")
        self.page.get_by_role("button", name="Sign out").wait_for()

    def log_a_concern(self):
        self._press("Log a concern")
        for given, family, part in (("Clover", "Madeup", "displayed"), ("Juniper", "Pretend", "harmed")):
            self.page.get_by_label("Name", exact=True).fill(f"{given} {family}")
            self._press("Search")
            self._press("Add somebody new")
            self._choose(child_parts=part, birth_precision="known")
            self._fill(given_name=given, family_name=family, born_known_day=3, born_known_month=4, born_known_year=2014)
            self._press("Add to the concern")
        self._press("Continue to what was reported")
        self._fill(
            what_was_reported="A teacher saw something that worried her and spoke to both children.",
            place_name="Elmfield Example School",
        )
        for name, value in (("source", "2A"), ("place_kind", "school"), ("protection_needed", "no")):
            self._choose(**{name: value})
        self._press("Save and continue")
        self._press("Log the concern")
        self.page.get_by_text("What happens next").first.wait_for()

    def open_the_case(self):
        reference = re.search(r"HSB-\d{4}-\d{5}", self.page.locator("main").inner_text())[0]
        self.page.goto(f"{self.address}/referrals/{reference}/")
        self.page.get_by_role("heading", level=1).wait_for()
        self.page.get_by_role("link", name="Chronology").first.click()
        self.page.get_by_role("heading", level=1).wait_for()

    def _press(self, name):
        main = self.page.locator("main")
        main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        ).first.click()
        self.page.wait_for_load_state()

    def _fill(self, **answers):
        for name, answer in answers.items():
            self.page.locator(f"main [name={name}]").fill(str(answer))

    def _choose(self, **answers):
        for name, value in answers.items():
            field = self.page.locator(f"main [name={name}]")
            if field.first.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                self.page.locator(f"main [name={name}][value='{value}']").check()


# --- In the child --------------------------------------------------------------------------------------------------


def password():
    from django.conf import settings

    return settings.DEMO_PASSWORD
