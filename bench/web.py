"""The product behind its real web server, and a few browsers that ask as fast as they are answered."""

import http.client
import subprocess
import sys
import time
from contextlib import contextmanager
from threading import Thread

from bench.pages import Wrong
from bench.postgres import free_port
from bench.serving import ROOT

WORKERS = 2
BROWSERS = 4
SECONDS_TO_START = 60


@contextmanager
def web(database, workers=WORKERS, **variables):
    """The port of gunicorn with the product and the control on this database; `variables` of its environment."""
    port = free_port()
    words = ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--worker-class", "sync", "--no-control-socket"]
    with open(database.folder / "web.log", "a", encoding="utf-8") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "bench.wsgi", *words, "--log-level", "warning"],
            cwd=ROOT,
            env=database.environment(**variables),
            stdout=said,
            stderr=said,
        )
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port):
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return _asked(http.client.HTTPConnection("127.0.0.1", port, timeout=10), "/healthz", "")
        except OSError:
            if time.monotonic() > until:
                raise Wrong("The web server did not start; its words are in web.log.") from None
            time.sleep(0.2)


def _asked(connection, url, cookie):
    connection.request("GET", url, headers={"Cookie": cookie} if cookie else {})
    response = connection.getresponse()
    response.read()
    return response.status


def per_second(port, url, cookie, seconds):
    """Requests a second that were answered with 200, asked by a few browsers at once for so many seconds."""
    until = time.monotonic() + seconds
    counts = [0] * BROWSERS
    wrong = []

    def browse(number):
        while time.monotonic() < until:
            # The web server's workers close each connection when it is answered.
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            status = _asked(connection, url, cookie)
            connection.close()
            if status != 200:
                wrong.append(status)
                return
            counts[number] += 1

    browsers = [Thread(target=browse, args=(number,)) for number in range(BROWSERS)]
    began = time.monotonic()
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    if wrong:
        raise Wrong(f"{url} answered {wrong[0]}.")
    return sum(counts) / (time.monotonic() - began)
