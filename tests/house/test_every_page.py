"""Every page of a case in every state: it opens or it does not, and it never breaks.

test_every_url_by_role asks each URL of everybody, in the state it is for. Here each is asked in all the other states
too, where nobody meant it to be asked. A GET that writes and an unknown template variable fail inside the client.
"""

import pytest

from hsb.core import clock
from hsb.core.models import AccessGrant, Record
from tests.clients import HouseClient
from tests.house.asked_of_everybody import MOST, Watched
from tests.house.header import counted_once
from tests.house.the_scene import Scene
from tests.house.trouble import OURS, trouble_at
from tests.of_a_module import made_once

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("embedded", "whether a page breaks in a state does not depend on the database"),
]

OF_A_CASE = [place for place in OURS if "reference" in place.wants and place.name.startswith("referrals:")]
# Each state, and one of those who have the child in it.
CASES = {
    "received": "dot",
    "assessing": "dot",
    "harmed": "dot",
    "awaiting": "mo",
    "statutory": "amara",
    "noted": "amara",
    "police": "mo",
    "protected": "amara",
    "early_help": "mo",
    "offered": "mo",
    "reassessed": "amara",
    "proposed": "mo",
    "closed": "mo",
    "restricted": "mo",
}
# Of a POST too: not found, whatever was sent, and not a word about a rule that only insiders can break.
SHUT = {404, 405}
NEXT = "\n"


@pytest.fixture(scope="module")
def borough(django_db_setup, django_db_blocker):
    """The scene with its cases, for all tests of this module; each leaves it as it found it."""
    with made_once(django_db_blocker, lambda: Scene(CASES)) as made:
        yield made


@pytest.fixture
def scene(borough, db):
    with counted_once():
        yield borough


def laptop_of(scene, who):
    laptop = HouseClient()
    laptop.force_login(scene.people[who])
    return laptop


def trouble_or_too_much_asked(laptop, path):
    """What is wrong with the page at that path, or how many statements it asks where that is too many; or None."""
    with Watched() as watched:
        trouble = trouble_at(laptop, path)
    return trouble or (f"asks {len(watched.statements)} statements" if len(watched.statements) > MOST else None)


def answers(laptop, method, case):
    """(name, status) of every page of the case."""
    return [(place.name, getattr(laptop, method)(place.path(**case.told_to(place))).status_code) for place in OF_A_CASE]


@pytest.mark.parametrize(("code", "who"), CASES.items())
def test_a_page_of_a_case_opens_or_does_not_in_any_state(scene, who, code):
    laptop, case = laptop_of(scene, who), scene.case(code)

    found = [
        f"{place.name} {trouble}"
        for place in OF_A_CASE
        if (trouble := trouble_or_too_much_asked(laptop, place.path(**case.told_to(place)))) is not None
    ]

    assert not found, NEXT.join(found)


# In the other states strangers are asked by the table of URLs.
@pytest.mark.parametrize("code", ["closed", "restricted"])
@pytest.mark.parametrize(("who", "method"), [("carl", "get"), ("carl", "post"), ("dee", "get"), ("dee", "post")])
def test_who_has_no_business_with_a_child_finds_nothing_at_its_address(scene, who, method, code):
    laptop = laptop_of(scene, who)
    before = list(Record.objects.order_by("pk").values_list("reference", "entry_count"))

    opened = [answer for answer in answers(laptop, method, scene.case(code)) if answer[1] not in SHUT]

    assert opened == []
    assert list(Record.objects.order_by("pk").values_list("reference", "entry_count")) == before


@pytest.mark.parametrize(("who", "code"), [("dot", "received"), ("amara", "statutory"), ("mo", "closed")])
def test_when_every_grant_has_ended_it_is_not_found_any_more(scene, who, code):
    laptop = laptop_of(scene, who)
    AccessGrant.objects.update(ends_at=clock.now())

    opened = [answer for answer in answers(laptop, "get", scene.case(code)) if answer[1] not in SHUT]

    assert opened == []


def test_a_reference_that_does_not_exist_is_not_found(scene):
    laptop = laptop_of(scene, "mo")

    opened = [
        (place.name, method, status)
        for place in OF_A_CASE
        for method in ("get", "post")
        if (status := getattr(laptop, method)(place.path()).status_code) not in SHUT
    ]

    assert opened == []


@pytest.mark.parametrize("who", ["amara", "mo", "dot", "cho", "aud", "dee"])
def test_every_other_page_opens_or_does_not(scene, who):
    laptop = laptop_of(scene, who)

    found = [
        f"{place.name} {trouble}"
        for place in OURS
        if place not in OF_A_CASE and (trouble := trouble_or_too_much_asked(laptop, place.path())) is not None
    ]

    assert not found, NEXT.join(found)
