"""Pages in a headless Chromium over a slow line: what they weigh and how they feel."""

import shutil
from contextlib import contextmanager

from bench.refusals import Refused

# Lighthouse's "slow 4G", and a processor a quarter as fast.
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
SLOWER = 4
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SETTLED = 500  # milliseconds after loading: what shifts or blocks later was not caused by the page's coming
ARRIVED = 50  # milliseconds in which what is said of the last bytes has come
WATCH = """
window.vitals = {lcp: 0, cls: 0, tbt: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) vitals.lcp = e.startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) vitals.cls += e.value; })
  .observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) vitals.tbt += Math.max(0, e.duration - 50); })
  .observe({type: "longtask", buffered: true});
"""


@contextmanager
def chromium():
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise Refused("P14 needs Chromium: install it (`apt-get install chromium`).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One browser window on a slow line: `open(url)` gives what a page weighed and how it felt, `again(url)` what it
    weighs when it is opened once more."""

    def __init__(self, browser, cookies=()):
        self.context = browser.new_context()
        self.context.add_cookies(list(cookies))
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.line = self.context.new_cdp_session(self.page)
        self.kinds, self.bytes = {}, []
        self.line.send("Network.enable")
        self.line.send("Network.emulateNetworkConditions", LINE)
        self.line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        self.line.on("Network.responseReceived", lambda sent: self.kinds.update({sent["requestId"]: sent["type"]}))
        self.line.on(
            "Network.loadingFinished", lambda sent: self.bytes.append((sent["requestId"], sent["encodedDataLength"]))
        )

    def open(self, url):
        """{"bytes", "js", "lcp", "cls", "tbt", "requests"}: bytes as they came over the line, headers too; ms."""
        weighed = self._weighed(url, SETTLED)
        return weighed | self.page.evaluate("vitals")

    def again(self, url):
        """The same without what it felt like, which takes waiting."""
        return self._weighed(url, ARRIVED)

    def _weighed(self, url, wait):
        self.kinds, self.bytes = {}, []
        answer = self.page.goto(url, wait_until="load")
        self.page.wait_for_timeout(wait)
        return {
            "status": answer.status,
            "bytes": sum(size for _, size in self.bytes),
            "js": sum(size for request, size in self.bytes if self.kinds.get(request) == "Script"),
            "requests": len(self.bytes),
        }

    def close(self):
        self.context.close()
