"""Somebody logs a concern in a browser: each step as one call. Everybody and everything here is invented."""

from datetime import date
from uuid import uuid4

from hsb.core.forms import date_parts
from hsb.core.models import Draft

TODAY = date(2026, 11, 23)
WHAT = {
    "what_was_reported": "A teacher said that something happened behind the sports hall.",
    "source": "2A",
    **date_parts("reported_on", TODAY),
    "place_kind": "school",
    "protection_needed": "no",
}


def search(browser, words="Ash Sample", born_on=None, number="", key=None):
    """Searches on the first page, or in the concern of `key`; returns the key."""
    began = key is None
    key = str(key or uuid4())
    url = "/concerns/new/" if began else f"/concerns/new/{key}/people/"
    data = {"key": key, "words": words, "number": number}
    response = browser.post(url, data | (date_parts("born_on", born_on) if born_on else {}))
    assert response.status_code == 302, response.content.decode()
    return key


def newcomer(given_name="Ash", family_name="Sample", parts=("displayed",), **more):
    """What is typed of somebody new."""
    return {
        "once": str(uuid4()),
        "kind": "child",
        "given_name": given_name,
        "family_name": family_name,
        "child_parts": list(parts),
        **more,
    }


def add_new(browser, key, *args, **more):
    """Adds a child we do not know; returns the response."""
    return browser.post(f"/concerns/new/{key}/people/new/", newcomer(*args, **more))


def pick_first(browser, key):
    """Picks the first of the results; returns the address of the page that asks for the part."""
    html = browser.get(f"/concerns/new/{key}/people/").content.decode()
    pick = html.split('name="pick" value="')[1].split('"')[0]
    return browser.post(f"/concerns/new/{key}/people/add/", {"pick": pick}).url


def say_what(browser, key, **changed):
    return browser.post(f"/concerns/new/{key}/what/", WHAT | changed)


def log(browser, key):
    return browser.post(f"/concerns/new/{key}/check/")


def log_at_once(browser, *, children=(("Ash", "Sample", ("displayed",)), ("Bo", "Sample", ("harmed",))), **what):
    """Walks the whole way; returns the address of "what happens next"."""
    key = search(browser)
    for given, family, parts in children:
        assert add_new(browser, key, given, family, parts).status_code == 302
    assert say_what(browser, key, **what).status_code == 302
    response = log(browser, key)
    assert response.status_code == 302, response.content.decode()
    return response.url


def draft_of(user):
    """The data of the user's only unfinished concern."""
    return Draft.objects.get(user=user, form="log_concern").data
