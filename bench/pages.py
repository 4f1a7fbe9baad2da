"""What the rows read off a page, and the pages that they ask for."""

import re

HOME, TEAM_WORK, MY_WORK, LIST = "/", "/team-work/", "/my-work/", "/referrals/"
CONTROL = "/control/referrals/referral/"
SIZE = 50  # rows of a page
ENDED = f"{LIST}?state=closed"
_CASE = re.compile(r'href="/referrals/(HSB-[0-9]{4}-[0-9]{5,})/"')
_REFERENCE = re.compile(r"HSB-[0-9]{4}-[0-9]{5,}")
_OPTION = re.compile(r'<select[^>]* name="([a-z]+)">(.*?)</select>', re.DOTALL)
_VALUE = re.compile(r'<option value="([^"]*)"')
_NEXT = re.compile(r'href="([^"]*[?&](?:amp;)?after=[^"]*)"')


class Wrong(Exception):
    """A page or a statement did not give what it is compared with: a time would mean nothing."""


def ms(serving, user, url):
    """Milliseconds of a GET, which must answer 200."""
    answer = serving.get(user, url)
    if answer.status != 200:
        raise Wrong(f"{url} answered {answer.status} to {user}.")
    return answer.ms


def body(serving, user, url):
    page = serving.page(user, url)
    if page["status"] != 200:
        raise Wrong(f"{url} answered {page['status']} to {user}.")
    return page["body"]


def references(html):
    """The references of the referrals that a list's page leads to, in order."""
    return list(dict.fromkeys(_CASE.findall(html)))


def choices(html):
    """{name: [values]} of the drop-downs of a page's form."""
    return {name: _VALUE.findall(options) for name, options in _OPTION.findall(html)}


def next_page(html):
    """The address of the next page; "" where this is the last."""
    found = _NEXT.search(html)
    return found[1].replace("&amp;", "&") if found else ""


def same(what, ours, theirs):
    """Wrong where the two differ."""
    if ours != theirs:
        raise Wrong(f"{what}: ours {ours!r:.600}, theirs {theirs!r:.600}.")


def named(html):
    """The references that stand anywhere on a page, in order."""
    return list(dict.fromkeys(_REFERENCE.findall(html)))
