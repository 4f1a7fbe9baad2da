"""Actors: people with a browser window each. Every page they come to is looked over: axe, links, width, console."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
# A page of another service, a file to keep, and the way out are not pages to look at.
NOT_FOLLOWED = ("mailto:", "tel:", "#")


class Actors:
    """`actors("practitioner")` is that person, signed in; always the same window for the same person."""

    def __init__(self, browser, base, **window):
        self.browser, self.base, self.window = browser, base, {"viewport": DESKTOP, **window}
        self.people, self.seen = {}, set()

    def __call__(self, account):
        if account not in self.people:
            self.people[account] = Actor(self, account)
        return self.people[account]

    def leave(self):
        for actor in self.people.values():
            actor.page.context.close()


class Actor:
    def __init__(self, stage, account):
        self.stage, self.account = stage, account
        self.page = stage.browser.new_context(**stage.window).new_page()
        self.page.set_default_timeout(15_000)
        self.complaints = []
        self.page.on("console", self._heard)
        self.go("/")
        self.page.get_by_label("Email").fill(f"{account}@example.org")
        self.page.get_by_label("Password", exact=True).fill(settings.DEMO_PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Sign out").wait_for()

    @property
    def main(self):
        return self.page.locator("main")

    def go(self, path):
        response = self.page.goto(path if path.startswith("http") else f"{self.stage.base}{path}")
        self.look()
        return response

    def press(self, name):
        """Presses the button, or follows the link, of that name in the page's own part; looks at what comes."""
        button = self.main.get_by_role("button", name=name, exact=True)
        link = self.main.get_by_role("link", name=name, exact=True)
        button.or_(link).first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, **answers):
        """Types into fields by their name; True ticks a box, a list ticks several, a date is (day, month, year)."""
        for name, answer in answers.items():
            if isinstance(answer, tuple):
                for part, text in zip(("day", "month", "year"), answer, strict=True):
                    self.main.locator(f"[name={name}_{part}]").fill(str(text))
            elif isinstance(answer, list):
                for value in answer:
                    self.main.locator(f"[name={name}][value='{value}']").check()
            else:
                self._one(self.main.locator(f"[name={name}]"), name, str(answer))

    def _one(self, field, name, text):
        kind = field.first.get_attribute("type") or field.first.evaluate("e => e.tagName.toLowerCase()")
        if kind in ("radio", "checkbox"):
            self.main.locator(f"[name={name}][value='{text}']").check()
        elif kind == "select":
            field.select_option(text)
        else:
            field.fill(text)

    def reads(self, words):
        assert words in self.page.locator("body").inner_text(), f"{self.path}: {self.main.inner_text()}"

    @property
    def path(self):
        return self.page.url.removeprefix(self.stage.base)

    # --- What every page must be ---

    def look(self):
        """Each address is looked over once in a journey, on a screen and on a phone."""
        address = self.path.partition("?")[0].partition("#")[0]
        errors = self.page.locator(".govuk-error-summary").count()
        if (self.account, address, errors) in self.stage.seen:
            return
        self.stage.seen.add((self.account, address, errors))
        for window in (self.stage.window["viewport"], PHONE):
            self.page.set_viewport_size(window)
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{address} at {window['width']}:\n{found.generate_report()}"
            width = self.page.evaluate("document.documentElement.scrollWidth")
            assert width <= window["width"], f"{address} is {width} wide on a window of {window['width']}"
        self.page.set_viewport_size(self.stage.window["viewport"])
        self._no_dead_links(address)
        assert not self.complaints, f"{address}: {self.complaints}"

    def _no_dead_links(self, address):
        hrefs = self.page.eval_on_selector_all("a[href]", "links => links.map(l => l.getAttribute('href'))")
        for href in set(hrefs):
            if href.startswith("#"):
                assert self.page.locator(f"[id='{href[1:]}']").count() or href == "#", (
                    f"{address}: {href} leads nowhere"
                )
            elif href.startswith("/") and (self.account, href) not in self.stage.seen:
                self.stage.seen.add((self.account, href))
                answer = self.page.request.get(f"{self.stage.base}{href}")
                assert answer.status < 400, f"{address}: {href} answers {answer.status}"

    def _heard(self, message):
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)
