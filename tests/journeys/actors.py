"""Actors: people with a browser window each. Every page they come to is looked over: axe, links, width, console."""

import re
from functools import cached_property

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
PATIENCE = 15_000  # milliseconds, for a busy machine
SCRIPTS = re.compile(r"<script.*?</script>", re.DOTALL)
# How many times somebody would press Tab before giving up.
FURTHEST = 150


class Actors:
    """`actors("practitioner")` is that person, signed in; always the same window for the same person.

    `signs_in=False` leaves them on the sign-in page. `context` is what the windows are like (Playwright's words:
    viewport, java_script_enabled). `remembered` is a set for all journeys: what was looked over need not be again.
    """

    def __init__(self, browser, base, remembered, **context):
        self.browser, self.base, self.context = browser, base, {"viewport": DESKTOP, **context}
        self.scripts = context.get("java_script_enabled", True)
        self.people, self.looked_at, self.followed = {}, set(), set()
        self.remembered, self.windows = remembered, []

    def __call__(self, account, *, signs_in=True):
        if account not in self.people:
            self.people[account] = Actor(self, account)
            if signs_in:
                self.people[account].sign_in()
        return self.people[account]

    @cached_property
    def copies(self):
        """One more window, with scripts, in which copies of pages are shown."""
        return self.open(viewport=self.context["viewport"])

    def open(self, **context):
        """A new window's page."""
        self.windows.append(self.browser.new_context(**context))
        return self.windows[-1].new_page()

    def leave(self):
        for window in self.windows:
            window.close()


