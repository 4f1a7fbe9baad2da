"""The list of referrals: what it holds stands in its title, and every address is answered."""

from datetime import timedelta

import pytest

from hsb.core import clock
from referrals.models import Referral
from referrals.selectors.filters import Filters
from referrals.selectors.lists import referral_list
from tests import cast
from tests.overview import a_borough
from tests.pages import assert_same_queries, assert_well_formed, page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("what is found, counted and sorted is the database's"),
]


def listed(browser, query=""):
    response = browser.get(f"/referrals/{query}")
    assert response.status_code == 200
    return response.context["found"]


def references(found):
    return [row[0]["url"].split("/")[2] for row in found["rows"]]


# --- Titles ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "count", "late", "title"),
    [
        ({}, 14, 3, "14 open referrals, 3 late"),
        ({}, 1, 0, "1 open referral"),
        ({}, 0, 0, "No open referrals"),
        ({}, 1234, 1000, "1,234 open referrals, 1,000 late"),
        ({"waiting": "worker"}, 14, 3, "14 referrals waiting for a worker, 3 late"),
        ({"waiting": "decision", "category": "2", "waited": "6"}, 2, 1,
         "2 referrals waiting for a decision (Category 2: Abusive; waiting 6 days or more), 1 late"),
        ({"state": "early_help"}, 2, 0, "2 referrals: with Early Help"),
        ({"state": "closed"}, None, None, "Referrals: closed"),
        ({"late": "1"}, 3, 3, "3 late: open referrals"),
        ({"box": "harmed", "late": "1"}, 1, 1, "1 late: child who was harmed"),
        ({"mine": "1", "side": "both"}, 5, 0, "5 open referrals (Displayed and was harmed; mine)"),
        ({"category": "none"}, 5, 0, "5 open referrals (no category)"),
        ({"box": "tier-2", "state": "assessing"}, 3, 0, "3 children in Tier 2 (being assessed)"),
    ],
)  # fmt: skip
def test_what_a_list_is_called(asked, count, late, title):
    assert Filters(**asked).title(count, late) == title


def test_a_list_of_one_worker_or_team_says_so(client_of, amara, bea, mo, willow):
    cast.referral(amara, held_by=willow, state="statutory", worker=bea)

    assert listed(client_of(mo), f"?worker={bea.reference}")["title"] == "1 open referral (with Bea)"
    assert listed(client_of(mo), "?team=willow")["title"] == "1 open referral (Willow)"


# --- Filters -------------------------------------------------------------------------------------------------------


@pytest.fixture
def borough(amara, willow, bea):
    return a_borough.build(amara, willow, worker=bea)


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("?state=received", [0, 1, 2]),
        ("?category=3", [11, 13]),
        ("?category=none&state=awaiting_decision", [6]),
        ("?side=both", [11]),
        ("?late=1", [0, 4, 10]),
        ("?waiting=decision", [4, 5, 6]),
        ("?waiting=worker", []),
        ("?box=deciding&category=0", [4]),
        ("?team=willow&side=not_yet_known", [1]),
        ("?team=rowan", []),
    ],
)
def test_a_filter_narrows(borough, rowan, aud, client_of, query, places):
    found = references(listed(client_of(aud), query))

    assert sorted(found) == [borough[place].reference for place in places]


def test_mine_are_those_allocated_to_me(borough, client_of, bea):
    assert len(listed(client_of(bea), "?mine=1")["rows"]) == 6


def test_how_long_it_has_waited_is_counted_in_days(amara, aud, front_door, client_of):
    waited = [cast.referral(amara, held_by=front_door, state="awaiting_decision") for _ in range(3)]
    now = clock.now()
    Referral.objects.filter(pk=waited[1].pk).update(state_since=now - timedelta(days=3))
    Referral.objects.filter(pk=waited[2].pk).update(state_since=now - timedelta(days=30))
    browser = client_of(aud)

    found = {code: references(listed(browser, f"?waiting=decision&waited={code}")) for code in ("0", "2", "6")}

    assert found == {"0": [waited[0].reference], "2": [waited[1].reference], "6": [waited[2].reference]}


