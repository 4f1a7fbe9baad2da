"""Asking one URL of everybody who could be meant, and comparing with the table of URLs, which two modules share: the
children's own floor, and the rest. Each builds what its rows need; one alone would last longer than all other tests.
"""

import re
from collections import Counter
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.test import Client

from tests.clients import MAY_BE_WRITTEN, WRITE
from tests.house.header import counted_once
from tests.house.the_scene import RELATIONS, Scene
from tests.house.url_table import TABLE
from tests.house.walk import named
from tests.of_a_module import made_once

OF_REFERRALS = [row for row in TABLE if row.name.startswith("referrals:")]
OTHERS = [row for row in TABLE if not row.name.startswith("referrals:")]
# What was typed and refused while a concern is logged is kept for its author.
MAY_BE_LEFT = {"x": {"core_draft"}}
# Pages, each in a case, on which something is read once for the page and once for its form or frame, by another object:
# it does not grow with the borough. What asks nothing twice any more is taken off the list.
ASK_TWICE = {
    "account_reauthenticate, roof",
    "referrals:assessment_page, assessing, brook",
    "referrals:decide_at_18, eighteen",
    "referrals:withdraw_offer, offered",
}
MOST = 8  # statements of a page
# Not the page's own: keeping the session, which happens once a minute; what each process reads at times for all pages.
NOT_COUNTED = re.compile(
    r'SAVEPOINT|RELEASE|ROLLBACK|UPDATE "people_session"|SELECT [^(]* FROM "(core_setting|referrals_pathwaytext)"'
)
SIGN_IN = "/account/login/"


@contextmanager
def a_borough(cases, django_db_blocker):
    """(the scene with these cases, who has signed in: {user or None: browser}); inside one transaction, which is rolled
    back."""

    def scene_and_browsers():
        scene = Scene(cases)
        return scene, {None: Client(raise_request_exception=False), **scene.signed_in()}

    with made_once(django_db_blocker, scene_and_browsers) as made, counted_once():
        yield made


class Watched:
    """What is done to the database inside: `tables` written to, but those that looking may write to, the `statements`,
    and what is asked `twice`."""

    def __init__(self):
        self.tables, self.statements, self._asked = set(), [], Counter()

    @property
    def twice(self):
        """The questions that were asked more than once with the same values."""
        return [sql for (sql, _), times in self._asked.items() if times > 1]

    def __enter__(self):
        self._watching = connection.execute_wrapper(self._note)
        self._watching.__enter__()
        return self

    def __exit__(self, *problem):
        return self._watching.__exit__(*problem)

    def _note(self, execute, sql, params, many, context):
        found = WRITE.match(sql)
        if found and found.group(1) not in MAY_BE_WRITTEN:
            self.tables.add(found.group(1))
        if not NOT_COUNTED.match(sql):
            self.statements.append(sql)
        if sql.startswith(("SELECT", "WITH")):
            self._asked[sql, str(params)] += 1
        return execute(sql, params, many, context)


def letter(response, path):
    """The table's letter for an answer."""
    if response.status_code in (302, 303):
        signs_in = urlsplit(response.url).path == SIGN_IN and path != SIGN_IN and "next=" in response.url
        return "s" if signs_in else ">"
    return {200: "o", 204: ">", 404: "n", 403: "f", 409: "c", 422: "x", 405: "m"}.get(
        response.status_code, str(response.status_code)
    )


def answers(borough, row, method, relations, **told):
    """What each of the relations gets, as {relation: letter}; what was written by an answer that is no leave to write;
    and, of a page that was shown, what it asked: {relation: Watched}."""
    scene, browsers = borough
    case = scene.case(row.case)
    place = named(row.name)
    path = place.path(**(case.told_to(place) | told))
    found, wrote, asked = {}, {}, {}
    for relation in relations:
        browser = browsers[case.people[relation]]
        cookies = browser.cookies.copy()
        with transaction.atomic(), Watched() as watched:
            response = getattr(browser, method)(path)
            transaction.set_rollback(True)
        browser.cookies = cookies
        found[relation] = letter(response, path)
        if found[relation] != ">" and (left := watched.tables - MAY_BE_LEFT.get(found[relation], set())):
            wrote[relation] = left
        if found[relation] == "o":
            asked[relation] = watched
    return found, wrote, asked


def expected(letters):
    """{relation: letter}."""
    return dict(zip(RELATIONS, letters.replace(" ", ""), strict=True))


# Who is asked to forge a POST whatever the table says of others: a GET has asked everybody at the same door.
FORGERS = ("a team-mate of the allocated worker", "a stranger who manages", "the auditor")


def forged(letters):
    """{relation: letter}: one relation for each answer, and FORGERS."""
    table = expected(letters)
    first = {letter: relation for relation, letter in reversed(table.items())}
    return {relation: table[relation] for relation in (*first.values(), *FORGERS)}


def opens_as_the_table_says(borough, row, **told):
    """Asks with a GET of every relation; nothing is written."""
    table = expected(row.get)
    found, wrote, asked = answers(borough, row, "get", table, **told)

    assert found == table
    assert wrote == {}
    page = ", ".join([label(row), *told.values()])
    twice = {relation: watched.twice for relation, watched in asked.items() if watched.twice}
    if page in ASK_TWICE:
        assert twice, "It asks nothing twice any more: take it off ASK_TWICE."
    else:
        assert twice == {}
    number = {relation: len(watched.statements) for relation, watched in asked.items()}
    most = max(number, key=number.get, default=None)
    assert most is None or number[most] <= MOST, "\n\n".join([f"{number[most]} for {most}:", *asked[most].statements])


def refuses_a_forged_post(borough, row):
    """Asks with a POST of those of `forged`; nothing is written."""
    table = forged(row.post)
    found, wrote, _ = answers(borough, row, "post", table)

    assert found == table
    assert wrote == {}


def label(row):
    return f"{row.name}, {row.case}"
