"""P5: how many statements a page asks, and that it asks as many for one row as for fifty, in any borough."""

from collections import Counter

from bench import pages
from bench.figures import counted
from bench.readers import EQUAL, GROWING, OTHERS, at

LIST_GOAL, LIST_MOONSHOT = 3, 3
ANY_GOAL, ANY_MOONSHOT = 8, 5
OF_EACH = {"small": 1, "full": 3}
WORST = 12


def measure(bench):
    database = bench.large
    serving = database.serve()
    readers = [*EQUAL, *at(database, GROWING)]
    for what, url, who in (
        ("list", pages.LIST, readers),
        ("home", pages.HOME, readers),
        ("dashboard", pages.TEAM_WORK, ("manager", "front door")),
    ):
        numbers = {reader: _queries(serving, database.readers[reader], url) for reader in who}
        note = ", ".join(f"{reader} {number}" for reader, number in numbers.items())
        yield counted("P5", f"SQL queries of {what}", max(numbers.values()), LIST_GOAL, LIST_MOONSHOT, note=note)
    yield _any_page(bench, database)
    yield _equal(bench)


def _queries(serving, email, url):
    serving.get(email, url)
    return serving.get(email, url).queries


def _any_page(bench, database):
    numbers, seen = Counter(), Counter()
    for reader in [*EQUAL, "auditor", *OTHERS]:
        email = database.readers[reader]
        found = database.serve().call("bench.crawl:crawl", email=email, of_each=OF_EACH[bench.size], seen=seen)
        for name, _, number in found:
            seen[name] += 1
            numbers[name] = max(numbers[name], number)
    worst = ", ".join(f"{name} {number}" for name, number in numbers.most_common(WORST))
    within = sum(number <= ANY_GOAL for number in numbers.values())
    return counted(
        "P5",
        "SQL queries of any GET page",
        max(numbers.values()),
        ANY_GOAL,
        ANY_MOONSHOT,
        note=f"{len(numbers)} pages by name, {within} of them within {ANY_GOAL}; the most: {worst}",
    )


def asks_otherwise(one, other):
    """Whether the number of rows decides what is asked: `one` and `other` are lists of [statement, how often].

    A statement asked once by one and not at all by the other is about things of which one borough has none.
    """
    one, other = (Counter(dict(asked or [])) for asked in (one, other))
    return any({one[text], other[text]} != {0, 1} for text in one.keys() | other.keys() if one[text] != other[text])


def _equal(bench):
    """How many pages ask other questions of a large borough than of a small one, or for many rows than for one."""
    different = []
    small, large = bench.small, bench.large
    for reader in EQUAL:
        email = large.readers[reader]
        few, many = large.serve().call("bench.crawl:narrowed_to_one", email=email)
        one, fifty = (large.serve().call("bench.crawl:shapes", email=email, url=url) for url in (few, many))
        if one != fifty:
            different.append(f"list of one and of fifty rows, {reader}")
        for url in (pages.LIST, pages.ENDED, pages.HOME, pages.MY_WORK, pages.TEAM_WORK):
            asked = [each.serve().call("bench.crawl:shapes", email=email, url=url) for each in (small, large)]
            if asks_otherwise(*asked):
                different.append(f"{url} in two boroughs, {reader}")
    return counted("P5", "pages that ask otherwise for more rows", len(different), 0, 0, note="; ".join(different))
