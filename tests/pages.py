"""What every test of a page may want to ask: the kit.

page(response)                          the page as a browser understands it: its text, forms, links
assert_same_queries(client, url, grow)  as many queries for many rows as for few
assert_no_dead_error_links(html)        every link of the error summary leads to a field of the page
filled(response, **answers)             a form's own values, with these answers, ready to be posted
"""

import re
from collections import Counter
from html.parser import HTMLParser

from django.db import connection

from hsb.core import settings_in_force

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {"a", "abbr", "b", "bdi", "code", "em", "i", "small", "span", "strong"}
NOT_READ = {"script", "style", "template"}


class Page(HTMLParser):
    """One page, parsed: `text` (spaces made single), `ids`, `links` as (href, words), `forms`."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.ids, self.links, self.forms, self.tags = [], [], [], []
        self._words, self._open, self._summary = [], [], 0
        self._link = self._field = self._option = None
        self.error_links = []
        self.feed(html)
        self.close()
        self.text = " ".join("".join(self._words).split())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if tag not in VOID:
            self._open.append((tag, "govuk-error-summary" in attrs.get("class", "").split()))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "form":
            self.forms.append({"action": attrs.get("action", ""), "method": attrs.get("method", "get"), "data": {}})
        if tag == "a" and "href" in attrs:
            self._link = [attrs["href"], ""]
            self.links.append(self._link)
            if any(summary for _, summary in self._open):
                self.error_links.append(attrs["href"])
        self._take_field(tag, attrs)
        self._part(tag)

    handle_startendtag = handle_starttag

    def _take_field(self, tag, attrs):
        name = attrs.get("name")
        if not self.forms or not name and tag != "option":
            return
        data = self.forms[-1]["data"]
        if tag == "input" and attrs.get("type") in {"checkbox", "radio"}:
            if "checked" in attrs:
                data.setdefault(name, []).append(attrs.get("value", "on"))
        elif tag == "input" and attrs.get("type") not in {"submit", "button", "file"}:
            data.setdefault(name, []).append(attrs.get("value", ""))
        elif tag == "textarea":
            data[name] = [""]
            self._field = (data, name)
        elif tag == "select":
            self._option = (data, name)
        elif tag == "option" and self._option and "selected" in attrs:
            self._option[0].setdefault(self._option[1], []).append(attrs.get("value", ""))

    def _part(self, tag):
        """Words on both sides of this tag are different words."""
        if tag not in INLINE:
            self._words.append(" ")

    def handle_endtag(self, tag):
        self._part(tag)
        while self._open:
            last, _ = self._open.pop()
            if last == tag:
                break
        if tag == "a":
            self._link = None
        if tag == "textarea" and self._field:
            data, name = self._field
            data[name] = [data[name][0].removeprefix("\n")]
            self._field = None

    def handle_data(self, words):
        if any(tag in NOT_READ for tag, _ in self._open):
            return
        if self._field:
            data, name = self._field
            data[name] = [data[name][0] + words]
        if self._link is not None:
            self._link[1] += words
        self._words.append(words)


def page(response):
    """The response's page, parsed."""
    return Page(response.content.decode() if hasattr(response, "content") else response)


def filled(response, *, form=None, **answers):
    """What posting the page's own form would send, with `answers` put in.

    Its own form is the last that posts to the page itself; `form` is the place of another among all of them. An
    answer of None leaves the field out.
    """
    forms = page(response).forms
    here = {"", getattr(response, "request", {}).get("PATH_INFO", "")}
    own = [each for each in forms if each["action"] in here and each["method"] == "post"]
    chosen = own[-1] if form is None else forms[form]
    data = {name: list(values) for name, values in chosen["data"].items()}
    for name, value in answers.items():
        data[name] = value if isinstance(value, (list, tuple)) else [value]
    data.pop("csrfmiddlewaretoken", None)
    return {name: values for name, values in data.items() if values != [None]}


# --- Queries ------------------------------------------------------------------------------------------------------

LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
LISTED = re.compile(r"IN \((?:\?(?:, )?)+\)")
ROWS = re.compile(r"VALUES \((?:\?(?:, )?)+\)(?:, \((?:\?(?:, )?)+\))+")
# The same of several rows, as PostgreSQL is sent them: an array for each column.
ARRAYS = re.compile(r"ARRAY\[\?(?:::\w+)?(?:,\?(?:::\w+)?)*\]")
SAVEPOINT = re.compile(r'"?s\d+_x\d+"?')


def shape(sql):
    """The statement without its values, so that two askings of the same question compare equal."""
    sql = LISTED.sub("IN (?)", LITERAL.sub("?", SAVEPOINT.sub("s", sql)))
    return ARRAYS.sub("ARRAY[?]", ROWS.sub("VALUES (?)", sql))


def queries_of(client, url):
    """The shapes of the statements that a GET of `url` runs, counted; it must answer 200."""
    asked = Counter()

    def watched(execute, sql, values, many, context):
        # The statement itself, also where PostgreSQL is only told its name.
        asked[shape(sql.replace("%s", "?"))] += 1
        return execute(sql, values, many, context)

    with connection.execute_wrapper(watched):
        response = client.get(url)
    assert response.status_code == 200, f"{url} answered {response.status_code}."
    return asked


def assert_same_queries(client, url, grow, *, at_most=None):
    """A GET of `url` asks the same before and after `grow()` made more rows; and no more than `at_most` queries.

    Have one row there before, so that the page draws what it draws for rows. Returns the number of queries.
    """
    client.get(url)  # what a process reads once (settings in force, the session's clock) is read now
    few = queries_of(client, url)
    grow()
    settings_in_force.value("digest_hour")  # kept for half a minute: growing may have taken longer
    many = queries_of(client, url)
    more = {sql: (few[sql], count) for sql, count in many.items() if count != few[sql]}
    assert few == many, f"{url} asks differently for more rows (before, after): {more or few - many}"
    if at_most is not None:
        assert many.total() <= at_most, f"{url} runs {many.total()} queries: {dict(many)}"
    return many.total()


# --- Errors -------------------------------------------------------------------------------------------------------


def assert_no_dead_error_links(html):
    """Every link in the error summary leads to something on the page; there is at least one. Returns the hrefs."""
    found = page(html)
    assert found.error_links, "The page has no error summary with links."
    dead = [href for href in found.error_links if not href.startswith("#") or href[1:] not in found.ids]
    assert not dead, f"These links of the error summary lead nowhere: {dead}"
    return found.error_links


def assert_well_formed(html):
    """No id twice, and every label's `for` is there."""
    found = page(html)
    twice = [each for each, count in Counter(found.ids).items() if count > 1]
    assert not twice, f"These ids stand twice on the page: {twice}"
    lost = [a["for"] for tag, a in found.tags if tag == "label" and a.get("for") and a["for"] not in found.ids]
    assert not lost, f"These labels belong to no field: {lost}"
