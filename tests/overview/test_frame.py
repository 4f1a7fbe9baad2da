"""The frame around every page: navigation by deed, search for those who search, tasks for those who have them."""

import pytest

from hsb.core import work
from tests import cast
from tests.pages import page

pytestmark = pytest.mark.django_db

WORKER = ["Home", "My work", "Referrals", "Meetings", "Mapping", "Log a concern"]
NAVIGATION = {
    "amara": WORKER,
    "eli": WORKER,
    "mo": ["Home", "My work", "Team work", "Referrals", "Meetings", "Mapping", "Log a concern"],
    "cho": ["Home", "My work", "Referrals", "Meetings", "Mapping"],
    "min": ["Home", "My work", "Referrals", "Meetings"],
    "aud": ["Home", "Referrals", "Meetings", "Mapping", "Panel"],
    "coo": ["Home", "My work", "Panel"],
    "dee": ["Home", "People", "Teams"],
}
SEARCHERS = {"amara", "eli", "mo", "cho", "aud"}
HAVE_TASKS = {"amara", "eli", "mo", "cho", "min", "coo"}


@pytest.fixture
def home(request, client_of):
    return lambda who: client_of(request.getfixturevalue(who)).get("/")


@pytest.mark.parametrize(("who", "places"), NAVIGATION.items(), ids=list(NAVIGATION))
def test_each_role_sees_what_it_uses_in_the_order_of_deeds(home, who, places):
    assert [place["text"] for place in home(who).context["frame"].nav] == places


@pytest.mark.parametrize("who", NAVIGATION)
def test_every_place_of_the_navigation_opens(home, client_of, request, who):
    browser = client_of(request.getfixturevalue(who))
    places = [place["url"] for place in home(who).context["frame"].nav]

    assert {url: browser.get(url).status_code for url in places} == dict.fromkeys(places, 200)


@pytest.mark.parametrize("who", NAVIGATION)
def test_the_search_box_is_there_for_those_who_may_search(home, who):
    assert (b'id="frame-search"' in home(who).content) is (who in SEARCHERS)


@pytest.mark.parametrize("who", NAVIGATION)
def test_a_page_that_is_not_there_speaks_of_the_search_box_only_where_there_is_one(client_of, request, who):
    answer = client_of(request.getfixturevalue(who)).get("/referrals/HSB-2026-99999/")

    assert answer.status_code == 404
    assert ("at the top of the page" in page(answer).text) is (who in SEARCHERS)


@pytest.mark.parametrize("who", NAVIGATION)
def test_tasks_due_stand_in_the_header_of_those_who_have_tasks(home, who):
    assert ("Tasks due 0" in page(home(who)).text) is (who in HAVE_TASKS)


def test_the_header_says_who_is_here_and_in_which_role(home):
    assert "Mo Manager, Willow" in page(home("mo")).text.replace("MoManager", "Mo Manager")


def test_the_place_one_is_at_is_marked(client_of, amara):
    nav = client_of(amara).get("/my-work/").context["frame"].nav

    assert [place["text"] for place in nav if place["current"]] == ["My work"]


def test_a_page_below_a_place_marks_that_place(client_of, amara, willow):
    case = cast.referral(amara, held_by=willow)

    nav = client_of(amara).get(f"/referrals/{case.reference}/").context["frame"].nav

    assert [place["text"] for place in nav if place["current"]] == ["Referrals"]


def test_a_member_of_two_teams_has_both_roles_places(client_of, amara, linden):
    cast.join(amara, linden, "administrator")

    nav = client_of(cast.again(amara)).get("/").context["frame"].nav

    assert [place["text"] for place in nav] == [
        "Home",
        "My work",
        "Referrals",
        "Meetings",
        "Mapping",
        "Log a concern",
        "People",
        "Teams",
    ]


def test_somebody_whose_membership_ended_has_home_alone(client_of, db):
    gone = cast.user("Gone")

    response = client_of(gone).get("/")

    assert [place["text"] for place in response.context["frame"].nav] == ["Home"]
    assert "You belong to no team today" in page(response).text


def test_the_handling_marking_and_the_name_stand_on_every_page(home):
    found = page(home("dee")).text

    assert "OFFICIAL-SENSITIVE" in found
    assert "HSB casework" in found


def test_tasks_are_counted_with_one_question(client_of, amara, willow, django_assert_num_queries):
    case = cast.referral(amara, held_by=willow)
    work.ask(case.record, "assess", owner=amara)

    frame = client_of(amara).get("/").context["frame"]
    del frame.__dict__["tasks_due"]

    with django_assert_num_queries(1):
        assert frame.tasks_due == 0
