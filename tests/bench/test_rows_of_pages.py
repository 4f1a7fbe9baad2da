"""Rows P13 and P14: what is weighed are bytes, and what a browser feels is what its page does."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench import browser, serving
from bench.rows import p13, p14
from tests.bench.stand_ins import Bench, Child, answer, verdicts

# What every session of tests begins with is written into the test database: a file by itself must have one.
pytestmark = pytest.mark.django_db

# --- P13 ----------------------------------------------------------------------------------------------------------


def test_bytes_are_counted_not_characters_as_the_page_leaves_the_house():
    class Response(list):
        def close(self):
            pass

    def application(environ, start_response):
        start_response("200 OK", [])
        return Response(["a£".encode(), b"b"])

    house = serving._House.__new__(serving._House)
    house.application, house.count = application, 0
    house.signed_in = {"a@example.org": ("session=1", float("inf"))}

    ms, status, size, _ = house.get("a@example.org", "/")["answer"]

    assert (status, size) == (200, 4)
    assert ms > 0


class Forms:
    """Pages of a borough with one referral: `decide/` the largest of those that open, and the admin's."""

    listed = {"body": '<a href="/referrals/HSB-2026-00001/">'}

    def __init__(self, largest, ms=10.0, admin=200_000):
        self.largest, self.ms, self.admin = largest, ms, admin

    def __call__(self, url):
        if url == p13.ADMIN:
            return answer(size=self.admin)
        if url.endswith("/decide/"):
            return answer(self.ms, self.largest)
        # Of what does not open the size is that of the refusal.
        return answer(size=5_000) if url.endswith(("/close/", "/search/")) else answer(size=90_000, status=404)


def p13_of(large):
    return list(p13.measure(Bench(Child(pages=large), small=Child(pages=Forms(20_000)))))


@pytest.mark.parametrize(
    ("large", "verdict"),
    [
        (Forms(20_000), ["moonshot", "moonshot", "pass"]),
        (Forms(20_500), ["FAIL", "moonshot", "pass"]),
        (Forms(20_000, ms=21.0), ["moonshot", "FAIL", "pass"]),
        (Forms(20_000, admin=100_000), ["moonshot", "moonshot", "FAIL"]),
    ],
)
def test_a_form_that_grows_with_the_borough_fails_in_bytes_or_in_time(large, verdict):
    found = p13_of(large)

    assert verdicts(found) == verdict
    assert found[0].note.startswith("decide/")


# --- P14 ----------------------------------------------------------------------------------------------------------

LATE = 250  # milliseconds after which the page moves, and is busy
BUSY = 200  # milliseconds for which the script keeps the processor
PAGE = f"""<!doctype html><title>A page</title>
<h1>What is seen first</h1><p id="moves" style="height: 300px; background: grey">What moves</p>
<script src="/script.js"></script>
<script>
  setTimeout(() => {{
    document.getElementById("moves").before(Object.assign(document.createElement("div"), {{style: "height: 400px"}}));
    const until = performance.now() + {BUSY};
    while (performance.now() < until);
  }}, {LATE});
</script>"""
SCRIPT = "// " + "x" * 60_000  # which takes a slow line 300 ms
LASTED = "(([script]) => script.responseEnd - script.responseStart)(performance.getEntriesByType('resource'))"
STILL = "<!doctype html><title>A page</title><h1>What is seen</h1>"


@pytest.fixture
def site():
    """A site of two pages, one of which moves."""
    pages = {"/": ("text/html", PAGE), "/still": ("text/html", STILL), "/script.js": ("text/javascript", SCRIPT)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            kind, body = pages.get(self.path, ("text/plain", ""))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _visited(site):
    with browser.chromium() as window:
        visit = browser.Visit(window)
        moving, lasted = visit.open(f"{site}/"), visit.page.evaluate(LASTED)
        return moving, lasted, visit.open(f"{site}/still"), visit.again(f"{site}/still")


@pytest.mark.one_database("embedded", "a browser on a page without a database")
@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium")
def test_a_visit_feels_what_moves_and_what_keeps_it_busy_and_weighs_what_came(site):
    # In a thread of its own: the journeys' browser may be at work in this one.
    with ThreadPoolExecutor(1) as alone:
        moving, lasted, still, again = alone.submit(_visited, site).result()

    assert moving["status"] == 200
    assert moving["cls"] > 0.1
    assert moving["tbt"] > BUSY / 2
    assert moving["js"] > len(SCRIPT)
    assert moving["bytes"] > moving["js"] + len(PAGE)
    assert (still["cls"], still["js"]) == (0, 0)
    assert lasted > 200
    assert 150 < still["lcp"] < 2000
    assert 0 < again["bytes"] <= still["bytes"]


def visits(**more):
    one = {"status": 200, "bytes": 40_000, "js": 0, "requests": 3, "lcp": 500, "cls": 0, "tbt": 0}
    return [(one | more, one | {"bytes": 5_000} | more)] * 3


FELT = ("bytes", "js", "repeat", "lcp", "cls", "tbt")


@pytest.mark.parametrize(
    ("worse", "failed"),
    [
        ({}, set()),
        ({"bytes": 101_000}, {"bytes", "repeat"}),
        ({"bytes": 13_000}, {"repeat"}),
        ({"js": 12_500}, {"js"}),
        ({"lcp": 1_100}, {"lcp"}),
        ({"cls": 0.02}, {"cls"}),
        ({"tbt": 60}, {"tbt"}),
    ],
)
def test_one_page_that_is_worse_fails_and_is_named(worse, failed):
    taken = {p14.LOGIN: visits(), "/worse/": visits(**worse), "/search/": visits()}

    found = dict(zip(FELT, [*p14._weights(taken), *p14._feel(taken)], strict=True))

    assert {name for name, figure in found.items() if figure.verdict == "FAIL"} == failed
    assert all(found[name].note.startswith("/worse/") for name in failed)


class Browser:
    """One whose pages are not looked at."""

    def new_context(self, **options):
        self.options = options
        return self

    def new_page(self):
        return self

    def set_default_timeout(self, milliseconds):
        pass

    def close(self):
        pass


@pytest.mark.parametrize(
    ("hangs", "undone"),
    [
        (None, []),
        ("log_a_concern", ["log a concern (Timeout 20000ms exceeded.)"]),
    ],
)
def test_a_step_that_needs_javascript_is_told(monkeypatch, hangs, undone):
    walked = []

    def step(name):
        def walk(self):
            walked.append(name)
            if name == hangs:
                raise RuntimeError("Timeout 20000ms exceeded.\nCall log: ...")

        walk.__name__ = name
        return walk

    for name in ("log_in", "log_a_concern", "open_the_case"):
        monkeypatch.setattr(p14._Journey, name, step(name))
    monkeypatch.setattr(p14, "web", lambda database: nullcontext(80))
    window = Browser()

    assert p14._without_scripts(Bench(Child({"password": lambda: "a word"})), window) == undone

    assert window.options == {"java_script_enabled": False}
    assert walked == ["log_in", "log_a_concern", "open_the_case"][: 2 if hangs else 3]