class Actor:
    def __init__(self, stage, account):
        self.stage, self.account = stage, account
        self.page = stage.open(**stage.context)
        self.page.set_default_timeout(PATIENCE)
        self.complaints = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self):
        self.go("/")
        self.page.get_by_label("Email").fill(self.address)
        self.page.get_by_label("Password", exact=True).fill(settings.DEMO_PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Sign out").wait_for()
        self.look()

    @property
    def address(self):
        return f"{self.account}@example.org"

    # --- What somebody does ---

    @property
    def main(self):
        return self.page.locator("main")

    @property
    def path(self):
        return self.page.url.removeprefix(self.stage.base)

    def go(self, path):
        response = self.page.goto(path if path.startswith("http") else f"{self.stage.base}{path}")
        self.look()
        return response

    def opens(self, path):
        assert self.go(path).status == 200, f"{path} does not open for {self.account}"

    def finds_nothing(self, path):
        assert self.go(path).status == 404, f"{path} opens for {self.account}"

    def press(self, name, *, clicks=1):
        """Presses the button, or follows the link, of that name in the page's own part; looks at what comes."""
        button = self.main.get_by_role("button", name=name, exact=True)
        link = self.main.get_by_role("link", name=name, exact=True)
        button.or_(link).first.click(click_count=clicks)
        self.page.wait_for_load_state()
        self.look()

    def follow(self, words, *, role="link"):
        """Follows the first link (or presses the button) whose name begins with these words (a regular expression)."""
        self.main.get_by_role(role, name=re.compile(f"^{words}")).first.click()
        self.page.wait_for_load_state()
        self.look()

    def follow_to(self, address):
        """Follows the link to that address, where several are called the same."""
        self.main.locator(f"a[href='{address}']").click()
        self.page.wait_for_url(f"**{address}")
        self.page.wait_for_load_state()
        self.look()

    def search(self, words):
        """The box in the header."""
        self.page.locator("#frame-search").fill(words)
        self.page.locator("#frame-search").press("Enter")
        self.page.wait_for_load_state()
        self.look()

    def fill(self, **answers):
        """Answers fields by their name; a list ticks several boxes, a tuple is a date (day, month, year)."""
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

    def choose_worker(self, name, worker):
        """Chooses in the small list `name` the worker who is called so."""
        options = self.main.locator(f"[name={name}] option")
        words = next(text for text in options.all_inner_texts() if text.startswith(worker))
        self.main.locator(f"[name={name}]").select_option(label=words)

    def choose_by_words(self, name, words):
        """Chooses in the list `name` the one that ends in those words."""
        options = self.main.locator(f"[name={name}] option").all_inner_texts()
        label = next(text for text in options if text.endswith(words))
        self.main.locator(f"[name={name}]").select_option(label=label)

    # --- With the keyboard alone ---

    def tab_to(self, selector):
        """Presses Tab until that field, link or button has the focus, which must be seen."""
        target = self.page.locator(selector)
        for _ in range(FURTHEST):
            if target.evaluate("e => e === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"{self.path}: Tab never comes to {selector}")
        assert target.evaluate(FOCUS_IS_SEEN), f"{self.path}: one cannot see the focus on {selector}"

    def type(self, selector, text):
        self.tab_to(selector)
        self.page.keyboard.type(text)

    def press_key(self, key, *, leads_on=False):
        """`leads_on`: another page comes."""
        if leads_on:
            with self.page.expect_navigation():
                self.page.keyboard.press(key)
            self.look()
        else:
            self.page.keyboard.press(key)

    # --- What somebody sees ---

    def reads(self, words):
        assert words in self.page.locator("body").inner_text(), f"{self.path}: {self.main.inner_text()}"

    def finds_filled(self, **answers):
        """The page's own fields hold these answers (as in `fill`, but for lists and dates)."""
        for name, answer in answers.items():
            filled = self.main.locator(f"[name={name}]:checked, [name={name}]:not([type=radio], [type=checkbox])")
            assert filled.input_value() == answer, f"{self.path}: {name}"

    def is_refused(self):
        """The form came back with its error summary; that its links lead somewhere is seen by `look`."""
        assert self.page.locator(".govuk-error-summary a").count(), f"{self.path}: nothing was refused"
        assert self.page.title().startswith("Error: ")

    # --- What every page must be ---

    def look(self):
        """Each page is looked over once in a journey for each reader, wide and narrow.

        Another title at the same address ("Error: ...", "Are you sure?") is another page. How a page looks and where
        its links lead does not depend on the database: the embedded one is enough.
        """
        address = self.path.partition("?")[0].partition("#")[0]
        page = (self.account, address, self.page.title())
        if connection.vendor == "sqlite" and page not in self.stage.looked_at:
            self.stage.looked_at.add(page)
            self._is_readable(address)
            self._no_dead_links(address)
        assert not self.complaints, f"{address}: {self.complaints}"

    def _is_readable(self, address):
        """Nothing for axe to find and nothing to scroll to sideways. A page that is made the same way as one before,
        but for its words and numbers, was looked over in an earlier journey or window."""
        page = (self.stage.scripts, self.page.evaluate(SKELETON))
        if page in self.stage.remembered:
            return
        own = self.stage.context["viewport"]
        shown = self.page if self.stage.scripts else self._copy()
        for window in (own, DESKTOP if own == PHONE else PHONE):
            shown.set_viewport_size(window)
            width = shown.locator("html").evaluate("e => e.scrollWidth")
            assert width <= window["width"], f"{address} is {width} wide in a window of {window['width']}"
            found = Axe().run(shown, options={"resultTypes": ["violations"]})
            assert found.violations_count == 0, f"{address} at {window['width']}:\n{found.generate_report()}"
        shown.set_viewport_size(own)
        self.stage.remembered.add(page)

    def _copy(self):
        """Axe is a script itself: where the window has none, it reads a copy of the page from which ours are cut."""
        html = SCRIPTS.sub("", self.page.content())
        copy = self.stage.copies
        copy.route(self.page.url, lambda route: route.fulfill(body=html, content_type="text/html"))
        copy.goto(self.page.url)
        return copy

    def _no_dead_links(self, address):
        ids = set(self.page.locator("[id]").evaluate_all("all => all.map(e => e.id)"))
        for href in set(self.page.locator("a[href]").evaluate_all("all => all.map(e => e.getAttribute('href'))")):
            if href.startswith("#"):
                assert href[1:] in ids, f"{address}: {href} leads nowhere"
            elif href.startswith("/") and not self._has_followed(href):
                answer = self.page.request.get(f"{self.stage.base}{href}")
                assert answer.status < 400, f"{address}: {href} answers {answer.status}"

    def _has_followed(self, href):
        """Whether that link was followed before; from now on it was.

        A page without a number in its address (a list) is there in every journey; a filter of a list is the same for
        everybody who has the list.
        """
        followed = self.stage.followed if re.search(r"\d", href) else self.stage.remembered
        keys = [href, (self.account, href.partition("?")[0])]
        known = all(key in followed for key in keys)
        for key in keys:
            followed.add(key)
        return known

    def _heard(self, message):
        # A refused form (422) and a page that is not there (404) are answers, not faults.
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)


# How a page is made: its elements with what decides how they look and what a screen reader says of them, and whether
# there is a word in them, not which; of a row of elements that are made the same way, one.
SKELETON = """() => {
  const kept = ["class", "type", "role", "scope", "aria-hidden", "aria-live", "open", "hidden", "lang", "colspan"];
  const made = e => {
    const says = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    const about = kept.map(a => e.getAttribute(a) ?? "").join(",");
    const named = ["alt", "title", "aria-label", "aria-labelledby", "aria-describedby", "for", "id"];
    const has = named.map(a => e.hasAttribute(a) ? 1 : 0).join("");
    const parts = [];
    for (const child of [...e.childNodes].filter(n => n.nodeType === 1)) {
      if (["SCRIPT", "STYLE"].includes(child.tagName)) continue;
      const part = made(child);
      if (parts[parts.length - 1] !== part) parts.push(part);
    }
    return `${e.tagName}[${about}|${has}${says ? "t" : ""}](${parts.join("")})`;
  };
  return made(document.documentElement);
}"""
# Whether the focused element, or the label that draws a radio or a tick box, differs from the plain page.
FOCUS_IS_SEEN = """e => {
  const drawn = ["radio", "checkbox"].includes(e.type) ? getComputedStyle(e.nextElementSibling, "::before")
                                                       : getComputedStyle(e);
  return (drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) > 0) || drawn.boxShadow !== "none";
}"""
