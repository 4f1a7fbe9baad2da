"""Every page of hsb/url_rules.py that a reader comes to by links, and what it asks; in the serving process."""

import re
from collections import Counter, deque

from django.urls import Resolver404, resolve, reverse

from bench.serving import house
from hsb.people.models import User
from hsb.url_rules import RULES
from referrals.models import Referral
from referrals.states import ReferralState

START = ("overview:home", "overview:my_work", "overview:team_work", "referrals:list", "strategy_meetings:list")
MORE = ("panels:list", "panels:mapping_list", "strategy_meetings:intel_forms", "people:users", "people:teams")
OTHERS = ("overview:settings", "people:account", "people:words", "people:agencies", "referrals:pathway_texts")
# A case in each state leads to other verbs; of every other page some are enough.
CASES = len(ReferralState.values)
KEPT = ("core_setting", "referrals_pathwaytext")
NOW_AND_THEN = ('UPDATE "people_session"', *(f'SELECT "{table}"' for table in KEPT))
LEFT_OUT = ("account_logout", "core:still_here", "core:keep_draft")
_LINK = re.compile(r'href="(/[^"#]*)')
_LITERAL = re.compile(r"'(?:[^']|'')*'(?:::\w+)?|\b\d+(?:\.\d+)?\b")
_LISTED = re.compile(r"(IN|ANY) ?\((?:ARRAY\[)?\?(?:, ?\?)*\]?\)")
_SAVEPOINT = re.compile(r'"?s\d+_x\d+"?')


def shape(sql):
    """The statement without its values: two askings of the same question are equal."""
    return _LISTED.sub("IN (?)", _LITERAL.sub("?", _SAVEPOINT.sub("s", sql)))


def shapes(email, url):
    """The statements of a page that has been asked for before, as sorted [shape, how often]."""
    house().page(email, url)
    found = house().page(email, url)
    if found["status"] != 200:
        return None
    return sorted(map(list, Counter(map(shape, of_the_page(found["statements"]))).items()))


def of_the_page(statements):
    """Those that the page asks itself: neither how the session is kept, once a minute, nor what each process reads at
    times."""
    return [sql for sql in statements if not sql.startswith(NOW_AND_THEN)]


def crawl(email, of_each, seen):
    """[[name, address, statements]] of the pages that open: at most `of_each` of a name, those of `seen` counted in.

    `seen` is {name: how many were asked for by other readers}.
    """
    user = User.objects.get(email=email)
    taken, found = Counter(seen), []
    for name in (*START, "referrals:case"):
        # What leads to the others is asked for by each reader.
        taken[name] = 0
    waiting = deque(_start(user))
    known = set(waiting)
    while waiting:
        url = waiting.popleft()
        name = _name(url)
        most = max(of_each, CASES) if name == "referrals:case" else of_each
        if name not in RULES or name in LEFT_OUT or taken[name] >= most:
            continue
        page = house().page(email, url)
        if page["status"] != 200:
            continue
        taken[name] += 1
        if "<html" not in page["body"][:200]:
            continue  # a document or a drawing: it takes long to make, and leads nowhere
        if any(table in statement for statement in page["statements"] for table in KEPT):
            # What a process reads and then keeps for a while is kept now.
            page = house().page(email, url)
        found.append([name, url, len(page["statements"])])
        for link in _LINK.findall(page["body"]):
            link = link.replace("&amp;", "&")
            if link not in known:
                known.add(link)
                waiting.append(link)
    return found


def _start(user):
    yield from (reverse(name) for name in (*START, *MORE, *OTHERS))
    for state in ReferralState.values:
        one = Referral.objects.visible_to(user).filter(state=state).order_by("-pk").first()
        if one is not None:
            yield reverse("referrals:case", args=[one.record.reference])


def _name(url):
    try:
        return resolve(url.partition("?")[0]).view_name
    except Resolver404:
        return ""


def narrowed_to_one(email):
    """[the address of a list with one row only, of one with many]: the same kind of list."""
    user = User.objects.get(email=email)
    fields = ("state", "category", "side")
    sizes = Counter(Referral.objects.visible_to(user).values_list(*fields))
    usable = {codes: number for codes, number in sizes.items() if codes[0] not in ("closed", "attached")}
    few, many = min(usable, key=usable.get), max(usable, key=usable.get)
    return [
        f"{reverse('referrals:list')}?state={state}&category={category or 'none'}&side={side}"
        for state, category, side in (few, many)
    ]