HOSTILE = [
    "?state=nowhere",
    "?box=%27%3B+drop+table",
    "?category=9&side=x&waiting=y&waited=z&late=2&mine=yes",
    "?team=%00&worker=%00",
    "?team=no-such-team&worker=ZZZZZZZZ",
    "?worker=" + "A" * 4000,
    "?after=%C2%B2",
    "?after=2026-02-30_7",
    "?after=none_" + "9" * 40,
    "?after=_",
    "?state=closed&after=x",
    "?state=closed&after=" + "9" * 40,
    "?box=&box=harmed&box=zzz",
    "?nobody=asked",
    "?state=%F0%9F%98%80",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_what_a_list_does_not_know_is_left_out(borough, aud, client_of, query):
    expected = 0 if "state=closed" in query else len(borough)

    assert len(listed(client_of(aud), query)["rows"]) == expected


def test_the_form_of_a_list_keeps_what_it_does_not_ask(borough, aud, client_of):
    forms = page(client_of(aud).get("/referrals/?box=tier-4&late=1&category=2")).forms

    form = next(form for form in forms if form["method"] == "get")
    assert form["data"] == {
        "box": ["tier-4"],
        "late": ["1"],
        "category": ["2"],
        "state": [""],
        "side": [""],
        "team": [""],
    }


def test_a_drop_down_never_lists_children_or_users(borough, aud, client_of):
    found = page(client_of(aud).get("/referrals/"))

    assert {attrs["name"] for tag, attrs in found.tags if tag == "select"} == {"state", "category", "side", "team"}


# --- Pages -----------------------------------------------------------------------------------------------------------


def walk(user, filters, between=lambda: None, size=5):
    """Every row of the list, page after page; `between` happens before each next page."""
    found, after, pages = [], "", 0
    while pages == 0 or after:
        assert pages < 50
        shown = referral_list(user, filters, after, size=size)
        found, after, pages = found + references(shown), shown["next"], pages + 1
        between()
    return found


@pytest.fixture
def many(amara, front_door):
    """23 referrals: some due on one day, some on no day."""
    today = clock.today()
    days = [today + timedelta(days=n % 4) if n % 5 else None for n in range(23)]
    return [cast.referral(amara, held_by=front_door, next_due_on=day) for day in days]


def in_order(user):
    rows = Referral.objects.visible_to(user).values_list("next_due_on", "pk", "record__reference")
    return [row[2] for row in sorted(rows, key=lambda row: (row[0] is None, row[0], row[1]))]


def test_the_pages_together_are_the_whole_list_in_order(many, amara):
    assert walk(amara, Filters()) == in_order(amara)


def test_rows_that_come_meanwhile_make_no_other_row_twice_or_lost(many, amara, front_door):
    before = in_order(amara)

    found = walk(amara, Filters(), between=lambda: cast.referral(amara, held_by=front_door, next_due_on=clock.today()))

    assert [reference for reference in found if reference in before] == before
    assert len(found) == len(set(found))


def test_ended_referrals_are_paged_the_latest_first(amara, aud, willow):
    ended = [cast.referral(amara, held_by=willow, state="closed").reference for _ in range(12)]

    assert walk(aud, Filters(state="closed")) == ended[::-1]


def test_a_full_page_leads_to_the_next_and_back(amara, front_door, client_of):
    a_borough.more(amara, front_door, 51)
    browser = client_of(amara)

    first = browser.get("/referrals/?state=received")
    link = next(href for href, words in page(first).links if words == "Show the next 50 referrals")
    second = browser.get(link)

    assert len(first.context["found"]["rows"]) == 50
    assert len(second.context["found"]["rows"]) == 1
    assert ["/referrals/?state=received", "Back to the first 50 referrals"] in page(second).links
    assert second.context["found"]["title"] == "51 referrals: received"


# --- Who sees what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["carl", "cho", "min", "eli"])
def test_a_stranger_sees_none_and_is_told_why(borough, request, client_of, who):
    response = client_of(request.getfixturevalue(who)).get("/referrals/")

    assert response.context["found"]["rows"] == []
    assert "No open referral is yours to open" in page(response).text
    assert "Sample" not in page(response).text


@pytest.mark.parametrize("who", ["dee", "coo"])
def test_a_role_without_case_content_has_no_list(request, client_of, who):
    assert client_of(request.getfixturevalue(who)).get("/referrals/").status_code == 404


def test_a_list_that_a_filter_empties_says_so_and_leads_back(borough, client_of, aud):
    found = page(client_of(aud).get("/referrals/?team=hazel&category=2&state=closed"))

    assert "No referral that you may open matches." in found.text
    assert ["/referrals/", "Show all open referrals"] in found.links


def test_a_restricted_referral_is_listed_for_its_worker_alone(amara, bea, mo, aud, willow, client_of):
    private = cast.referral(amara, held_by=willow, state="statutory", worker=bea, restricted=True)

    assert references(listed(client_of(bea))) == [private.reference]
    assert [listed(client_of(who))["rows"] for who in (mo, aud)] == [[], []]
    assert "Restricted" in page(client_of(bea).get("/referrals/")).text


def test_a_row_says_what_must_be_known_at_a_glance(amara, bea, willow, client_of):
    cast.referral(
        amara, held_by=willow, state="statutory", worker=bea, category="2", tier=4, police_outstanding=True,
        next_due_on=clock.today(), child=cast.person("Robin", "Sample", preferred_name="Bobby"),
    )  # fmt: skip

    text = page(client_of(bea).get("/referrals/")).text

    assert "Bobby Sample" in text
    assert "Child who displayed Category 2: Abusive 87A not sent" in text
    assert "Bea" in text
    assert "Due today" in text


def test_a_list_is_well_formed(borough, client_of, aud):
    assert_well_formed(client_of(aud).get("/referrals/?category=2"))


def test_a_list_asks_as_much_for_many_rows_as_for_one(amara, front_door, client_of):
    cast.referral(amara, held_by=front_door)

    asked = assert_same_queries(client_of(amara), "/referrals/", lambda: a_borough.more(amara, front_door))

    assert asked == 3
