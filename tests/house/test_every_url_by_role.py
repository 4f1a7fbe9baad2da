"""Every URL, asked by everybody, GET and POST: the answer is the one typed in the table, and a refusal writes nothing.

The borough is built once for the module, in one transaction; each test looks at one URL inside a savepoint.
"""

from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client

from hsb.url_rules import RULES
from tests.clients import MAY_BE_WRITTEN, WRITE
from tests.house.header import counted_once
from tests.house.the_scene import RELATIONS, Scene
from tests.house.url_table import ELSEWHERE, PAGES_OF_AN_ASSESSMENT, TABLE, WRITES, Row
from tests.house.walk import named

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("embedded", "that readers see the same on PostgreSQL is seen by test_agreement"),
]

# What was typed and refused while a concern is logged is kept for its author.
MAY_BE_LEFT = {"x": {"core_draft"}}
SIGN_IN = "/account/login/"


@pytest.fixture(scope="module")
def borough(django_db_setup, django_db_blocker):
    """(the scene, who has signed in: {user or None: browser}), for every test of this module."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            scene = Scene()
            for row in TABLE:
                scene.case(row.case)
            for code, _ in PAGES_OF_AN_ASSESSMENT:
                scene.case(code)
            browsers = {None: Client(raise_request_exception=False)}
            for user in scene.people.values():
                browsers[user] = Client(raise_request_exception=False)
                browsers[user].force_login(user)
            with counted_once():
                yield scene, browsers
            transaction.set_rollback(True)
        connection.close()


class Written:
    """The tables written to inside, but those that looking may write to."""

    def __init__(self):
        self.tables = set()

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
    """What each of the relations gets, as {relation: letter}; and what was written by an answer that is no leave to
    write."""
    scene, browsers = borough
    case = scene.case(row.case)
    place = named(row.name)
    path = place.path(**(case.told_to(place) | told))
    found, wrote = {}, {}
    for relation in relations:
        browser = browsers[case.people[relation]]
        cookies = browser.cookies.copy()
        with transaction.atomic(), Written() as written:
            response = getattr(browser, method)(path)
            transaction.set_rollback(True)
        browser.cookies = cookies
        found[relation] = letter(response, path)
        if found[relation] != ">" and (left := written.tables - MAY_BE_LEFT.get(found[relation], set())):
            wrote[relation] = left
    return found, wrote


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


def label(row):
    return f"{row.name}, {row.case}"


# --- The table ---


def test_every_url_stands_in_the_table():
    assert sorted(set(RULES) - {row.name for row in TABLE} - ELSEWHERE) == []
    assert sorted({row.name for row in TABLE} - set(RULES)) == []


@pytest.mark.parametrize("row", TABLE, ids=label)
def test_a_get_opens_for_whom_it_should_and_writes_nothing(borough, row):
    table = expected(row.get)
    found, wrote = answers(borough, row, "get", table)

    assert found == table
    assert wrote == {}


@pytest.mark.parametrize("row", TABLE, ids=label)
def test_a_forged_post_is_refused_and_writes_nothing(borough, row):
    table = forged(row.post)
    found, wrote = answers(borough, row, "post", table)

    assert found == table
    assert wrote == {}


@pytest.mark.parametrize(("case", "key"), PAGES_OF_AN_ASSESSMENT, ids=lambda value: value)
def test_a_page_of_an_assessment_opens_for_who_may_write_it(borough, case, key):
    row = Row("referrals:assessment_page", case, WRITES, "")

    table = expected(row.get)
    found, wrote = answers(borough, row, "get", table, page=key)

    assert found == table
    assert wrote == {}
